package io.sluice.profiles;

/**
 * Where something stands in a file.
 *
 * @param file as the user named it
 * @param line from 1
 * @param column from 1
 */
public record Mark(String file, int line, int column) {

    /** {@code FILE:LINE:COLUMN}, which editors and terminals follow. */
    @Override
    public String toString() {
        return file + ":" + line + ":" + column;
    }
}
