package io.github.longwing.spark.source;

import io.github.longwing.error.DocumentException.Kind;

/** A record is not of its format; known where it is parsed, and told with its file and place where it is read. */
final class MalformedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Kind kind;
    private final int index;
    private final int place;

    private MalformedException(Kind kind, int index, int place, String found) {
        super(found, null, false, false);
        this.kind = kind;
        this.index = index;
        this.place = place;
    }

    /**
     * What is wrong at one place.
     *
     * @param index where in the window
     * @param found what stands there, and what was expected
     */
    MalformedException(int index, String found) {
        this(Kind.MalformedRecord, index, index, found);
    }

    /** What is wrong with a record as a whole, which was read as far as a place in the window. */
    static MalformedException ofAll(int index, String found) {
        return new MalformedException(Kind.MalformedRecord, index, 0, found);
    }

    /** A record that is longer than what was read of it. */
    static MalformedException tooLong(int index, String found) {
        return new MalformedException(Kind.TextTooLong, index, 0, found);
    }

    Kind kind() {
        return kind;
    }

    /** How far the window was read. */
    int index() {
        return index;
    }

    /** Where in the window users look for it. */
    int place() {
        return place;
    }
}
