package io.github.longwing.jobs.output;

import io.github.longwing.spark.columns.NameRule;
import io.github.longwing.error.DidYouMean;
import io.github.longwing.error.UserException;
import io.github.longwing.jobs.conf.Redaction;
import io.github.longwing.jobs.console.Failures;
import io.github.longwing.jobs.input.DocumentInput;
import io.github.longwing.jobs.input.InputPaths;
import io.github.longwing.jobs.session.JobSession;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/** Where the result of a job goes, checked before the job and tidied after one that failed. */
public final class ResultOutput {
    private static final String UNFINISHED = "_temporary";

    /** A path or a table. */
    public sealed interface Target {
        String option();

        String name();
    }

    public record Files(String name) implements Target {
        @Override
        public String option() {
            return "--output";
        }
    }

    public record Table(String name) implements Target {
        @Override
        public String option() {
            return "--output-table";
        }
    }

    /** What was found where the output goes. */
    enum State {
        NEW,
        EXISTS
    }

    private final JobSession session;
    private final Target target;
    private final OutputMode mode;
    private final List<String> partitionBy;
    private final State state;

    private ResultOutput(JobSession session, Target target, OutputMode mode, List<String> partitionBy, State state) {
        this.session = session;
        this.target = target;
        this.mode = mode;
        this.partitionBy = List.copyOf(partitionBy);
        this.state = state;
    }

    /** Looks at the target and refuses what would fail later or do harm. */
    public static ResultOutput check(
            JobSession session, Target target, OutputMode mode, List<String> partitionBy, DocumentInput input) {
        State state = target instanceof Files files
                ? check(files, mode, input, session.hadoopConfiguration())
                : check((Table) target, session);
        ResultOutput output = new ResultOutput(session, target, mode, partitionBy, state);
        if (state == State.EXISTS && mode == OutputMode.ERROR) {
            throw output.exists();
        }
        return output;
    }

    /** Whether there is nothing to do. */
    public boolean isIgnored() {
        return state == State.EXISTS && mode == OutputMode.IGNORE;
    }

    public String description() {
        return Redaction.show("output", target.name());
    }

    /** Refuses to partition by a column that the result has not. */
    public void checkSchema(StructType schema) {
        NameRule rule = NameRule.of(session.spark());
        List<String> names = Arrays.asList(schema.fieldNames());
        for (String column : partitionBy) {
            boolean found = names.stream().anyMatch(name -> rule.same(name, column));
            if (!found) {
                throw new UserException("Cannot partition the output: --partition-by names " + column
                        + ", expected a column of the output (" + String.join(", ", names)
                        + ")" + DidYouMean.hint(column.toLowerCase(Locale.ROOT), names)
                        + "; add it to --keep-columns");
            }
        }
        if (partitionBy.size() == names.size()) {
            throw new UserException("Cannot partition the output: --partition-by names all of its columns ("
                    + String.join(", ", names) + "), expected fewer; leave some out");
        }
    }

    public void write(Dataset<Row> result) {
        DataFrameWriter<Row> writer =
                result.write().mode(mode.saveMode()).partitionBy(partitionBy.toArray(String[]::new));
        if (target instanceof Files files) {
            writer.parquet(files.name());
        } else {
            writer.saveAsTable(target.name());
        }
    }

    /**
     * Takes away the empty directory that Spark leaves of a job that failed, so that the same command can run again,
     * and says how the output stands.
     */
    public String afterFailure() {
        if (!(target instanceof Files files)) {
            return "nothing was added to " + description();
        }
        Path path = new Path(files.name());
        try {
            FileSystem fileSystem = path.getFileSystem(session.hadoopConfiguration());
            if (!fileSystem.exists(path)) {
                return "nothing was written to " + description();
            }
            if (state == State.EXISTS && mode == OutputMode.APPEND) {
                return "nothing was added to " + description();
            }
            if (isEmpty(fileSystem.listStatus(path))) {
                fileSystem.delete(path, true);
                return "nothing was written to " + description()
                        + (state == State.EXISTS ? ", and what it held is gone" : "");
            }
            return description() + " is incomplete; remove it or run again with --mode overwrite";
        } catch (IOException e) {
            return description() + " may be incomplete (" + e.getMessage()
                    + "); remove it or run again with --mode overwrite";
        }
    }

    private static State check(Files files, OutputMode mode, DocumentInput input, Configuration hadoop) {
        try {
            Path path = new Path(files.name());
            FileSystem fileSystem = path.getFileSystem(hadoop);
            Path qualified = fileSystem.makeQualified(path);
            if (!fileSystem.exists(path)) {
                return State.NEW;
            }
            if (mode != OutputMode.ERROR && fileSystem.getFileStatus(path).isFile()) {
                throw new UserException("Cannot write --output " + Redaction.show("output", files.name())
                        + ": it is a file, expected a directory or a path that is new; name another");
            }
            if (mode == OutputMode.OVERWRITE) {
                refuseToOverwriteTheInput(files, qualified, input, hadoop);
            }
            return State.EXISTS;
        } catch (IOException | IllegalArgumentException e) {
            throw new UserException(
                    "Cannot write --output " + Redaction.show("output", files.name()) + ": " + e.getMessage()
                            + ", expected a path or a URI that Hadoop's file systems write",
                    e);
        }
    }

    private static void refuseToOverwriteTheInput(Files files, Path output, DocumentInput input, Configuration hadoop)
            throws IOException {
        if (!(input instanceof DocumentInput.Files inputFiles)) {
            return;
        }
        String overwritten = output.toUri().getPath() + "/";
        for (FileStatus status : InputPaths.find(inputFiles.paths(), hadoop).found()) {
            if ((status.getPath().toUri().getPath() + "/").startsWith(overwritten)) {
                throw new UserException("Cannot overwrite --output " + Redaction.show("output", files.name())
                        + ": the input " + status.getPath().toUri().getPath()
                        + " lies there, expected another path; name a new one");
            }
        }
    }

    private static State check(Table table, JobSession session) {
        SparkSession spark = session.spark();
        try {
            if (forgetsTables(session) && !table.name().contains(".")) {
                throw new UserException("Cannot write --output-table " + table.name()
                        + ": the embedded Spark keeps its catalog in memory and forgets the table at the end, "
                        + "expected a lasting catalog; use --output, or an installed Spark with a metastore");
            }
            return spark.catalog().tableExists(table.name()) ? State.EXISTS : State.NEW;
        } catch (Exception e) { // AnalysisException, which Scala does not declare
            if (e instanceof AnalysisException) {
                throw new UserException(
                        "Cannot write --output-table " + table.name() + ": " + Failures.firstLine(e)
                                + ", expected [CATALOG.][DATABASE.]NAME",
                        e);
            }
            throw e;
        }
    }

    private static boolean forgetsTables(JobSession session) {
        return session.ownership() == JobSession.Ownership.OWNED
                && session.spark()
                        .conf()
                        .get("spark.sql.catalogImplementation", "in-memory")
                        .equals("in-memory");
    }

    private UserException exists() {
        String remedy = "name another, or use --mode append, overwrite or ignore";
        if (target instanceof Files files && isUnfinished(files)) {
            return new UserException("Cannot write --output " + description()
                    + ": it holds the rest of a run that did not end, expected a path that is new; remove it, or use "
                    + "--mode overwrite");
        }
        String what = target instanceof Files ? "a path that is new" : "a table that is new";
        return new UserException("Cannot write " + target.option() + " " + description()
                + ": it exists already, expected " + what + "; " + remedy);
    }

    private boolean isUnfinished(Files files) {
        try {
            Path path = new Path(files.name());
            return path.getFileSystem(session.hadoopConfiguration()).exists(new Path(path, UNFINISHED));
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isEmpty(FileStatus[] files) {
        return Arrays.stream(files).allMatch(file -> file.getPath().getName().equals(UNFINISHED));
    }
}
