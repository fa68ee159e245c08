package dev.gavel.packet;

import java.util.Locale;

/** The headers that can be malformed. */
public enum Layer {
    IP,
    TCP,
    UDP,
    /** Of both IP versions. */
    ICMP,
    SCTP;

    private final String word = name().toLowerCase(Locale.ROOT);

    /** As metrics and events write it: {@code tcp}. */
    public String word() {
        return word;
    }
}
