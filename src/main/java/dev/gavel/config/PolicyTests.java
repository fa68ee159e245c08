package dev.gavel.config;

import dev.gavel.config.source.Place;
import dev.gavel.config.source.SourceText;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One file of policy tests; section 3 of the interfaces' contract.
 *
 * @param policies what to judge with; empty if {@code config} is given
 * @param config the configuration whose policies to judge with; null if {@code policies} are given
 */
public record PolicyTests(List<Path> policies, @Nullable Path config, List<Test> tests) {
    /**
     * One test.
     *
     * @param place of its name
     * @param packets what is expected of packets by number, ascending
     * @param others what is expected of every packet not named; null: nothing
     * @param totals what is expected of the summary
     */
    public record Test(
            String name,
            Place place,
            Path capture,
            Set set,
            List<Packets> packets,
            @Nullable Expected others,
            List<Total> totals) {}

    /**
     * What the capture does not hold.
     *
     * @param queue -1: none
     * @param hook null: not known
     * @param inInterface null: the capture's own
     */
    public record Set(
            int queue,
            @Nullable SourceText hook,
            int mark,
            @Nullable String inInterface) {}

    /** Packets {@code first} to {@code last} of the capture, from 1. */
    public record Packets(int first, int last, Expected expected) {}

    /** What is expected of one packet; what is null is not checked. */
    public record Expected(
            @Nullable SourceText verdict,
            @Nullable SourceText reason,
            @Nullable SourceText rule,
            @Nullable MarkChange mark,
            @Nullable List<Shadow> shadow) {}

    /** A shadow rule or default ({@code policy/rule} or {@code policy}) and what it would have done. */
    public record Shadow(String rule, SourceText verdict) {}

    /**
     * A number of the summary: {@code key} is its name, or {@code rules}, {@code reasons} or {@code shadow} and a name.
     */
    public record Total(Place place, List<String> key, int count) {}
}
