package dev.gavel.lab;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.gavel.capture.CaptureContext;
import dev.gavel.capture.CaptureSource;
import dev.gavel.engine.Engine;
import dev.gavel.engine.Inspector;
import dev.gavel.engine.InspectorCounters;
import dev.gavel.engine.Ruling;
import dev.gavel.engine.TestEngines;
import dev.gavel.events.Events;
import dev.gavel.kit.Await;
import dev.gavel.match.Matchers;
import dev.gavel.metrics.BoundQueue;
import dev.gavel.metrics.BuildMetrics;
import dev.gavel.metrics.Collector;
import dev.gavel.metrics.DaemonMetrics;
import dev.gavel.metrics.EngineMetrics;
import dev.gavel.metrics.EventMetrics;
import dev.gavel.metrics.MatcherMetrics;
import dev.gavel.metrics.Metrics;
import dev.gavel.metrics.QueueMetrics;
import dev.gavel.metrics.RejectMetrics;
import dev.gavel.metrics.WorkerMetrics;
import dev.gavel.nfqueue.QueueFlag;
import dev.gavel.nfqueue.QueueSettings;
import dev.gavel.nfqueue.QueueSocket;
import dev.gavel.pipeline.OverloadCause;
import dev.gavel.pipeline.Pipeline;
import dev.gavel.pipeline.VerdictCounters;
import dev.gavel.queue.DeviceNames;
import dev.gavel.queue.EventType;
import dev.gavel.queue.Hook;
import dev.gavel.queue.PacketSource;
import dev.gavel.queue.QueuedPacket;
import dev.gavel.queue.Rejector;
import dev.gavel.queue.Verdict;
import dev.gavel.queue.VerdictListener;
import dev.gavel.reject.RawRejector;
import dev.gavel.sys.Errno;
import dev.gavel.sys.RawSender;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayInputStream;
import java.lang.management.ManagementFactory;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** The pipeline over a real queue, in this process: where a test must reach inside, or count its allocations. */
@ParameterizedClass(name = "{0} workers")
@ValueSource(ints = {0, 2})
class InProcessIT {
    private static final int QUEUE = 5;
    private static final int PORT = 9;
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final long HOUR_NS = Duration.ofHours(1).toNanos();
    private static final int WARM_UP = 100_000; // packets
    private static final long READ_MS = 200; // from one reading of the metrics to the next

    /** Bytes, however many packets: at the beginning, and in a second, in which names of devices are asked for anew. */
    private static final long MAX_ALLOCATED = 64 << 10;

    private static final long MAX_ALLOCATED_A_SECOND = 4 << 10;

    private final int workers;

    @TempDir
    private Path folder;

    private Netns netns;
    private Iptables iptables;
    private QueueSocket socket;
    private Pipeline pipeline;

    InProcessIT(int workers) {
        this.workers = workers;
    }

    @BeforeEach
    void build() {
        netns = new Netns("server");
        iptables = new Iptables(netns);
    }

    @AfterEach
    void close() {
        netns.close();
    }

    private static Engine engine(String policy) {
        return TestEngines.of(
                1, policy, Matchers.of(Matchers.Choice.AUTO, Path.of(System.getProperty("gavel.native"))));
    }

    private void start(Engine engine, Supplier<Inspector> inspectors) {
        start(engine, inspectors, () -> VerdictListener.NONE);
    }

    private void start(Engine engine, Supplier<Inspector> inspectors, Supplier<VerdictListener> listeners) {
        pipeline = netns.call(() -> {
            socket = QueueSocket.bind(
                    new QueueSettings(QUEUE, 65536, 65531, 64 << 20, EnumSet.of(QueueFlag.GSO, QueueFlag.UID_GID)));
            Pipeline made = new Pipeline(
                    List.<PacketSource>of(socket),
                    engine,
                    new Pipeline.Settings(workers, HOUR_NS, Verdict.DROP, inspectors, Rejector.SILENT, listeners));
            made.start();
            return made;
        });
    }

    private long sum(ToLongFunction<VerdictCounters> what) {
        return pipeline.queues().get(0).counters().stream().mapToLong(what).sum();
    }

    private void drainAndBalance() {
        Await.until(() -> assertThat(QueueRow.of(netns, QUEUE).orElseThrow().lastId())
                .isEqualTo(socket.counters().packets().value()
                        + socket.counters().gaps().value()));
        assertThat(netns.call(() -> pipeline.drain(LIMIT))).isTrue(); // inside: the queue's file is its reader's
        assertThat(sum(VerdictCounters::verdicts))
                .isEqualTo(socket.counters().packets().value());
    }

    private void send(int count) {
        netns.call(() -> {
            try (DatagramSocket sender = new DatagramSocket()) {
                InetAddress local = InetAddress.getLoopbackAddress();
                for (int i = 0; i < count; i++) {
                    byte[] payload = ("packet " + i).getBytes(US_ASCII);
                    sender.send(new DatagramPacket(payload, payload.length, local, PORT));
                }
            }
            return null;
        });
    }

    @Test
    void anInspectorThatThrowsCostsItsPacketOnly() throws Exception {
        iptables.add("queue", "-A INPUT -p udp --dport %d -j NFQUEUE --queue-num %d".formatted(PORT, QUEUE));
        Engine engine = engine("policy: p");
        start(engine, () -> new Inspector(engine, DeviceNames.NONE) {
            @Override
            public void inspect(QueuedPacket packet, Ruling ruling) {
                if (packet.packetId() % 5 == 0) {
                    throw new IllegalStateException("made to fail");
                }
                super.inspect(packet, ruling);
            }
        });
        send(1000);
        Await.until(() -> assertThat(sum(VerdictCounters::verdicts)).isEqualTo(1000));
        drainAndBalance();
        assertThat(sum(counters -> counters.overloads(OverloadCause.ERROR))).isEqualTo(200);
        assertThat(iptables.packets("queue")).isEqualTo(1000);
    }

    @Test
    void anErrorInAnInspectorIsSurvived() throws Exception {
        iptables.add("queue", "-A INPUT -p udp --dport %d -j NFQUEUE --queue-num %d".formatted(PORT, QUEUE));
        Engine engine = engine("policy: p");
        start(engine, () -> new Inspector(engine, DeviceNames.NONE) {
            @Override
            public void inspect(QueuedPacket packet, Ruling ruling) {
                if (packet.packetId() % 300 == 0) {
                    throw new StackOverflowError("made to fail");
                }
                super.inspect(packet, ruling);
            }
        });
        send(1000);
        Await.until(() -> assertThat(sum(VerdictCounters::verdicts)).isEqualTo(1000));
        drainAndBalance();
        assertThat(sum(counters -> counters.overloads(OverloadCause.WORKER_DEAD)))
                .isGreaterThanOrEqualTo(3);
    }

    /** What we send may stand in a queue that only the sending thread can empty: waiting for room would be for ever. */
    @Test
    @Timeout(20)
    void aRawPacketForWhichThereIsNoRoomIsRefused() {
        iptables.add("queue", "-A OUTPUT -j NFQUEUE --queue-num " + QUEUE);
        int refused = netns.call(() -> {
            QueueSettings settings = new QueueSettings(QUEUE, 65536, 65531, 64 << 20, EnumSet.noneOf(QueueFlag.class));
            try (QueueSocket unread = QueueSocket.bind(settings)) {
                int full = sendUntilFull();
                assertThat(unread.waiting()).isPositive();
                return full;
            }
        });
        assertThat(refused).isEqualTo(Errno.EAGAIN);
    }

    private static int sendUntilFull() {
        ByteBuf out = Unpooled.directBuffer(2048);
        try (RawSender sender = new RawSender(0)) {
            int length = randomIpv4(new Random(1), out);
            int errno = 0;
            for (int i = 0; i < 100_000 && errno == 0; i++) {
                errno = sender.send(out, length, 0);
            }
            return errno;
        } finally {
            out.release();
        }
    }

    /**
     * recvmmsg to send, decoding and evaluation included, metrics read meanwhile: of all our threads together as good
     * as nothing, however many packets. {@code -Dgavel.allocation.packets=10000000} sends more.
     */
    @Test
    @Timeout(600)
    void theLiveLoopAllocatesNothing() throws Exception {
        int packets = Integer.getInteger("gavel.allocation.packets", 200_000);
        iptables.add("queue", "-A INPUT -p udp --dport %d -j NFQUEUE --queue-num %d".formatted(PORT, QUEUE));
        Engine engine = engine("""
                policy: p
                rules:
                  - {name: a, when: 'payload contains "nowhere" or in_iface == "eth9"', verdict: drop}
                  - {name: b, when: 'ip.src in {10.0.0.0/8, 192.168.0.0/16} and udp', verdict: drop}
                  - {name: c, when: 'udp', verdict: continue, event: 10/s}
                  - {name: d, when: 'udp.dst_port == 9', verdict: accept, mark: 0x1, event: true}
                """);
        Path file = folder.resolve("events.json");
        Events events = new Events(new Events.Settings(file, EnumSet.allOf(EventType.class), "here"));
        events.open();
        List<InspectorCounters> inspectors = new CopyOnWriteArrayList<>();
        Supplier<Inspector> inspector = () -> {
            Inspector made = new Inspector(engine, socket.devices());
            inspectors.add(made.counters());
            return made;
        };
        start(engine, inspector, events::listener);
        events.start(socket.devices(), () -> 0, () -> 0);
        long allocated;
        long startNs;
        AtomicInteger reads = new AtomicInteger();
        ScheduledExecutorService reader = Executors.newSingleThreadScheduledExecutor();
        try (RawRejector rejector = new RawRejector(0, 1, 1);
                Metrics metrics = new Metrics(new DaemonMetrics(collectors(engine, inspectors, rejector, events)))) {
            Future<?> reading = reader.scheduleAtFixedRate(
                    () -> reads.addAndGet(
                            Math.min(1, metrics.scrape("text/plain").body().length)),
                    0,
                    READ_MS,
                    TimeUnit.MILLISECONDS);
            sendAllJudged(WARM_UP);
            reads.set(0);
            long before = allocatedByPipeline();
            startNs = System.nanoTime();
            sendAllJudged(packets);
            allocated = allocatedByPipeline() - before;
            assertThat(reading).as("the reading of the metrics").isNotDone();
        } finally {
            reader.shutdownNow();
        }
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - startNs) + 1;
        System.out.println("InProcessIT: " + workers + " workers, " + packets + " packets in " + seconds + " s, "
                + allocated + " bytes allocated, metrics read " + reads + " times");
        assertThat(reads.get()).as("reads of the metrics").isPositive();
        assertThat(allocated).isLessThan(MAX_ALLOCATED + seconds * MAX_ALLOCATED_A_SECOND);
        drainAndBalance();
        events.close(LIMIT);
        assertThat(events.written() + events.lost()).isGreaterThan((long) packets + WARM_UP);
        assertThat(events.written()).isGreaterThan((packets + WARM_UP) / 2);
    }

    private List<Collector> collectors(
            Engine engine, List<InspectorCounters> inspectors, RawRejector rejector, Events events) {
        return List.of(
                new QueueMetrics(pipeline, List.of(BoundQueue.of(socket)), () -> engine),
                new WorkerMetrics(pipeline),
                new EngineMetrics(() -> engine, inspectors, 100),
                new RejectMetrics(rejector),
                new EventMetrics(events),
                new BuildMetrics(Map.of()),
                new MatcherMetrics(Map.of(), Map::of));
    }

    /** In pieces that the queue can hold. */
    private void sendAllJudged(int count) {
        long verdicts = sum(VerdictCounters::verdicts);
        for (int sent = 0; sent < count; sent += 20_000) {
            send(20_000);
            long expected = verdicts + sent + 20_000;
            Await.until(() -> assertThat(sum(VerdictCounters::verdicts)).isEqualTo(expected));
        }
    }

    private static long allocatedByPipeline() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long[] ours = LongStream.of(threads.getAllThreadIds())
                .filter(id -> threads.getThreadInfo(id) != null
                        && threads.getThreadInfo(id).getThreadName().matches("guardian|(reader|worker)-\\d+"))
                .toArray();
        assertThat(ours).isNotEmpty();
        return LongStream.of(threads.getThreadAllocatedBytes(ours)).sum();
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Seen(byte[] packet, int id, String ruling) {}

    /**
     * What the kernel's queue has brought is written as a capture and replayed: verdict, reason, rule and mark agree.
     */
    @Test
    void replayOfTheSamePacketsGivesTheSameVerdicts() throws Exception {
        Engine engine = engine("""
                policy: p
                rules:
                  - {name: odd, when: 'payload[0:40] icontains {"forbidden", |00 01 02|}', verdict: drop}
                  - {name: mark, when: 'src_port in {1000..1003} or ip.ttl < 20', verdict: continue, mark: 0x10/0xf0}
                  - {name: flags, when: 'tcp.flags & 0x12 == 0x02', verdict: accept, mark: 0x1/0xf}
                  - {name: fragment, when: 'ip.fragment or ip.options', verdict: drop}
                  - {name: deep, when: 'packet contains "needle"', verdict: accept}
                  - {name: v6, when: 'ip.version == 6 and not udp', verdict: drop}
                  - {name: ping, when: 'icmp.type in {8, 128} and length > 60', verdict: drop}
                default: accept
                """);
        ConcurrentLinkedQueue<Seen> seen = new ConcurrentLinkedQueue<>();
        iptables.add("queue", "-A OUTPUT -j NFQUEUE --queue-num " + QUEUE);
        start(engine, () -> new Inspector(engine, DeviceNames.NONE) {
            @Override
            public void inspect(QueuedPacket packet, Ruling ruling) {
                super.inspect(packet, ruling);
                byte[] bytes = new byte[packet.capturedLength()];
                packet.buffer().getBytes(packet.offset(), bytes);
                seen.add(new Seen(bytes, packet.packetId(), words(ruling)));
            }
        });
        int sent = netns.call(() -> sendRandomPackets(new Random(20261120)));
        assertThat(sent).isGreaterThan(1500);
        Await.until(() -> assertThat(seen.size()).isGreaterThanOrEqualTo(sent));
        drainAndBalance();

        List<Seen> inOrder = new ArrayList<>(seen);
        inOrder.sort((a, b) -> Integer.compareUnsigned(a.id(), b.id()));
        List<String> live = inOrder.stream().map(Seen::ruling).toList();
        assertThat(replay(engine, inOrder)).isEqualTo(live);
        assertThat(live.stream().distinct())
                .as("different verdicts by different rules")
                .hasSizeGreaterThan(8);
    }

    private static String words(Ruling ruling) {
        return ruling.verdict().kind() + " " + ruling.reason() + " "
                + (ruling.rule() == null ? "-" : ruling.rule().path()) + " "
                + (ruling.isMarked() ? Integer.toHexString(ruling.mark()) : "-");
    }

    /**
     * Packets by raw socket over lo: TCP, UDP, ICMP, fragments and unknown protocols, with and without the patterns.
     */
    private static int sendRandomPackets(Random random) {
        int sent = 0;
        ByteBuf out = Unpooled.directBuffer(2048);
        try (RawSender sender = new RawSender(0)) {
            for (int i = 0; i < 2000; i++) {
                out.clear();
                int length = random.nextInt(5) == 0 ? randomIpv6(random, out) : randomIpv4(random, out);
                int errno = sender.send(out, length, 0);
                while (errno == Errno.EAGAIN) { // too many of ours wait in the queue
                    Thread.onSpinWait();
                    errno = sender.send(out, length, 0);
                }
                sent += errno == 0 ? 1 : 0;
            }
        } finally {
            out.release();
        }
        return sent;
    }

    private static int randomIpv4(Random random, ByteBuf out) {
        int protocol = new int[] {6, 17, 1, 132, 47}[random.nextInt(5)];
        byte[] upper = randomUpper(random, protocol);
        int fragment = random.nextInt(10) == 0 ? random.nextInt(2) * 0x2000 | random.nextInt(3) : 0;
        out.writeShort(0x4500).writeShort(20 + upper.length).writeShort(random.nextInt(0xffff) + 1);
        out.writeShort(fragment)
                .writeByte(1 + random.nextInt(255))
                .writeByte(protocol)
                .writeShort(0);
        out.writeInt(0x7f000001).writeInt(0x7f000001).writeBytes(upper);
        return out.writerIndex();
    }

    private static int randomIpv6(Random random, ByteBuf out) {
        int protocol = new int[] {6, 17, 58}[random.nextInt(3)];
        byte[] upper = randomUpper(random, protocol);
        out.writeInt(0x60000000).writeShort(upper.length).writeByte(protocol).writeByte(64);
        for (int i = 0; i < 2; i++) {
            out.writeLong(0).writeLong(1); // ::1
        }
        out.writeBytes(upper);
        return out.writerIndex();
    }

    private static byte[] randomUpper(Random random, int protocol) {
        String text = new String[] {"nothing", "FORBIDDEN", "a needle in it", "\0\1\2", ""}[random.nextInt(5)];
        byte[] payload = (" ".repeat(random.nextInt(60)) + text).getBytes(US_ASCII);
        ByteBuffer upper = ByteBuffer.allocate(20 + payload.length);
        switch (protocol) {
            case 6 ->
                upper.putShort((short) (1000 + random.nextInt(8)))
                        .putShort((short) 80)
                        .putLong(random.nextLong())
                        .put((byte) (random.nextInt(12) << 4)) // sometimes lies
                        .put((byte) random.nextInt(64))
                        .putShort((short) 1000)
                        .putInt(0);
            case 17 ->
                upper.putShort((short) (1000 + random.nextInt(8)))
                        .putShort((short) 53)
                        .putShort((short) (8 + payload.length + random.nextInt(8) / 7 * 50)) // sometimes lies
                        .putShort((short) 0);
            case 1, 58 ->
                upper.put((byte) (protocol == 1 ? 8 : 128))
                        .put((byte) 0)
                        .putShort((short) 0)
                        .putInt(random.nextInt());
            default -> upper.putInt(random.nextInt()).putLong(0);
        }
        upper.put(payload);
        return Arrays.copyOf(upper.array(), upper.position());
    }

    private static List<String> replay(Engine engine, List<Seen> packets) throws Exception {
        List<String> rulings = new ArrayList<>();
        ByteBuf memory = Unpooled.directBuffer(66 * 1024);
        QueuedPacket[] slots = {new QueuedPacket(memory, 0, 66 * 1024)};
        CaptureContext context = new CaptureContext(QUEUE, Hook.OUTPUT, 0, null);
        try (CaptureSource source = CaptureSource.read(new ByteArrayInputStream(pcap(packets)), "made", context)) {
            Inspector inspector = new Inspector(engine, source.devices());
            Ruling ruling = new Ruling();
            while (source.receive(slots, 1) != PacketSource.END) {
                inspector.inspect(slots[0], ruling);
                rulings.add(words(ruling));
            }
        } finally {
            memory.release();
        }
        return rulings;
    }

    /** A capture of raw IP packets, link type 101. */
    private static byte[] pcap(List<Seen> packets) {
        int bytes = 24
                + packets.stream().mapToInt(seen -> 16 + seen.packet().length).sum();
        ByteBuffer file = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        file.putInt(0xa1b2c3d4).putInt(0x00040002).putLong(0).putInt(262144).putInt(101);
        for (Seen seen : packets) {
            int length = seen.packet().length;
            file.putLong(0).putInt(length).putInt(length).put(seen.packet());
        }
        return file.array();
    }
}
