package dev.gavel.engine;

import dev.gavel.match.Hits;
import dev.gavel.match.Matcher;
import dev.gavel.match.Scanner;
import dev.gavel.packet.PacketView;
import dev.gavel.policy.Facts;
import dev.gavel.policy.Field;
import dev.gavel.policy.Truth;
import dev.gavel.queue.DeviceNames;
import dev.gavel.queue.Hook;
import dev.gavel.queue.QueuedPacket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The facts of one decoded packet. Patterns are searched when the first of their field is asked for, all at once. */
final class PacketFacts implements Facts, AutoCloseable {
    private final PacketView view;
    private final DeviceNames devices;
    private QueuedPacket packet = new QueuedPacket(Unpooled.EMPTY_BUFFER, 0, 0).reset(0, 0, 0);
    private Search packetSearch;
    private Search payloadSearch;

    PacketFacts(PacketView view, DeviceNames devices, Engine engine) {
        this.view = view;
        this.devices = devices;
        packetSearch = new Search(engine, Field.PACKET);
        payloadSearch = new Search(engine, Field.PAYLOAD);
    }

    void use(Engine engine) {
        Search packet = new Search(engine, Field.PACKET);
        Search payload = new Search(engine, Field.PAYLOAD);
        close();
        packetSearch = packet;
        payloadSearch = payload;
    }

    /** The facts are those of {@code packet} from now on, which the view has decoded. */
    void of(QueuedPacket packet) {
        this.packet = packet;
        packetSearch.reset();
        payloadSearch.reset();
    }

    @Override
    public long number(Field field) {
        return switch (field) {
            case QUEUE -> packet.queueNumber(); // -1, absent, where a capture does not tell
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
            case TCP_FLAGS -> view.isTcp() ? view.tcpFlags() : ABSENT;
            case TCP_WINDOW -> view.isTcp() ? view.tcpWindow() : ABSENT;
            case ICMP_TYPE -> view.icmpType();
            case ICMP_CODE -> view.icmpCode();
            case PACKET -> view.ipLength();
            case PAYLOAD -> view.payloadLength();
        };
    }

    private long hook() {
        Hook hook = packet.hook();
        return hook == null ? ABSENT : hook.number();
    }

    private static long presence(@Nullable Object value) {
        return value == null ? ABSENT : 1;
    }

    private static long bit(boolean value) {
        return value ? 1 : 0;
    }

    @Override
    public long addressHigh(Field field) {
        return field == Field.IP_SRC ? view.sourceHigh() : view.destinationHigh();
    }

    @Override
    public long addressLow(Field field) {
        return field == Field.IP_SRC ? view.sourceLow() : view.destinationLow();
    }

    @Override
    public String text(Field field) {
        int device = field == Field.IN_IFACE ? packet.inDevice() : packet.outDevice();
        return Objects.requireNonNullElse(devices.name(device), "");
    }

    @Override
    public Truth hit(Field bytes, int pattern) {
        if (bytes == Field.PACKET) {
            return packetSearch.hit(pattern, packet.buffer(), view.offset(), view.captured(), view.ipLength());
        }
        if (view.payloadLength() < 0) {
            return Truth.FALSE;
        }
        return payloadSearch.hit(
                pattern, packet.buffer(), view.payloadOffset(), view.payloadLength(), view.originalPayloadLength());
    }

    @Override
    public void close() {
        packetSearch.scanner.close();
        payloadSearch.scanner.close();
    }

    /** The search of one field's patterns in one packet after the other. */
    private static final class Search {
        private final Scanner scanner;
        private final Hits hits;
        private final int[] ends; // of each pattern's slice
        private boolean scanned;

        Search(Engine engine, Field field) {
            Matcher matcher = field == Field.PACKET ? engine.packetPatterns() : engine.payloadPatterns();
            scanner = matcher.scanner();
            hits = new Hits(matcher.patterns());
            ends = engine.program().patterns(field).stream()
                    .mapToInt(pattern -> pattern.to())
                    .toArray();
        }

        void reset() {
            if (scanned) {
                hits.clear();
                scanned = false;
            }
        }

        /** Open where {@code pattern} may stand in those of the field's {@code original} bytes that we do not have. */
        Truth hit(int pattern, ByteBuf buffer, int offset, int length, int original) {
            if (!scanned) {
                scanned = true;
                scanner.scan(buffer, offset, length, hits);
            }
            if (hits.contains(pattern)) {
                return Truth.TRUE;
            }
            return length < original && ends[pattern] > length ? Truth.OPEN : Truth.FALSE;
        }
    }
}
