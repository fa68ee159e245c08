package dev.gavel.engine;

import dev.gavel.config.source.ConfigException;
import dev.gavel.kit.TestPrograms;
import dev.gavel.match.Matchers;
import dev.gavel.queue.Fragments;
import dev.gavel.queue.Verdict;
import java.util.Map;

/**
 * Engines for tests, of one policy that holds no mistake: they drop what they cannot judge, and no mark is their own.
 */
public final class TestEngines {
    private TestEngines() {}

    /** Of the first generation, searching in Java. */
    public static Engine of(String policy) {
        return of(1, policy, Matchers.java());
    }

    public static Engine of(int generation, String policy, Matchers matchers) {
        EngineSettings settings = new EngineSettings(0, Verdict.DROP, Verdict.DROP, Fragments.HEADERS_ONLY, Map.of());
        try {
            return new Engine(generation, TestPrograms.program(policy), settings, matchers);
        } catch (ConfigException e) {
            throw new IllegalStateException(e);
        }
    }
}
