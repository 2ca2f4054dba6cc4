package io.github.longwing.jobs.input;

import io.github.longwing.jobs.conf.Redaction;
import io.github.longwing.spark.files.FormatOptions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Where the documents come from. */
public sealed interface DocumentInput {

    /** What messages call it. */
    String description();

    /**
     * Files.
     *
     * @param paths as the user wrote them
     * @param format empty where it is to be guessed
     * @param written what is said about how they are written
     */
    record Files(List<String> paths, Optional<String> format, FormatOptions written) implements DocumentInput {
        public Files {
            paths = List.copyOf(paths);
        }

        @Override
        public String description() {
            return paths.stream().map(path -> Redaction.show("input", path)).collect(Collectors.joining(", "));
        }
    }

    /** A table of Spark's catalog. */
    record Table(String name) implements DocumentInput {
        @Override
        public String description() {
            return name;
        }
    }

    /** Rows that the caller has in a session, such as a batch of a stream. */
    record Given(Dataset<Row> rows) implements DocumentInput {
        @Override
        public String description() {
            return "the DataFrame";
        }
    }
}
