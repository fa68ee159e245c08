package dev.gavel.queue;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Where in the kernel's path a packet waits; numbers are the kernel's (linux/netfilter.h, NF_INET_…). */
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

    /** The hook of the kernel's {@code number}; null for a number this program does not know. */
    public static @Nullable Hook ofNumber(int number) {
        return number >= 0 && number < BY_NUMBER.length ? BY_NUMBER[number] : null;
    }

    /** The kernel's number. */
    public int number() {
        return number;
    }

    /** As policies and captures write it: {@code prerouting}, {@code input}, … */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
