package dev.gavel.engine;

import dev.gavel.packet.PacketView;
import dev.gavel.policy.facts.Facts;
import dev.gavel.policy.facts.Field;
import dev.gavel.queue.DeviceNames;
import dev.gavel.queue.Hook;
import dev.gavel.queue.QueuedPacket;
import io.netty.buffer.Unpooled;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The fields of a packet that come from its queue metadata and its headers. Belongs to one thread. */
final class HeaderFacts {
    private final DeviceNames devices;
    private PacketView view = new PacketView();
    private QueuedPacket packet = new QueuedPacket(Unpooled.EMPTY_BUFFER, 0, 0).reset(0, 0, 0);

    HeaderFacts(DeviceNames devices) {
        this.devices = devices;
    }

    /** From now on answers for {@code packet}, whose headers {@code view} has decoded. */
    void of(QueuedPacket packet, PacketView view) {
        this.packet = packet;
        this.view = view;
    }

    QueuedPacket packet() {
        return packet;
    }

    PacketView view() {
        return view;
    }

    /** See {@link Facts#number}. */
    long number(Field field) {
        return switch (field) {
            case QUEUE -> packet.queueNumber(); // absent in captures that do not record it
            case HOOK -> hook();
            case IN_IFACE -> presence(devices.name(packet.inDevice()));
            case OUT_IFACE -> presence(devices.name(packet.outDevice()));
            case MARK -> Integer.toUnsignedLong(packet.mark());
            case UID -> packet.uid();
            case GID -> packet.gid();
            case LENGTH -> packet.originalLength();
            case GSO -> bit(packet.isGso());
            case SRC_MAC -> packet.sourceMac();
            case VLAN_ID -> packet.vlan();
            case IP_SRC, IP_DST, IP_VERSION -> view.version();
            case IP_PROTO -> view.protocol();
            case IP_TTL -> view.ttl();
            case IP_DSCP -> view.dscp();
            case IP_ECN -> view.ecn();
            case IP_FRAGMENT -> bit(view.isFragment());
            case IP_OPTIONS -> bit(view.hasIpOptions());
            case SRC_PORT -> view.sourcePort();
            case DST_PORT -> view.destinationPort();
            case TCP -> bit(view.isTcp());
            case UDP -> bit(view.isUdp());
            case ICMP -> bit(view.isIcmp());
            case SCTP -> bit(view.isSctp());
            case TCP_FLAGS -> view.tcpFlags();
            case TCP_WINDOW -> view.tcpWindow();
            case ICMP_TYPE -> view.icmpType();
            case ICMP_CODE -> view.icmpCode();
            case PACKET -> view.ipLength();
            case PAYLOAD -> view.originalPayloadLength();
        };
    }

    private long hook() {
        Hook hook = packet.hook();
        return hook == null ? Facts.ABSENT : hook.number();
    }

    private static long presence(@Nullable Object value) {
        return value == null ? Facts.ABSENT : 1;
    }

    private static long bit(boolean value) {
        return value ? 1 : 0;
    }

    /** See {@link Facts#addressHigh}. */
    long addressHigh(Field field) {
        return switch (field) {
            case IP_SRC -> view.sourceHigh();
            case IP_DST -> view.destinationHigh();
            default -> throw unanswered("addressHigh", field);
        };
    }

    /** See {@link Facts#addressLow}. */
    long addressLow(Field field) {
        return switch (field) {
            case IP_SRC -> view.sourceLow();
            case IP_DST -> view.destinationLow();
            default -> throw unanswered("addressLow", field);
        };
    }

    /** See {@link Facts#text}. */
    String text(Field field) {
        return switch (field) {
            case IN_IFACE -> name(packet.inDevice());
            case OUT_IFACE -> name(packet.outDevice());
            default -> throw unanswered("text", field);
        };
    }

    private String name(int device) {
        return Objects.requireNonNullElse(devices.name(device), "");
    }

    /** The exception for a bug of ours: {@code method} was called for a field that has no such value. */
    static IllegalArgumentException unanswered(String method, Field field) {
        return new IllegalArgumentException("no " + method + " of field " + field.word() + " in the engine's facts");
    }
}
