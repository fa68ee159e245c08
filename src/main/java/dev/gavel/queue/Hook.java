package dev.gavel.queue;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Where in the kernel's path a packet waits; ordinals are the kernel's numbers (linux/netfilter.h, NF_INET_…). */
public enum Hook {
    PREROUTING,
    INPUT,
    FORWARD,
    OUTPUT,
    POSTROUTING;

    private static final Hook[] BY_NUMBER = values();

    /** The hook of the kernel's {@code number}; null for a number this program does not know. */
    public static @Nullable Hook ofNumber(int number) {
        return number >= 0 && number < BY_NUMBER.length ? BY_NUMBER[number] : null;
    }

    /** As policies and captures write it: {@code prerouting}, {@code input}, … */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
