package io.github.longwing.jobs.input;

import io.github.longwing.spark.files.InputAccount;
import io.github.longwing.spark.files.SourceFile;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The rows of a job's input, not read yet.
 *
 * @param files that hold them, where they are known
 * @param account what became of the files; empty for tables and sources of Spark's that keep that to themselves
 */
public record Documents(
        Dataset<Row> rows, Counting counting, Optional<InputAccount> account, Optional<List<SourceFile>> files) {

    /** Of a source that does not tell its files. */
    Documents(Dataset<Row> rows, Counting counting, Optional<InputAccount> account) {
        this(rows, counting, account, Optional.empty());
    }

    /** Of these files. */
    Documents of(List<SourceFile> known) {
        return new Documents(rows, counting, account, Optional.of(known));
    }

    /** What it takes to know how many there are. */
    sealed interface Counting {
        /** Footers or directory entries, or an input so small that it does not matter. */
        record LowCost() implements Counting {}

        /** Reading all of it. */
        record FullScan() implements Counting {}

        /** It is known already. */
        record Known(long rows) implements Counting {}
    }

    /** How many there are, where finding out is cheap. */
    public OptionalLong count() {
        if (counting instanceof Counting.Known known) {
            return OptionalLong.of(known.rows());
        }
        return counting instanceof Counting.LowCost ? OptionalLong.of(rows.count()) : OptionalLong.empty();
    }
}
