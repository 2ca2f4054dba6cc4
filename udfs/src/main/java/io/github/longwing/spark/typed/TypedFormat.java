package io.github.longwing.spark.typed;

import io.github.longwing.spark.files.Slice;
import io.github.longwing.spark.files.SourceFile;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;

/** A format whose files name the types of their columns themselves; Spark reads them, once they were found to be whole. */
public interface TypedFormat extends Serializable {
    /** What Spark calls the format. */
    String sparkName();

    /** What a file says about its rows; fails where it is none of the format. */
    Footer footer(SourceFile file, Configuration hadoop) throws IOException;

    /**
     * Reads all rows of a part of a file and forgets them.
     *
     * @param columns those that matter; the file may lack some
     * @param progress is told of every row that could be read
     * @throws IOException or an unchecked exception, where the file is damaged
     */
    void readRows(Slice slice, List<String> columns, Configuration hadoop, Progress progress) throws IOException;

    /** Counts rows. */
    final class Progress {
        private long rows;

        void add(long count) {
            rows += count;
        }

        long rows() {
            return rows;
        }
    }

    /**
     * What a file says about itself.
     *
     * @param schema as the format writes it, the same for files with the same columns
     * @param columns their names
     * @param nanoseconds those among them that have timestamps in nanoseconds
     */
    record Footer(String schema, List<String> columns, Set<String> nanoseconds) {
        public Footer {
            columns = List.copyOf(columns);
            nanoseconds = Set.copyOf(nanoseconds);
        }
    }

    /** As Hadoop's client takes a file. */
    static org.apache.hadoop.fs.Path hadoopPath(SourceFile file) throws IOException {
        if (file.isLocal() && file.name().indexOf(':') >= 0) {
            throw new IOException("Hadoop cannot open a name with a colon");
        }
        return new org.apache.hadoop.fs.Path(file.isLocal() ? "file:" + file.shown() : file.location());
    }
}
