package dev.gavel.policy.compile;

import dev.gavel.policy.condition.AddressSet;
import dev.gavel.policy.syntax.Address;
import dev.gavel.policy.syntax.AddressRange;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** One lookup of a random address in a list of type net. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class NetListBenchmark {
    private static final int ADDRESSES = 1 << 20;
    private static final int[] REGISTRIES = {0x2001, 0x2400, 0x2600, 0x2607, 0x2800, 0x2a00, 0x2a02, 0x2c0f};

    /** How prefixes and addresses lie. */
    public enum Spread {
        /** IPv4: /24 to /32, anywhere. */
        IPV4,
        /** IPv6: /44 to /64, anywhere. */
        IPV6,
        /** IPv6: /44 to /64, in eight /16 that registries give out. */
        IPV6_OF_REGISTRIES;

        Address address(Random random) {
            if (this == IPV4) {
                return new Address(4, 0, random.nextInt() & 0xffff_ffffL);
            }
            long high = random.nextLong();
            long registry = (long) REGISTRIES[random.nextInt(REGISTRIES.length)] << 48;
            return new Address(6, this == IPV6 ? high : registry | high >>> 16, random.nextLong());
        }

        AddressRange prefix(Random random) {
            Address address = address(random);
            int length = this == IPV4 ? 24 + random.nextInt(9) : 44 + random.nextInt(21);
            return new AddressRange(address.first(length), address.last(length));
        }
    }

    @Param
    private Spread spread = Spread.IPV4;

    @Param({"1000", "100000", "1000000"})
    private int prefixes;

    private final long[] highs = new long[ADDRESSES];
    private final long[] lows = new long[ADDRESSES];
    private AddressSet set = AddressSet.of(List.of());
    private int next;

    @Setup
    public void fill() {
        Random random = new Random(20);
        AddressSet.Builder builder = new AddressSet.Builder();
        for (int i = 0; i < prefixes; i++) {
            builder.add(spread.prefix(random));
        }
        set = builder.build();
        for (int i = 0; i < ADDRESSES; i++) {
            Address address = spread.address(random);
            highs[i] = address.high();
            lows[i] = address.low();
        }
    }

    @Benchmark
    public boolean lookup() {
        next = (next + 1) & (ADDRESSES - 1);
        return spread == Spread.IPV4 ? set.containsIpv4(lows[next]) : set.containsIpv6(highs[next], lows[next]);
    }
}
