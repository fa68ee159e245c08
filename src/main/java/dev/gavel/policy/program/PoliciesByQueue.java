package dev.gavel.policy.program;

import dev.gavel.config.PolicyFile;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Tells which policies apply to the packets of a queue. Policies are numbered in the order of their files; the number
 * after the last one is the daemon's default.
 */
final class PoliciesByQueue {
    private final BitSet all = new BitSet();
    private final BitSet ofQueueNobodyNames;
    private final BitSet[] byQueue;

    PoliciesByQueue(List<PolicyFile> files) {
        all.set(0, files.size() + 1);
        int named = 0;
        for (PolicyFile file : files) {
            named = file.queues().stream().mapToInt(range -> range.last() + 1).reduce(named, Math::max);
        }
        Map<BitSet, BitSet> shared = new HashMap<>(); // queues with the same policies share the set
        byQueue = new BitSet[named];
        for (int number = 0; number < named; number++) {
            byQueue[number] = shared.computeIfAbsent(taking(number, files), policies -> policies);
        }
        ofQueueNobodyNames = taking(named, files);
    }

    private static BitSet taking(int number, List<PolicyFile> files) {
        BitSet taking = new BitSet();
        for (int i = 0; i < files.size(); i++) {
            taking.set(i, files.get(i).takes(number));
        }
        taking.set(files.size());
        return taking;
    }

    /**
     * The numbers of the policies that apply to queue {@code number}, or to {@link Program#ANY_QUEUE}. The caller must
     * not change the set.
     */
    BitSet of(int number) {
        if (number == Program.ANY_QUEUE) {
            return all;
        }
        return number < byQueue.length ? byQueue[number] : ofQueueNobodyNames;
    }
}
