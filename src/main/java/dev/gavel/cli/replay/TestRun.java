package dev.gavel.cli.replay;

import dev.gavel.capture.CaptureContext;
import dev.gavel.capture.CaptureException;
import dev.gavel.capture.CaptureSource;
import dev.gavel.config.MarkChange;
import dev.gavel.config.PolicyTests;
import dev.gavel.config.PolicyTests.Expected;
import dev.gavel.config.PolicyTests.Packets;
import dev.gavel.config.PolicyTests.Total;
import dev.gavel.config.source.SourceText;
import dev.gavel.engine.Engine;
import dev.gavel.engine.Ruling;
import dev.gavel.policy.program.Rule;
import dev.gavel.queue.Hook;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One policy test: replays its capture and notes what is not as expected. */
final class TestRun implements Report {
    private final PolicyTests.Test test;
    private final TreeMap<Integer, Packets> byFirst = new TreeMap<>();
    private final List<String> failures = new ArrayList<>();
    private int packets;

    private TestRun(PolicyTests.Test test) {
        this.test = test;
        test.packets().forEach(named -> byFirst.put(named.first(), named));
    }

    static TestResult of(PolicyTests.Test test, Engine engine, Path file) {
        TestRun run = new TestRun(test);
        try (CaptureSource source = CaptureSource.open(test.capture(), context(test.set()));
                Replay replay = new Replay(engine, source, run, null)) {
            replay.run();
            if (source.isTruncated()) {
                run.failures.add(test.capture() + " ends in the middle of a packet");
            }
        } catch (CaptureException e) {
            run.failures.add(String.valueOf(e.getMessage()));
        } catch (IOException | UncheckedIOException e) {
            Throwable cause = e instanceof UncheckedIOException ? e.getCause() : e;
            run.failures.add(String.valueOf(
                    CaptureOptions.failure(test.capture().toString(), cause).getMessage()));
        }
        return new TestResult(file, test.name(), run.packets, run.failures);
    }

    private static CaptureContext context(PolicyTests.Set set) {
        SourceText hook = set.hook();
        Hook known = hook == null ? null : Hook.valueOf(hook.value().toUpperCase(Locale.ROOT));
        return new CaptureContext(set.queue(), known, set.mark(), set.inInterface());
    }

    @Override
    public void packet(ReplayedPacket judged) {
        packets++;
        Expected expected = expected(packets);
        if (expected != null) {
            int before = failures.size();
            check(expected, judged.ruling());
            if (failures.size() > before) {
                failures.addAll(TextReport.way(judged));
            }
        }
    }

    private @Nullable Expected expected(int packet) {
        Map.Entry<Integer, Packets> named = byFirst.floorEntry(packet);
        return named != null && packet <= named.getValue().last()
                ? named.getValue().expected()
                : test.others();
    }

    private void check(Expected expected, Ruling ruling) {
        compare(
                "verdict",
                expected.verdict(),
                TextReport.verdict(ruling),
                ruling.verdict().kind().word());
        checkShadows(expected, ruling);
        compare("reason", expected.reason(), ruling.reason().word());
        Rule rule = ruling.rule();
        compare("rule", expected.rule(), rule == null ? "null" : rule.path());
        MarkChange mark = expected.mark();
        boolean marked = mark != null
                && ruling.isMarked()
                && ruling.changedMask() == mark.mask()
                && (ruling.mark() & mark.mask()) == mark.value();
        if (mark != null && !marked) {
            fail(
                    String.format("mark 0x%x/0x%x", mark.value(), mark.mask()),
                    ruling.isMarked() ? JsonReport.mark(ruling) : "none");
        }
    }

    /** What is expected is all that the packet met in shadow mode, in any order. */
    private void checkShadows(Expected expected, Ruling ruling) {
        if (expected.shadow() == null) {
            return;
        }
        Set<String> wanted = new TreeSet<>();
        expected.shadow()
                .forEach(shadow ->
                        wanted.add(shadow.rule() + " " + shadow.verdict().value()));
        Set<String> got = new TreeSet<>();
        for (int i = 0; i < ruling.findings().shadows().count(); i++) {
            got.add(ruling.findings().shadows().met(i).path() + " "
                    + ruling.findings().shadows().met(i).word());
        }
        if (!wanted.equals(got)) {
            fail("shadow " + words(wanted), words(got));
        }
    }

    private static String words(Set<String> shadows) {
        return shadows.isEmpty() ? "none" : String.join(", ", shadows);
    }

    /** {@code got} may be said in several ways. */
    private void compare(String what, @Nullable SourceText expected, String... got) {
        if (expected != null && !List.of(got).contains(expected.value())) {
            fail(what + " " + expected.value(), got[0]);
        }
    }

    private void fail(String expected, String got) {
        failures.add("packet " + packets + ": expected " + expected + ", got " + got);
    }

    @Override
    public void summary(Totals totals) {
        for (Packets named : test.packets()) {
            if (named.last() > packets) {
                failures.add("packet " + Math.max(named.first(), packets + 1) + ": expected, but " + test.capture()
                        + " has " + packets + " packets");
            }
        }
        Map<String, Integer> counts = totals.counts();
        for (Total total : test.totals()) {
            String key = String.join(" ", total.key());
            int got = counts.getOrDefault(key, 0);
            if (got != total.count()) {
                failures.add("totals: expected " + key + " " + total.count() + ", got " + got);
            }
        }
    }
}
