package io.github.longwing.jobs.commit;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Where the rows of slices go: what directories of files and tables do each in their own way. For one thread at a time,
 * under the {@link Lease} of the output.
 */
sealed interface SliceSink permits FolderSlices, TableSlices {
    /**
     * Ends what a process began that died, and looks at what is there.
     *
     * @return all slices
     */
    List<SliceRecord> recover() throws IOException;

    /** Columns of the output that are directories of the staged files. */
    List<String> directories();

    /** How many partitions each slot gets in one job of Spark; jobs of a commit wait for them. */
    int partitionsPerSlot();

    /** Where the tasks of this run write. */
    Path stage();

    /** The committed rows. */
    Dataset<Row> rows(List<SliceRecord> committed);

    /**
     * The run is to change rows that are there already.
     *
     * @param input the keys of all rows that the input has, in the order of the output's
     */
    void expect(Dataset<Row> input, Set<Change> changes);

    /** Commits the rows of these files, and lets readers see them. */
    SliceRecord commit(List<StagedFile> staged) throws IOException;

    /** Removes, in one slice, what rows the run has replaced; empty where there are none. */
    Optional<SliceRecord> removeObsolete(List<SliceRecord> committed, StagingWriter writer) throws IOException;

    /** Whether a slice is committed whose rows are not all visible yet: the next run sees to that. */
    boolean isPending();

    /** Lets readers find the columns of an output that has no rows; empty where they do already. */
    Optional<SliceRecord> commitEmpty(StagingWriter writer) throws IOException;

    /** Tells others that the output is complete, where there is a custom for that. */
    void tellComplete() throws IOException;

    /** The run has ended: what its tasks have written and no slice has is of no use. */
    void close() throws IOException;

    /** After the lease is given back: removes what this run has made and that holds nothing. */
    void tidy();

    /**
     * Columns of an output by which its rows are told apart.
     *
     * @param keys the id columns, then the fingerprint
     * @param error the column of errors, null in rows without one
     */
    record RowNames(List<String> keys, String error) {
        public RowNames {
            keys = List.copyOf(keys);
        }
    }
}
