package dev.gavel.pipeline;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A count that one thread raises, on cache lines of its own: what another thread writes for each packet, or reads, must not
 * take the line away from it. 128 bytes, as processors fetch lines of 64 in pairs.
 */
final class Cursor extends AtomicLong {
    private static final long serialVersionUID = 1;

    @SuppressWarnings({"unused", "MultiVariableDeclaration"}) // room up to the next object
    private long p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13, p14, p15;
}
