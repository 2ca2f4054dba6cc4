package io.github.longwing.jobs.input;

import java.util.OptionalLong;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The rows of a job's input, not read yet. */
public record Documents(Dataset<Row> rows, Counting counting) {

    /** What it takes to know how many there are. */
    enum Counting {
        /** Footers or directory entries, or an input so small that it does not matter. */
        LOW_COST,
        /** Reading all of it. */
        FULL_SCAN
    }

    /** How many there are, where finding out is cheap. */
    public OptionalLong count() {
        return switch (counting) {
            case LOW_COST -> OptionalLong.of(rows.count());
            case FULL_SCAN -> OptionalLong.empty();
        };
    }
}
