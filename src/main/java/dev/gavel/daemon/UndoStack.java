package dev.gavel.daemon;

import java.util.ArrayDeque;
import java.util.Deque;

/** The steps to undo if a start fails, the last step first. Belongs to the thread that starts the daemon. */
final class UndoStack {
    private static final System.Logger LOG = System.getLogger(UndoStack.class.getName());

    private final Deque<Step> steps = new ArrayDeque<>();

    /** Undoes one step. */
    @FunctionalInterface
    interface Undo {
        void run() throws Exception;
    }

    private record Step(String name, Undo undo) {}

    /** Adds the undo of the step just taken; {@code name} says in the log what the step opened. */
    void push(String name, Undo undo) {
        steps.push(new Step(name, undo));
    }

    /** Drops the remaining undo steps without running them, because what they would close is still in use. */
    void abandon() {
        steps.clear();
    }

    /**
     * Undoes all steps, each once. If an undo fails, the failure is logged and added to {@code cause}, and the next
     * undo runs.
     */
    void undo(Throwable cause) {
        while (!steps.isEmpty()) {
            Step step = steps.pop();
            try {
                step.undo().run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                failed(step, e, cause);
            } catch (Exception | Error e) {
                failed(step, e, cause);
            }
        }
    }

    private static void failed(Step step, Throwable e, Throwable cause) {
        LOG.log(System.Logger.Level.ERROR, "after a failed start, " + step.name() + " could not be closed", e);
        if (e != cause) { // a throwable refuses to suppress itself
            cause.addSuppressed(e);
        }
    }
}
