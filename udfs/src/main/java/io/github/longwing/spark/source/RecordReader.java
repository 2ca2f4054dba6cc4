package io.github.longwing.spark.source;

import java.util.Iterator;
import java.util.List;

/** The records of a part of a file, read as they are asked for. */
interface RecordReader extends Iterator<SourceRecord> {

    /** The columns that the file names at its beginning, after the first call of {@link #hasNext}; many formats name none. */
    default List<String> header() {
        return List.of();
    }
}
