package dev.gavel.pipeline;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A count that one thread raises, on another cache line than what follows it in memory, as the next cursor does: what one
 * thread writes for each packet must not take the line from another. 128 bytes, as processors fetch lines of 64 in pairs.
 * ADR 2 tells what it gains.
 */
final class Cursor extends AtomicLong {
    private static final long serialVersionUID = 1;

    @SuppressWarnings({"unused", "MultiVariableDeclaration"}) // room up to the next object
    private long p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13, p14, p15;
}
