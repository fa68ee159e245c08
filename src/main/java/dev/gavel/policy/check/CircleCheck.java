package dev.gavel.policy.check;

import dev.gavel.config.DaemonConfig;
import dev.gavel.config.PolicyFile;
import dev.gavel.config.QueueConfig;
import dev.gavel.config.RuleEntry;
import dev.gavel.config.VerdictChoice;
import dev.gavel.config.source.Place;
import dev.gavel.config.source.Problems;
import dev.gavel.queue.Verdict;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Finds circles of {@code queue N} verdicts among our own queues; the kernel would let a packet go round for ever.
 * Conditions are ignored: if a policy of queue A has a verdict {@code queue B}, there is an edge from A to B.
 *
 * <p>Queues without an edge to a remaining queue are removed until every remaining queue has such an edge. Following
 * edges from any remaining queue then leads to a queue already visited, which closes a circle.
 */
public final class CircleCheck {
    private static final int SHOWN = 8;

    /** The edges: from queue, to queue, and the place of a verdict that makes the edge. */
    private final Map<Integer, Map<Integer, Place>> ways = new TreeMap<>();

    public CircleCheck(DaemonConfig config, List<PolicyFile> files) {
        for (QueueConfig queue : config.queues()) {
            ways.put(queue.number(), new TreeMap<>());
        }
        for (PolicyFile file : files) {
            Map<Integer, Place> targets = new HashMap<>();
            for (RuleEntry rule : file.rules()) {
                addTarget(targets, rule.verdict());
            }
            VerdictChoice byDefault = file.defaultVerdict();
            if (byDefault != null) {
                addTarget(targets, byDefault);
            }
            if (!targets.isEmpty()) {
                config.queues().stream()
                        .filter(queue -> file.takes(queue.number()))
                        .forEach(queue -> add(queue, targets));
            }
        }
        Map<Integer, Place> daemon = new HashMap<>();
        addTarget(daemon, config.defaultVerdict());
        for (QueueConfig queue : config.queues()) {
            add(queue, daemon);
            queue.routeQueue().ifPresent(target -> add(queue, Map.of(target, queue.place())));
        }
    }

    private static void addTarget(Map<Integer, Place> targets, VerdictChoice choice) {
        if (choice.verdict() instanceof Verdict.Requeue requeue) {
            targets.putIfAbsent(requeue.queueNumber(), choice.place());
        }
    }

    private void add(QueueConfig from, Map<Integer, Place> targets) {
        targets.forEach((to, place) -> {
            if (ways.containsKey(to)) {
                ways.getOrDefault(from.number(), Map.of()).putIfAbsent(to, place);
            }
        });
    }

    /** Adds an error for one circle, if any exists. */
    public void check(Problems problems) {
        takeAwayEnds();
        Set<Integer> seen = new LinkedHashSet<>();
        Integer at = ways.isEmpty() ? null : ways.keySet().iterator().next();
        while (at != null && seen.add(at)) {
            at = ways.getOrDefault(at, Map.of()).keySet().stream()
                    .filter(ways::containsKey)
                    .findFirst()
                    .orElse(null);
        }
        if (at == null) {
            return;
        }
        List<Integer> path = List.copyOf(seen);
        List<Integer> circle = path.subList(path.indexOf(at), path.size());
        Place place = ways.getOrDefault(circle.get(circle.size() - 1), Map.of()).get(at);
        String shown = circle.stream().limit(SHOWN).map(String::valueOf).collect(Collectors.joining(" to "));
        problems.error(
                place == null ? Place.start("") : place,
                "packets would go round from queue " + shown + (circle.size() > SHOWN ? " to …" : "") + " to " + at
                        + "; expected a queue that is not one of ours, or queues: on the policy");
    }

    private void takeAwayEnds() {
        Map<Integer, List<Integer>> comeFrom = new HashMap<>();
        Map<Integer, Integer> waysLeft = new HashMap<>();
        Deque<Integer> ends = new ArrayDeque<>();
        ways.forEach((from, targets) -> {
            targets.keySet()
                    .forEach(to ->
                            comeFrom.computeIfAbsent(to, t -> new ArrayList<>()).add(from));
            waysLeft.put(from, targets.size());
            if (targets.isEmpty()) {
                ends.add(from);
            }
        });
        while (!ends.isEmpty()) {
            int end = ends.remove();
            ways.remove(end);
            for (int from : comeFrom.getOrDefault(end, List.of())) {
                if (waysLeft.merge(from, -1, Integer::sum) == 0) {
                    ends.add(from);
                }
            }
        }
    }
}
