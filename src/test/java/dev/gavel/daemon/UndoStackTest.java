package dev.gavel.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A failed start is undone from its last step to its first. */
class UndoStackTest {
    private final UndoStack stack = new UndoStack();
    private final List<String> undone = new ArrayList<>();
    private final Throwable cause = new Throwable("the start failed");

    private void push(String name) {
        stack.push(name, () -> undone.add(name));
    }

    @Test
    void undoesEachStepOnceTheLastOneFirst() {
        push("a");
        push("b");
        push("c");
        stack.undo(cause);
        stack.undo(cause);
        assertThat(undone).containsExactly("c", "b", "a");
        assertThat(cause.getSuppressed()).isEmpty();
    }

    @Test
    void goesOnWhereOneCannotBeUndone() {
        Exception failed = new IOException("injected");
        Error worse = new StackOverflowError("injected");
        push("a");
        stack.push("b", () -> {
            throw failed;
        });
        stack.push("c", () -> {
            throw worse;
        });
        stack.push("d", () -> {
            throw (Error) new AssertionError("itself").initCause(cause);
        });
        stack.undo(cause);
        assertThat(undone).containsExactly("a");
        assertThat(cause.getSuppressed()).hasSize(3).contains(failed, worse);
    }

    @Test
    void staysInterrupted() {
        push("a");
        stack.push("b", () -> {
            throw new InterruptedException();
        });
        stack.undo(cause);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(undone).containsExactly("a");
    }

    @Test
    void leavesWhatIsStillInUse() {
        push("a");
        stack.push("b", stack::abandon);
        push("c");
        stack.undo(cause);
        assertThat(undone).containsExactly("c");
    }
}
