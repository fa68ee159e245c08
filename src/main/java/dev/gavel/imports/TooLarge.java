package dev.gavel.imports;

/** Thrown when rules grow beyond all bounds, for instance when chains are substituted for the jumps to them. */
public final class TooLarge extends Exception {
    private static final long serialVersionUID = 1;

    TooLarge(String what) {
        super(what + "; import fewer chains with --table and --chain, or make them flatter");
    }
}
