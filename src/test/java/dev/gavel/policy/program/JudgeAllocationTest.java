package dev.gavel.policy.program;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.gavel.config.source.ConfigException;
import dev.gavel.kit.MadeUpFacts;
import dev.gavel.kit.TestPrograms;
import dev.gavel.policy.facts.Facts;
import dev.gavel.policy.facts.Field;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class JudgeAllocationTest {
    private static final int JUDGEMENTS = 1_000_000;
    private static final String POLICY = """
            policy: p
            when: tcp or udp
            rules:
              - {name: a, when: 'ip.src in {10.0.0.0/8, 2001:db8::/32}', verdict: continue, mark: 0x10/0xf0}
              - {name: b, when: 'in_iface istarts_with "wlan" or port != 80', verdict: continue}
              - {name: l, when: tcp, limit: {over: 1KiB/h, per: [ip.src, tcp.dst_port]}, mode: shadow, verdict: drop}
              - {name: m, when: tcp, limit: {over: 1000000000/s, per: ip.dst}, verdict: drop}
              - {name: s, when: tcp, mode: shadow, verdict: reject}
              - {name: c, when: 'tcp.flags & 0x12 == 0x02 and not payload contains {"x", "y"}', verdict: reject}
              - {name: d, when: 'payload[0:4] icontains "get" and ip.dst == 192.0.2.1', verdict: queue 9}
            default: drop
            """;

    @Test
    void allocatesNothing() throws ConfigException {
        Program program = TestPrograms.program(POLICY);
        MadeUpFacts facts = new MadeUpFacts()
                .searches(program.searches())
                .bytes(Field.PAYLOAD, "GET / HTTP/1.1 x".getBytes(StandardCharsets.US_ASCII))
                .number(Field.LENGTH, 1500)
                .number(Field.TCP, 1)
                .number(Field.TCP_FLAGS, 0x18)
                .number(Field.SRC_PORT, 1024)
                .number(Field.DST_PORT, 443)
                .text(Field.IN_IFACE, "eth0")
                .address(Field.IP_SRC, "2001:db8::1")
                .address(Field.IP_DST, "192.0.2.1");
        Evaluation evaluation = new Evaluation();
        judge(program, facts, evaluation, JUDGEMENTS / 10);
        assertThat(evaluation.findings().rule().name()).isEqualTo("d");
        assertThat(evaluation.findings().continuedCount()).isEqualTo(2);
        assertThat(evaluation.findings().shadows().count()).isEqualTo(2);

        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        judge(program, facts, evaluation, JUDGEMENTS);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(allocated).isLessThan(JUDGEMENTS);
    }

    private static void judge(Program program, Facts facts, Evaluation evaluation, int times) {
        for (int i = 0; i < times; i++) {
            program.judge(0, facts, evaluation);
        }
    }
}
