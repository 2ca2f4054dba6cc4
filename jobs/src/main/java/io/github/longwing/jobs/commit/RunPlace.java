package io.github.longwing.jobs.commit;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Where a run commits its slices. */
public sealed interface RunPlace {
    /** A directory of Parquet files. */
    record Folder(Path path) implements RunPlace {
        @Override
        public RunLog log(Configuration hadoop) throws IOException {
            return new RunLog(path.getFileSystem(hadoop), path);
        }
    }

    /**
     * A table that exists.
     *
     * @param name as SQL quotes it
     * @param shown as messages call it
     * @param provider of its format, as the catalog names it; empty where it does not
     * @param records the directory of its run log
     * @param origin whether this run has made it
     */
    record Table(String name, String shown, String provider, Path records, Origin origin) implements RunPlace {
        TableFormat format() {
            return TableFormat.of(provider);
        }

        @Override
        public RunLog log(Configuration hadoop) throws IOException {
            return RunLog.ofTable(records.getFileSystem(hadoop), records, shown);
        }
    }

    /** Who made a table. */
    enum Origin {
        THIS_RUN,
        EARLIER
    }

    /** What its runs have left. */
    RunLog log(Configuration hadoop) throws IOException;
}
