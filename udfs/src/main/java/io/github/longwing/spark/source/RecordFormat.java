package io.github.longwing.spark.source;

import io.github.longwing.spark.files.FileText;
import io.github.longwing.spark.files.FormatOptions;
import io.github.longwing.spark.files.SourceFile;
import java.io.IOException;
import java.io.Serializable;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.types.StructType;

/** A format of files that are read here: how the characters of a file become records. */
public interface RecordFormat extends Serializable {

    /** What the records have, where every file gives the same; empty where all must be read to know. */
    default Optional<StructType> columns() {
        return Optional.empty();
    }

    /** What users say about the files. */
    FormatOptions options();

    /** Whether a file without a byte is a record all the same. */
    default boolean readsEmptyFiles() {
        return false;
    }

    /** Whether the lines of a file may be read apart from each other. Opens the file. */
    default boolean isSplittable(SourceFile file, Configuration hadoop) throws IOException {
        return false;
    }

    /** What is known of the one record of a file before it is opened. */
    default Map<String, Object> known(SourceFile file) {
        return Map.of();
    }

    /** The records of a part of a file. */
    RecordReader records(FileText text, SourceFile file);
}
