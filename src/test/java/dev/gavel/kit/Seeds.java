package dev.gavel.kit;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/**
 * The seed of all that tests draw at random: one for a run of tests, another each time. {@code -Dgavel.seed=N} gives
 * one back, to {@code ./verify} and to {@code mvn} alike, and repeats every test of that run. JUnit finds this class
 * for all tests: one that fails after it took the seed names it in its message, with the command that repeats it.
 */
public final class Seeds implements AfterEachCallback, TestExecutionExceptionHandler {
    private static final String PROPERTY = "gavel.seed";
    private static final long SEED = seed(System.getProperty(PROPERTY));

    private static boolean taken; // by the test that runs now; tests run one after the other, on one thread

    /** The seed. Call it on the thread of the test, in a field of its class or later, but not in a static one. */
    public static long take() {
        taken = true;
        return SEED;
    }

    /** {@code given}, or another one each time if that is null. */
    static long seed(String given) {
        return given == null ? System.nanoTime() : Long.parseLong(given);
    }

    /** Repeats one test with the seed; a test of the kernel has Maven run one unit test before it, which it must. */
    static String command(String test) {
        String type = test.substring(0, test.indexOf('#'));
        String goal = type.endsWith("IT") ? "verify -Dtest=SeedsTest -Dit.test=" : "-Pquick test -Dtest=";
        return "mvn " + goal + test + " -D" + PROPERTY + "=" + SEED;
    }

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        if (!taken) {
            throw failure;
        }
        String test = context.getRequiredTestClass().getSimpleName() + "#"
                + context.getRequiredTestMethod().getName();
        throw new AssertionError(
                failure.getMessage() + "\nseed " + SEED + ", this repeats it: " + command(test), failure);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        taken = false;
    }
}
