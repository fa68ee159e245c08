package dev.gavel.capture;

/**
 * One interface of a pcapng section.
 *
 * @param snapLength most bytes of a frame in the file; 0: no limit
 * @param unit what time stamps count: 10 to the power of minus this; with {@link #BINARY}: 2 to the power of minus
 *     the rest
 * @param offsetSeconds what time stamps do not count
 * @param device index of its name; 0: none
 */
record CapturedInterface(int linkType, int snapLength, int unit, long offsetSeconds, int device) {
    static final int MICROSECONDS = 6;
    static final int BINARY = 0x80;

    private static final int NANOSECONDS = 9;
    private static final int MAX_DECIMAL = 19; // its power of ten is the last one that fits in 64 bits
    private static final int MAX_BINARY = 63;
    private static final int MICROSECONDS_BINARY = 19; // 2^20 is already more than a million
    private static final long BILLION = 1_000_000_000L;
    private static final long MAX_SECONDS = Long.MAX_VALUE / BILLION - 1; // nanoseconds fit in 64 bits until 2262

    /** Whether 64 bits can count this unit. */
    boolean isUnitKnown() {
        return isBinary() ? exponent() <= MAX_BINARY : unit <= MAX_DECIMAL;
    }

    Resolution resolution() {
        return exponent() > (isBinary() ? MICROSECONDS_BINARY : MICROSECONDS)
                ? Resolution.NANOSECONDS
                : Resolution.MICROSECONDS;
    }

    /** Gives {@code frame} the time of {@code stamp}, which is unsigned; false if it is centuries away. */
    boolean stamp(CapturedFrame frame, long stamp) {
        long perSecond = isBinary() ? 1L << exponent() : power(unit);
        long seconds = Long.divideUnsigned(stamp, perSecond);
        if (seconds < 0 || !isNear(seconds) || !isNear(offsetSeconds) || !isNear(seconds + offsetSeconds)) {
            return false;
        }
        frame.time(seconds + offsetSeconds, nanos(Long.remainderUnsigned(stamp, perSecond)), resolution());
        return true;
    }

    private static boolean isNear(long seconds) {
        return seconds >= -MAX_SECONDS && seconds <= MAX_SECONDS;
    }

    private int nanos(long fraction) {
        if (isBinary()) {
            // fraction / 2^exponent < 1, so of the 128 bits of the product only these are left
            long high = Math.multiplyHigh(fraction, BILLION) << (Long.SIZE - exponent());
            long low = (fraction * BILLION) >>> exponent();
            return exponent() == 0 ? 0 : (int) (high | low);
        }
        long nanos = unit <= NANOSECONDS
                ? fraction * power(NANOSECONDS - unit)
                : Long.divideUnsigned(fraction, power(unit - NANOSECONDS));
        return (int) nanos;
    }

    private boolean isBinary() {
        return (unit & BINARY) != 0;
    }

    private int exponent() {
        return unit & ~BINARY;
    }

    private static long power(int exponent) {
        long power = 1;
        for (int i = 0; i < exponent; i++) {
            power *= 10;
        }
        return power;
    }
}
