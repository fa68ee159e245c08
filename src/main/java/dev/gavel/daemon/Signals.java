package dev.gavel.daemon;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Unix signals as a queue. They come through {@code sun.misc.Signal}, by reflection since javac warns of it; without a
 * handler SIGHUP and SIGUSR1 would kill, and SIGTERM would end with exit code 143.
 */
public final class Signals {
    /** What the main thread waits for. */
    enum Signal {
        HUP,
        USR1,
        TERM,
        INT
    }

    private final BlockingQueue<Signal> arrived = new LinkedBlockingQueue<>();

    /** Takes over the signals of this process. */
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

    /** As if {@code signal} had arrived. */
    void raise(Signal signal) {
        arrived.add(signal);
    }
}
