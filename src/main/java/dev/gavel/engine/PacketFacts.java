package dev.gavel.engine;

import dev.gavel.match.Hits;
import dev.gavel.packet.PacketView;
import dev.gavel.policy.facts.Facts;
import dev.gavel.policy.facts.Field;
import dev.gavel.policy.facts.Search;
import dev.gavel.policy.facts.Truth;
import dev.gavel.queue.DeviceNames;
import dev.gavel.queue.QueuedPacket;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The facts of one decoded packet: {@link HeaderFacts} for its headers, and a {@link FieldScan} for each search. The
 * only implementation of {@link Facts} in the daemon, and final, so that the JIT can inline its methods into the
 * program. Belongs to the judging thread; allocates nothing for a packet.
 */
final class PacketFacts implements Facts, AutoCloseable {
    private final HeaderFacts headers;
    private FieldScan[] scans;

    PacketFacts(DeviceNames devices, Engine engine) {
        this(devices, scans(engine));
    }

    private PacketFacts(DeviceNames devices, FieldScan[] scans) {
        headers = new HeaderFacts(devices);
        this.scans = scans;
    }

    /** Facts from headers only; asking them for a pattern is a bug. */
    static PacketFacts ofHeaders(DeviceNames devices) {
        return new PacketFacts(devices, new FieldScan[0]);
    }

    /**
     * Uses the matchers of {@code engine} from now on. If its scanners cannot be created, this throws and the facts
     * keep the old ones.
     */
    void use(Engine engine) {
        FieldScan[] next = scans(engine);
        close();
        scans = next;
    }

    private static FieldScan[] scans(Engine engine) {
        List<Search> searches = engine.program().searches();
        FieldScan[] scans = new FieldScan[searches.size()];
        int made = 0;
        try {
            for (; made < scans.length; made++) {
                scans[made] =
                        new FieldScan(searches.get(made), engine.matchers().get(made));
            }
            return scans;
        } catch (RuntimeException | Error e) {
            for (int i = 0; i < made; i++) {
                scans[i].close();
            }
            throw e;
        }
    }

    /** From now on answers for {@code packet}, whose headers {@code view} has decoded. */
    void of(QueuedPacket packet, PacketView view) {
        headers.of(packet, view);
        for (FieldScan scan : scans) {
            scan.reset();
        }
    }

    @Override
    public long number(Field field) {
        return headers.number(field);
    }

    @Override
    public long receivedNs() {
        return headers.packet().receivedNs();
    }

    @Override
    public long addressHigh(Field field) {
        return headers.addressHigh(field);
    }

    @Override
    public long addressLow(Field field) {
        return headers.addressLow(field);
    }

    @Override
    public String text(Field field) {
        return headers.text(field);
    }

    @Override
    public Truth hit(int search, int pattern) {
        return scan(search).hit(pattern);
    }

    @Override
    public @Nullable Hits hits(int search) {
        return scan(search).hits();
    }

    private FieldScan scan(int search) {
        return scans[search].of(headers.packet(), headers.view());
    }

    @Override
    public void close() {
        for (FieldScan scan : scans) {
            scan.close();
        }
        scans = new FieldScan[0]; // the inspector of a thread that died may be closed twice
    }
}
