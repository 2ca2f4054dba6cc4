package io.github.longwing.jobs.output;

import io.github.longwing.error.DidYouMean;
import io.github.longwing.error.UserException;
import io.github.longwing.jobs.commit.CompletedInput;
import io.github.longwing.jobs.commit.OutputRun;
import io.github.longwing.jobs.commit.RunLog;
import io.github.longwing.jobs.commit.RunPlace;
import io.github.longwing.jobs.conf.Redaction;
import io.github.longwing.jobs.session.JobSession;
import io.github.longwing.spark.columns.NameRule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructType;

/**
 * Where the result of a job goes, checked before the job and tidied after one that failed. Nothing is deleted that no job
 * of Longwing made, nor before the new output is complete.
 */
public final class ResultOutput {

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

    /** What paths and tables do each in their own way. */
    sealed interface Place permits FolderPlace, TablePlace {
        State state();

        /** Refuses what the mode cannot do with what is there, and a place that the run reads. */
        void check(OutputMode mode, RunReads reads);

        UserException exists(OutputMode mode);

        /** Whether runs have left their records there, with which another can go on. */
        boolean hasRuns();

        /** What the last run there read, if it is complete. */
        Optional<CompletedInput> completedInput(long limit) throws IOException;

        /** The rows that others would stand beside under append; more than one where they are of several kinds. */
        List<ExistingRows> rows();

        /** Where a run commits its slices; empty where it writes all at once. */
        Optional<RunPlace> slices(OutputRun.Plan plan, OutputMode mode) throws IOException;

        /** The run that committed its slices there is complete: lets readers of the output see them. */
        void publish(OutputMode mode) throws IOException;

        /** Whole, or not at all where the place can promise that. */
        void write(Dataset<Row> result, OutputMode mode, List<String> partitionBy) throws IOException;

        /** Takes away what is left of a write that failed, and says how the output stands. */
        String afterFailure(OutputMode mode) throws IOException;
    }

    private final JobSession session;
    private final Target target;
    private final OutputMode mode;
    private final List<String> partitionBy;
    private final Place place;

    private ResultOutput(JobSession session, Target target, OutputMode mode, List<String> partitionBy, Place place) {
        this.session = session;
        this.target = target;
        this.mode = mode;
        this.partitionBy = List.copyOf(partitionBy);
        this.place = place;
    }

    /** Looks at the target and refuses what would fail later or do harm. */
    public static ResultOutput check(
            JobSession session, Target target, OutputMode mode, List<String> partitionBy, RunReads reads) {
        Place place = target instanceof Files files
                ? FolderPlace.find(files, session, mode)
                : TablePlace.find((Table) target, session);
        if (place.state() == State.EXISTS
                && (mode == OutputMode.ERROR || (mode == OutputMode.RESUME && !place.hasRuns()))) {
            throw place.exists(mode);
        }
        place.check(mode, reads);
        return new ResultOutput(session, target, mode, partitionBy, place);
    }

    /** Whether there is nothing to do. */
    public boolean isIgnored() {
        return place.state() == State.EXISTS && mode == OutputMode.IGNORE;
    }

    /**
     * What the last run of this output read, if it is complete and this one may find so.
     *
     * @param limit of documents, 0 for all
     */
    public Optional<CompletedInput> completedInput(long limit) {
        try {
            return mode == OutputMode.RESUME && place.state() == State.EXISTS
                    ? place.completedInput(limit)
                    : Optional.empty();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e.getMessage(), e);
        }
    }

    public String description() {
        return description(target);
    }

    static String description(Target target) {
        return Redaction.show("output", target.name());
    }

    /** Refuses to partition by a column that the result has not, or that cannot be a directory. */
    public void checkSchema(StructType schema) {
        NameRule rule = NameRule.of(session.spark());
        List<String> names = Arrays.asList(schema.fieldNames());
        Set<String> seen = new HashSet<>();
        for (String column : partitionBy) {
            String name = names.stream()
                    .filter(n -> rule.same(n, column))
                    .findFirst()
                    .orElseThrow(() -> new UserException("Cannot partition the output: --partition-by names " + column
                            + ", expected a column of the output (" + String.join(", ", names)
                            + ")" + DidYouMean.hint(column.toLowerCase(Locale.ROOT), names)
                            + "; add it to --keep-columns"));
            if (!seen.add(name)) {
                throw new UserException("Cannot partition the output: --partition-by names " + column
                        + " more than once, expected each column once; leave one out");
            }
            DataType type = schema.apply(name).dataType();
            if (type instanceof StructType
                    || type instanceof ArrayType
                    || type instanceof MapType
                    || type.typeName().equals("variant")) {
                throw new UserException("Cannot partition the output: --partition-by names " + name + ", which is "
                        + type.simpleString()
                        + ", expected a column of plain values, such as strings, numbers or dates; leave it out");
            }
        }
        if (seen.size() == names.size()) {
            throw new UserException("Cannot partition the output: --partition-by names all of its columns ("
                    + String.join(", ", names) + "), expected fewer; leave some out");
        }
    }

    /**
     * Refuses to append rows that do not go with those that are there.
     *
     * @param model name and fingerprint, where they are known
     */
    public void checkRows(StructType schema, Optional<String> model) {
        checkSchema(schema);
        if (mode != OutputMode.APPEND || place.state() == State.NEW) {
            return;
        }
        for (ExistingRows rows : place.rows()) {
            rows.difference(schema, partitionBy, model).ifPresent(difference -> {
                throw new UserException("Cannot append to " + target.option() + " " + description() + ": "
                        + rows.witness() + " " + difference);
            });
        }
    }

    /**
     * Takes the output for a run that commits slices, and looks at what is there; empty where the output takes all rows at
     * once.
     *
     * @param say is told what takes time
     */
    public Optional<OutputRun> open(OutputRun.Plan plan, Consumer<String> say) {
        try {
            Optional<RunPlace> slices = place.slices(plan, mode);
            return slices.isEmpty() ? Optional.empty() : Optional.of(OutputRun.open(session, slices.get(), plan, say));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e.getMessage(), e);
        }
    }

    /** The run that {@link #open} gave is complete and closed: lets readers see its rows where they do not yet. */
    public void publish() {
        try {
            place.publish(mode);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e.getMessage(), e);
        }
    }

    public void write(Dataset<Row> result) {
        try {
            place.write(result, mode, partitionBy);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e.getMessage(), e);
        }
    }

    /**
     * Takes away what a job that failed has left, so that the same command can run again, and says how the output
     * stands. Not before all tasks have ended.
     */
    public String afterFailure() {
        try {
            return place.afterFailure(mode);
        } catch (IOException e) {
            return description() + " may be incomplete (" + e.getMessage()
                    + "); remove it or run again with --mode overwrite";
        }
    }

    /**
     * Where runs into this directory, or the table that lies in it, have left their records; then the directories beside it
     * where runs have begun to append or to overwrite.
     *
     * @throws IOException if its file system cannot be reached
     */
    public static List<RunLog> logs(String output, Configuration hadoop) throws IOException {
        OutputFolder folder = OutputFolder.at(output, hadoop);
        List<RunLog> logs = new ArrayList<>();
        logs.add(folder.recordsOfTable()
                .map(records -> RunLog.ofTable(folder.fileSystem(), records, Redaction.show("output", output)))
                .orElseGet(() -> new RunLog(folder.fileSystem(), folder.path())));
        FolderReplacement.underWay(folder).forEach(path -> logs.add(new RunLog(folder.fileSystem(), path)));
        return logs;
    }

    /** Refuses to write where the run reads. */
    static void keepApart(Target target, OutputMode mode, RealLocation output, RunReads reads, JobSession session) {
        if (mode == OutputMode.ERROR || mode == OutputMode.IGNORE) {
            return;
        }
        for (RunReads.Place read : reads.inputs(session)) {
            if (output.overlaps(read.location())) {
                throw overlap(target, mode, output, read);
            }
        }
        if (mode == OutputMode.OVERWRITE) {
            for (RunReads.Place read : new ArrayList<>(reads.others(session.hadoopConfiguration()))) {
                if (output.holds(read.location())) {
                    throw overlap(target, mode, output, read);
                }
            }
        }
    }

    private static UserException overlap(Target target, OutputMode mode, RealLocation output, RunReads.Place read) {
        String where = output.equals(read.location())
                ? "is the same place"
                : output.holds(read.location()) ? "lies there" : "holds it";
        String really = " (" + output + ")";
        return new UserException("Cannot "
                + switch (mode) {
                    case OVERWRITE -> "overwrite ";
                    case APPEND -> "append to ";
                    default -> "write ";
                }
                + target.option() + " " + description(target) + really + ": " + read.name() + " " + where
                + ", expected an output apart from what the run reads; name another");
    }
}
