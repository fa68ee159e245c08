package dev.gavel.engine;

import dev.gavel.match.Hits;
import dev.gavel.match.Matcher;
import dev.gavel.match.Scanner;
import dev.gavel.packet.PacketView;
import dev.gavel.policy.facts.Facts;
import dev.gavel.policy.facts.Field;
import dev.gavel.policy.facts.Search;
import dev.gavel.policy.facts.Truth;
import dev.gavel.queue.DeviceNames;
import dev.gavel.queue.Hook;
import dev.gavel.queue.QueuedPacket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The facts of one decoded packet. Patterns are searched when the first of their field is asked for, all at once. */
final class PacketFacts implements Facts, AutoCloseable {
    private final DeviceNames devices;
    private PacketView view = new PacketView();
    private QueuedPacket packet = new QueuedPacket(Unpooled.EMPTY_BUFFER, 0, 0).reset(0, 0, 0);
    private Running[] searches;

    PacketFacts(DeviceNames devices, Engine engine) {
        this(devices, searches(engine));
    }

    private PacketFacts(DeviceNames devices, Running[] searches) {
        this.devices = devices;
        this.searches = searches;
    }

    /** Facts that know of no patterns, and must not be asked for any. */
    static PacketFacts ofHeaders(DeviceNames devices) {
        return new PacketFacts(devices, new Running[0]);
    }

    /** Searches with {@code engine} from now on; if that cannot be made ready, as before. */
    void use(Engine engine) {
        Running[] next = searches(engine);
        close();
        searches = next;
    }

    private static Running[] searches(Engine engine) {
        List<Search> searches = engine.program().searches();
        Running[] running = new Running[searches.size()];
        int made = 0;
        try {
            for (; made < running.length; made++) {
                running[made] =
                        new Running(searches.get(made), engine.matchers().get(made));
            }
            return running;
        } catch (RuntimeException | Error e) {
            for (int i = 0; i < made; i++) {
                running[i].scanner.close();
            }
            throw e;
        }
    }

    /** The facts are those of {@code packet} from now on, whose headers {@code view} has decoded. */
    void of(QueuedPacket packet, PacketView view) {
        this.packet = packet;
        this.view = view;
        for (Running search : searches) {
            search.reset();
        }
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
            case PAYLOAD -> view.originalPayloadLength();
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
    public long receivedNs() {
        return packet.receivedNs();
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
    public Truth hit(int search, int pattern) {
        return scanned(search).hit(pattern);
    }

    @Override
    public @Nullable Hits hits(int search) {
        Running running = scanned(search);
        return running.isWhole() ? running.hits : null;
    }

    private Running scanned(int search) {
        Running running = searches[search];
        if (!running.scanned) {
            scan(running);
        }
        return running;
    }

    private void scan(Running running) {
        if (running.field == Field.PACKET) {
            running.scan(packet.buffer(), view.offset(), view.captured(), view.ipLength());
        } else if (view.payloadLength() < 0) {
            running.scan(packet.buffer(), 0, 0, 0);
        } else {
            running.scan(packet.buffer(), view.payloadOffset(), view.payloadLength(), view.originalPayloadLength());
        }
    }

    @Override
    public void close() {
        for (Running search : searches) {
            search.scanner.close();
        }
        searches = new Running[0]; // what closes a dead thread's inspector may come twice
    }

    /** One search of the program, in one packet after the other. */
    private static final class Running {
        private final Field field;
        private final int from;
        private final int to;
        private final Scanner scanner;
        private final Hits hits;
        private final int[] ends; // of each pattern's slice
        private final boolean[] dependsOnEnd;
        private boolean scanned;
        private int length; // of the bytes that were scanned
        private int original; // and what it were if all bytes had been copied to us

        Running(Search search, Matcher matcher) {
            field = search.bytes();
            from = search.from();
            to = search.to();
            hits = new Hits(matcher.patterns());
            ends = new int[matcher.patterns()];
            dependsOnEnd = new boolean[matcher.patterns()];
            for (int i = 0; i < ends.length; i++) {
                ends[i] = search.patterns().get(i).to();
                dependsOnEnd[i] = search.patterns().get(i).dependsOnEnd();
            }
            scanner = matcher.scanner(); // last: nobody would close it
        }

        void reset() {
            if (scanned) {
                hits.clear();
                scanned = false;
            }
        }

        /** Scans a field of {@code original} bytes, of which there are {@code length} from {@code offset} on. */
        void scan(ByteBuf buffer, int offset, int length, int original) {
            scanned = true;
            int start = Math.min(from, length);
            this.length = Math.min(to, length) - start;
            this.original = Math.min(to, original) - Math.min(from, original);
            scanner.scan(buffer, offset + start, this.length, hits);
        }

        /** Whether the bytes that were scanned are all there are. */
        boolean isWhole() {
            return length >= original;
        }

        /** Open where {@code pattern} may stand in bytes that we do not have, or be none with them. */
        Truth hit(int pattern) {
            boolean isCut = length < original;
            if (isCut && dependsOnEnd[pattern]) {
                return ends[pattern] < original ? Truth.FALSE : Truth.OPEN; // an end too far is no end of a hit
            }
            boolean found = hits.contains(pattern);
            boolean open = isCut && !found && ends[pattern] > length;
            return open ? Truth.OPEN : found ? Truth.TRUE : Truth.FALSE;
        }
    }
}
