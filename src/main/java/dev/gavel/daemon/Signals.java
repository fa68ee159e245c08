package dev.gavel.daemon;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Queues the Unix signals that the process receives. Uses {@code sun.misc.Signal} through reflection, because javac
 * warns about direct use. Without a handler, SIGHUP and SIGUSR1 would kill the process, and SIGTERM would end it with
 * exit code 143.
 */
public final class Signals {
    /** The signals that the main thread handles. */
    enum Signal {
        HUP,
        USR1,
        TERM,
        INT
    }

    private final BlockingQueue<Signal> arrived = new LinkedBlockingQueue<>();

    /** Installs handlers for all {@link Signal} values in this process. */
    public Signals() {
        try {
            Class<?> signalClass = Class.forName("sun.misc.Signal");
            Class<?> handlerClass = Class.forName("sun.misc.SignalHandler");
            for (Signal signal : Signal.values()) {
                Object handler = Proxy.newProxyInstance(
                        Signals.class.getClassLoader(), new Class<?>[] {handlerClass}, (proxy, method, arguments) -> {
                            arrived.add(signal);
                            return null;
                        });
                Object unixSignal = signalClass.getConstructor(String.class).newInstance(signal.name());
                signalClass.getMethod("handle", signalClass, handlerClass).invoke(null, unixSignal, handler);
            }
        } catch (ClassNotFoundException
                | NoSuchMethodException
                | InstantiationException
                | IllegalAccessException
                | InvocationTargetException e) {
            throw new IllegalStateException("this Java virtual machine has no sun.misc.Signal", e);
        }
    }

    /** Waits for the next signal. */
    Signal take() throws InterruptedException {
        return arrived.take();
    }

    /** Queues {@code signal} as if the process had received it. */
    void raise(Signal signal) {
        arrived.add(signal);
    }
}
