package dev.gavel.capture;

/** How fine a capture's time stamps are. */
public enum Resolution {
    /** Or coarser. */
    MICROSECONDS(6),
    /** Or anything finer than microseconds. */
    NANOSECONDS(9);

    private final int digits;

    Resolution(int digits) {
        this.digits = digits;
    }

    /** Digits of a second's fraction that mean something: 6 or 9. */
    public int digits() {
        return digits;
    }
}
