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
 * @param account what became of the files; empty for tables and sources of Spark's that keep that to themselves
 * @param files that hold them, where they are known
 * @param version of the table that has them, where it is known
 */
public record Documents(
        Dataset<Row> rows,
        Counting counting,
        Optional<InputAccount> account,
        Optional<List<SourceFile>> files,
        Optional<String> version) {

    /** Of a source that tells neither files nor a version. */
    Documents(Dataset<Row> rows, Counting counting, Optional<InputAccount> account) {
        this(rows, counting, account, Optional.empty(), Optional.empty());
    }

    /** Of these files. */
    Documents of(List<SourceFile> known) {
        return new Documents(rows, counting, account, Optional.of(known), version);
    }

    /** Of a table as it stood then. */
    Documents at(Optional<TableVersion> known) {
        return new Documents(rows, counting, account, files, known.map(TableVersion::name));
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
