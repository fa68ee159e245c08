package dev.gavel.assembly;

import dev.gavel.config.ConfigLoader;
import dev.gavel.config.DaemonConfig;
import dev.gavel.config.MarkChange;
import dev.gavel.config.Outcome;
import dev.gavel.config.PolicyFile;
import dev.gavel.config.QueueConfig;
import dev.gavel.config.source.ConfigException;
import dev.gavel.config.source.Place;
import dev.gavel.config.source.Problems;
import dev.gavel.config.source.Words;
import dev.gavel.engine.Engine;
import dev.gavel.engine.EngineSettings;
import dev.gavel.engine.EngineSettings.AcceptAs;
import dev.gavel.engine.EngineSettings.LaterFragments;
import dev.gavel.events.EventType;
import dev.gavel.events.Events;
import dev.gavel.match.Matchers;
import dev.gavel.match.PatternRefusal;
import dev.gavel.match.pattern.Pattern;
import dev.gavel.nfqueue.QueueFlag;
import dev.gavel.nfqueue.QueueSettings;
import dev.gavel.policy.Policies;
import dev.gavel.policy.program.Program;
import dev.gavel.queue.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the configuration means for the packages that do not know of files. */
public final class Settings {
    private static final int MAX_AUTO_WORKERS = 8;

    private Settings() {}

    /** Configuration and policies that were loaded together and hold no error. */
    public record Loaded(DaemonConfig config, Program program) {
        /**
         * The engine that judges with these policies.
         *
         * @throws ConfigException if {@code matchers} refuse a pattern of them
         */
        public Engine engine(int generation, Matchers matchers) throws ConfigException {
            try {
                return new Engine(generation, program, engineSettings(config), matchers);
            } catch (PatternRefusal e) {
                throw refused(e);
            }
        }

        /** What is told of a pattern that no matcher takes, with its place. */
        ConfigException refused(PatternRefusal refusal) {
            Pattern pattern = refusal.pattern();
            Place known = pattern == null ? null : program.place(pattern);
            Place place = known == null ? config.policiesPlace() : known;
            Problems problems = new Problems();
            if (known != null) {
                new ConfigLoader(problems).policies(List.of(Path.of(known.file()))); // for the line that is shown
            }
            String what = pattern == null ? "the patterns of all rules" : Words.quoted(pattern.toString());
            problems.error(
                    place, "the matcher cannot compile " + what + " (" + refusal.getMessage() + "); expected less");
            return new ConfigException(problems.list(), 0);
        }
    }

    /** Loads {@code file} and its policies; all mistakes of all files come in one exception. */
    public static Loaded load(Path file) throws ConfigException {
        Problems problems = new Problems();
        ConfigLoader loader = new ConfigLoader(problems);
        DaemonConfig config = loader.daemon(file);
        List<PolicyFile> policies = loader.policies(config);
        return new Loaded(config, Policies.compile(config, policies, problems));
    }

    /** Loads these policies, with the defaults of an empty configuration. */
    public static Loaded load(List<Path> policyFiles) throws ConfigException {
        Problems problems = new Problems();
        DaemonConfig config = DaemonConfig.defaults();
        List<PolicyFile> policies = new ConfigLoader(problems).policies(policyFiles);
        return new Loaded(config, Policies.compile(config, policies, problems));
    }

    /** Loads the policies of {@code config} anew; limits that have not changed go on as they are in {@code before}. */
    public static Loaded reload(DaemonConfig config, Program before) throws ConfigException {
        Problems problems = new Problems();
        List<PolicyFile> policies = new ConfigLoader(problems).policies(config);
        return new Loaded(config, Policies.compile(config, policies, before, problems));
    }

    private static EngineSettings engineSettings(DaemonConfig config) {
        Map<Integer, AcceptAs> accepts = new HashMap<>();
        for (QueueConfig queue : config.queues()) {
            MarkChange mark = queue.repeatMark();
            if (mark != null) {
                accepts.put(queue.number(), new AcceptAs(Verdict.REPEAT, mark.value(), mark.mask()));
            } else if (queue.routeQueue().isPresent()) {
                Verdict route = new Verdict.Requeue(queue.routeQueue().getAsInt(), Verdict.NoListener.DROP);
                accepts.put(queue.number(), new AcceptAs(route, 0, 0));
            }
        }
        LaterFragments fragments =
                config.fragments() == DaemonConfig.Fragments.DROP ? LaterFragments.DROP : LaterFragments.JUDGE_HEADERS;
        return new EngineSettings(
                config.rejects().mark(), verdict(config.malformed()), verdict(config.truncated()), fragments, accepts);
    }

    /**
     * What {@code workers: auto} is: 0 where the readers alone keep the cores busy, or where a judgement costs less than
     * handing the packet over; else what the readers leave.
     *
     * @param searches whether the policies search in packets, and not in headers only
     */
    public static int workers(int queues, int cores, boolean searches) {
        return !searches || 2 * queues >= cores ? 0 : Math.min(MAX_AUTO_WORKERS, cores - queues);
    }

    public static Events.Settings eventSettings(DaemonConfig config) {
        Set<EventType> types = EnumSet.noneOf(EventType.class);
        for (DaemonConfig.EventType type : config.events().types()) {
            types.add(EventType.valueOf(type.name()));
        }
        return new Events.Settings(config.events().file(), types, hostName());
    }

    /** As the kernel says it: a resolver might ask the network. */
    private static String hostName() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException e) {
            return "localhost"; // a name for events only: no reason not to judge
        }
    }

    public static Verdict verdict(Outcome outcome) {
        return outcome == Outcome.ACCEPT ? Verdict.ACCEPT : Verdict.DROP;
    }

    public static QueueSettings queueSettings(QueueConfig queue) {
        Set<QueueFlag> flags = EnumSet.of(QueueFlag.UID_GID);
        if (queue.failOpen()) {
            flags.add(QueueFlag.FAIL_OPEN);
        }
        if (queue.gso()) {
            flags.add(QueueFlag.GSO);
        }
        int maxLength = (int) Math.min(queue.maxLength(), Integer.MAX_VALUE);
        return new QueueSettings(queue.number(), maxLength, queue.copyRange(), queue.receiveBufferBytes(), flags);
    }
}
