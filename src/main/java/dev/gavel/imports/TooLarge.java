package dev.gavel.imports;

/** Rules that grow beyond all bounds, as when chains are put in place of the jumps to them. */
public final class TooLarge extends Exception {
    private static final long serialVersionUID = 1;

    TooLarge(String what) {
        super(what + "; import fewer chains with --table and --chain, or make them flatter");
    }
}
