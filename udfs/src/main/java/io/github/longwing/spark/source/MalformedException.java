package io.github.longwing.spark.source;

import io.github.longwing.error.DocumentException.Kind;

/** A record is not of its format; known where it is parsed, and told with its file and place where it is read. */
final class MalformedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Kind kind;
    private final int index;

    /**
     * What is wrong.
     *
     * @param index where in the window
     * @param found what stands there, and what was expected
     */
    MalformedException(Kind kind, int index, String found) {
        super(found, null, false, false);
        this.kind = kind;
        this.index = index;
    }

    MalformedException(int index, String found) {
        this(Kind.MalformedRecord, index, found);
    }

    Kind kind() {
        return kind;
    }

    int index() {
        return index;
    }
}
