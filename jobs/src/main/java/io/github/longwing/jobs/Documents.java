package io.github.longwing.jobs;

import java.util.OptionalLong;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The rows of a job's input, not read yet. */
record Documents(Dataset<Row> rows, Counting counting) {

    /** What it takes to know how many there are. */
    enum Counting {
        /** Footers or directory entries, or an input so small that it does not matter. */
        CHEAP,
        /** Reading all of it. */
        DEAR
    }

    /** How many there are, where finding out is cheap. */
    OptionalLong count() {
        return switch (counting) {
            case CHEAP -> OptionalLong.of(rows.count());
            case DEAR -> OptionalLong.empty();
        };
    }
}
