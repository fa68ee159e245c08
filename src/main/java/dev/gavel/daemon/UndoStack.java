package dev.gavel.daemon;

import java.util.ArrayDeque;
import java.util.Deque;

/** What must be undone if a start fails, the last step first. Belongs to the thread that starts. */
final class UndoStack {
    private static final System.Logger LOG = System.getLogger(UndoStack.class.getName());

    private final Deque<Step> steps = new ArrayDeque<>();

    /** Undoes one step. */
    @FunctionalInterface
    interface Undo {
        void run() throws Exception;
    }

    private record Step(String name, Undo undo) {}

    /** {@code undo} takes back the step just taken; {@code name} is what the step has opened, for the log. */
    void push(String name, Undo undo) {
        steps.push(new Step(name, undo));
    }

    /** Takes the steps that are left as they are: what they have opened is still in use. */
    void abandon() {
        steps.clear();
    }

    /** Undoes all steps, each once. One that fails is logged and added to {@code cause}; the others go on. */
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
