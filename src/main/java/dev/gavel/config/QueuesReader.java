package dev.gavel.config;

import dev.gavel.config.QueueConfig.AcceptMode;
import dev.gavel.config.source.Mistake;
import dev.gavel.config.source.Place;
import dev.gavel.config.source.Problems;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads the {@code queues} of {@code gavel.yaml}. */
final class QueuesReader {
    private static final List<String> KEYS = List.of(
            "number",
            "mode",
            "repeat-mark",
            "route-queue",
            "fail-open",
            "gso",
            "max-length",
            "copy-range",
            "receive-buffer");
    private static final long MAX_LENGTH = 16384;
    private static final int COPY_RANGE = 65531;
    private static final int BYTES_A_PACKET = 2304;
    private static final int MAX_AUTO_BUFFER = 64 << 20;
    private static final int MAX_BUFFER = (1 << 30) - 1; // the kernel doubles it into an int

    private final Problems problems;
    private final Section section;

    private QueuesReader(Node node, Problems problems) {
        this.problems = problems;
        section = new Section(node, problems, KEYS, List.of());
    }

    /** What a configuration without {@code queues} means: queue 0. */
    static List<QueueConfig> none(Problems problems) {
        Node.Mapping empty = new Node.Mapping(Place.start("gavel.yaml"), List.of());
        QueueRange zero = new QueueRange(0, 0, empty.place());
        return List.of(new QueuesReader(empty, problems).queue(0, zero));
    }

    static List<QueueConfig> read(Node node, Problems problems) throws Mistake {
        Map<Integer, QueueConfig> queues = new TreeMap<>();
        for (Node item : Values.list(node)) {
            new QueuesReader(item, problems).addTo(queues);
        }
        if (queues.isEmpty() && !problems.hasErrors()) {
            throw new Mistake(node.place(), "no queue", "a list such as [{number: 0}]");
        }
        return List.copyOf(queues.values());
    }

    private void addTo(Map<Integer, QueueConfig> queues) {
        for (QueueRange range : section.required("number", List.<QueueRange>of(), Values::queueNumbers)) {
            for (int number = range.first(); number <= range.last(); number++) {
                QueueConfig before = queues.putIfAbsent(number, queue(number, range));
                if (before != null) {
                    problems.error(
                            range.place(),
                            "queue " + number + " twice; expected once, the first is at "
                                    + before.place().line() + ":"
                                    + before.place().column());
                    break;
                }
            }
        }
    }

    private QueueConfig queue(int number, QueueRange range) {
        AcceptMode mode = section.value("mode", AcceptMode.ACCEPT, node -> Values.word(node, "mode", AcceptMode.class));
        long maxLength = section.value("max-length", MAX_LENGTH, node -> Values.number(node, 1, 0xffff_ffffL));
        return new QueueConfig(
                number,
                mode,
                repeatMark(mode),
                routeQueue(mode),
                section.value("fail-open", false, Values::flag),
                section.value("gso", true, Values::flag),
                maxLength,
                section.value("copy-range", COPY_RANGE, node -> Values.integer(node, 1, COPY_RANGE)),
                receiveBuffer(maxLength),
                range.place());
    }

    private @Nullable MarkChange repeatMark(AcceptMode mode) {
        MarkChange mark = section.optional("repeat-mark", Values::mark);
        belongs("repeat-mark", mode == AcceptMode.REPEAT, "mode: repeat");
        if (mark != null && mark.value() == 0) {
            problems.error(mark.place(), "mark 0, which packets have anyway; expected a mark that ends the loop");
        }
        return mark;
    }

    private OptionalInt routeQueue(AcceptMode mode) {
        Integer queue = section.optional("route-queue", node -> Values.integer(node, 0, 0xffff));
        belongs("route-queue", mode == AcceptMode.ROUTE, "mode: route");
        return queue == null ? OptionalInt.empty() : OptionalInt.of(queue);
    }

    private void belongs(String key, boolean needed, String mode) {
        if (needed && !section.has(key)) {
            problems.error(section.place("mode"), mode + " without " + key + "; expected both");
        } else if (!needed && section.has(key)) {
            problems.error(section.keyPlace(key), key + " without " + mode + "; expected both");
        }
    }

    private int receiveBuffer(long maxLength) {
        int auto = (int) Math.min(maxLength * BYTES_A_PACKET, MAX_AUTO_BUFFER);
        return section.value(
                "receive-buffer",
                auto,
                node -> Values.isWord(node, "auto") ? auto : Values.size(node, 4096, MAX_BUFFER));
    }
}
