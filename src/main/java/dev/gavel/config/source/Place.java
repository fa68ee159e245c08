package dev.gavel.config.source;

/** A position in a source file: {@code line} and {@code column} count from 1, columns in characters (code points). */
public record Place(String file, int line, int column) {
    /** The beginning of {@code file}, for what concerns the file as a whole. */
    public static Place start(String file) {
        return new Place(file, 1, 1);
    }

    /** As every message begins: {@code FILE:LINE:COLUMN}. */
    @Override
    public String toString() {
        return file + ":" + line + ":" + column;
    }
}
