package dev.gavel.queue;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Where in the kernel's path a packet waits; the numbers are those of the kernel (linux/netfilter.h, NF_INET_…). */
public enum Hook {
    PREROUTING(0),
    INPUT(1),
    FORWARD(2),
    OUTPUT(3),
    POSTROUTING(4);

    private static final Hook[] BY_NUMBER = values();

    private final int number;

    Hook(int number) {
        this.number = number;
    }

    /** The hook with the kernel's {@code number}; null if this program does not know the number. */
    public static @Nullable Hook ofNumber(int number) {
        return number >= 0 && number < BY_NUMBER.length ? BY_NUMBER[number] : null;
    }

    /** The number that the kernel uses for this hook. */
    public int number() {
        return number;
    }

    /** The word used in policies and captures: {@code prerouting}, {@code input}, … */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
