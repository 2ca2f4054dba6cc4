package io.github.longwing.spark.source;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The records of a part of a file, read as they are asked for. */
interface RecordReader {

    /** The next record, or why it could not be read; empty at the end. */
    Optional<SourceRecord> next() throws IOException;

    /** The columns that the file names at its beginning, after the first call of {@link #next}; many formats name none. */
    default List<String> header() {
        return List.of();
    }
}
