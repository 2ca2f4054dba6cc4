package io.github.longwing.jobs.output;

import io.github.longwing.error.UserException;
import io.github.longwing.jobs.commit.CompletedInput;
import io.github.longwing.jobs.commit.OutputRun;
import io.github.longwing.jobs.commit.RunLog;
import io.github.longwing.jobs.commit.RunPlace;
import io.github.longwing.jobs.conf.Redaction;
import io.github.longwing.jobs.console.FileFailure;
import io.github.longwing.jobs.session.JobSession;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;

/** An output that is a directory of Parquet files. */
final class FolderPlace implements ResultOutput.Place {
    private static final String UNFINISHED = "_temporary";
    private static final String OVERWRITE_MODE = "spark.sql.sources.partitionOverwriteMode";

    private final JobSession session;
    private final ResultOutput.Files target;
    private final OutputFolder folder;
    private final ResultOutput.State state;
    private Optional<FolderReplacement> replacement = Optional.empty();

    private FolderPlace(JobSession session, ResultOutput.Files target, OutputFolder folder, ResultOutput.State state) {
        this.session = session;
        this.target = target;
        this.folder = folder;
        this.state = state;
    }

    static FolderPlace find(ResultOutput.Files target, JobSession session, OutputMode mode) {
        if (target.name().isBlank()) {
            throw new UserException("Cannot write --output \"" + target.name()
                    + "\": it is empty, expected a path or a URI that Hadoop's file systems write; name one");
        }
        try {
            OutputFolder folder = OutputFolder.at(target.name(), session.hadoopConfiguration());
            if (mode == OutputMode.OVERWRITE || !folder.exists()) {
                FolderReplacement.recover(folder);
            }
            boolean exists = folder.exists();
            if (exists && mode != OutputMode.ERROR && folder.isFile()) {
                throw new UserException("Cannot write --output " + ResultOutput.description(target)
                        + ": it is a file, expected a directory or a path that is new; name another");
            }
            return new FolderPlace(
                    session, target, folder, exists ? ResultOutput.State.EXISTS : ResultOutput.State.NEW);
        } catch (IOException | IllegalArgumentException e) {
            throw unusable(target, e);
        }
    }

    @Override
    public ResultOutput.State state() {
        return state;
    }

    @Override
    public void check(OutputMode mode, RunReads reads) {
        ResultOutput.keepApart(target, mode, folder.location(), reads, session);
        if (state == ResultOutput.State.NEW) {
            return;
        }
        try {
            if (mode == OutputMode.OVERWRITE) {
                checkOverwrite();
            } else if (mode == OutputMode.APPEND) {
                folder.unreadable().ifPresent(name -> {
                    throw new UserException("Cannot append to --output " + ResultOutput.description(target)
                            + ": it holds " + name
                            + ", expected Parquet files alone, so that readers see what is added;"
                            + " name another");
                });
            }
        } catch (IOException e) {
            throw unusable(target, e);
        }
    }

    private void checkOverwrite() throws IOException {
        folder.foreign().ifPresent(name -> {
            throw new UserException("Cannot overwrite --output " + ResultOutput.description(target) + ": it holds "
                    + name + ", expected nothing but the output of a job of Longwing; name another, or remove it"
                    + " yourself");
        });
        if (session.spark()
                .conf()
                .get(OVERWRITE_MODE, "static")
                .toLowerCase(Locale.ROOT)
                .equals("dynamic")) {
            throw new UserException(
                    "Cannot overwrite --output " + ResultOutput.description(target) + ": " + OVERWRITE_MODE
                            + " is dynamic, expected static, since the whole output is replaced; leave it out");
        }
        FolderReplacement.of(folder).requireRoom();
    }

    @Override
    public UserException exists(OutputMode mode) {
        return isUnfinished()
                ? new UserException("Cannot write --output " + ResultOutput.description(target)
                        + ": it holds the rest of a run that did not end, expected a path that is new; remove it, or use "
                        + "--mode overwrite")
                : new UserException("Cannot write --output " + ResultOutput.description(target)
                        + ": it exists already"
                        + (mode == OutputMode.RESUME ? " and has no record of a run" : "")
                        + ", expected a path that is new; name another, or use --mode append,"
                        + " overwrite or ignore");
    }

    @Override
    public boolean hasRuns() {
        try {
            return !log().runs().isEmpty() || folder.isEmpty();
        } catch (IOException e) {
            throw unusable(target, e);
        }
    }

    @Override
    public Optional<CompletedInput> completedInput(long limit) throws IOException {
        return CompletedInput.of(log(), limit);
    }

    private RunLog log() {
        return new RunLog(folder.fileSystem(), folder.path());
    }

    @Override
    public Optional<RunPlace> slices(OutputRun.Plan plan, OutputMode mode) throws IOException {
        boolean inPlace = state == ResultOutput.State.NEW
                || (mode != OutputMode.APPEND && mode != OutputMode.OVERWRITE)
                || OutputRun.isUnfinished(log(), plan);
        if (inPlace) {
            return Optional.of(new RunPlace.Folder(folder.path()));
        }
        FolderReplacement beside = FolderReplacement.find(
                folder,
                mode == OutputMode.APPEND ? FolderReplacement.Kind.ADDED : FolderReplacement.Kind.NEW,
                path -> OutputRun.isOf(new RunLog(folder.fileSystem(), path), plan));
        replacement = Optional.of(beside);
        return Optional.of(new RunPlace.Folder(beside.staging()));
    }

    @Override
    public void publish(OutputMode mode) throws IOException {
        if (replacement.isEmpty()) {
            return;
        }
        if (mode == OutputMode.APPEND) {
            OutputRun.add(new RunLog(folder.fileSystem(), replacement.get().staging()), log());
        } else {
            replacement.get().commit();
        }
    }

    @Override
    public List<ExistingRows> rows() {
        try {
            return folder.rows();
        } catch (IOException e) {
            throw unusable(target, e);
        }
    }

    @Override
    public void write(Dataset<Row> result, OutputMode mode, List<String> partitionBy) throws IOException {
        String[] columns = partitionBy.toArray(String[]::new);
        if (state == ResultOutput.State.EXISTS && mode == OutputMode.OVERWRITE) {
            FolderReplacement replaced = FolderReplacement.of(folder);
            replacement = Optional.of(replaced);
            result.write()
                    .mode(SaveMode.ErrorIfExists)
                    .partitionBy(columns)
                    .parquet(replaced.staging().toString());
            replaced.commit();
        } else {
            SaveMode saveMode = mode == OutputMode.OVERWRITE ? SaveMode.ErrorIfExists : mode.saveMode();
            result.write().mode(saveMode).partitionBy(columns).parquet(target.name());
        }
    }

    @Override
    public String afterFailure(OutputMode mode) throws IOException {
        String description = ResultOutput.description(target);
        if (replacement.isPresent()) {
            return replacement.get().standing(description);
        }
        if (state == ResultOutput.State.EXISTS) {
            return mode == OutputMode.APPEND
                    ? "nothing was added to " + description
                    : "what " + description + " held is still there";
        }
        FileSystem fileSystem = folder.fileSystem();
        Path path = folder.path();
        if (!fileSystem.exists(path)) {
            return "nothing was written to " + description;
        }
        if (isEmpty(fileSystem.listStatus(path))) {
            if (!fileSystem.exists(log().folder())) { // else the run that closes it deletes it
                fileSystem.delete(path, true);
            }
            return "nothing was written to " + description;
        }
        return description + " is incomplete; remove it or run again with --mode overwrite";
    }

    private boolean isUnfinished() {
        try {
            return folder.fileSystem().exists(new Path(folder.path(), UNFINISHED));
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isEmpty(FileStatus[] files) {
        return Arrays.stream(files)
                .map(file -> file.getPath().getName())
                .allMatch(Set.of(UNFINISHED, RunLog.NAME)::contains);
    }

    private static UserException unusable(ResultOutput.Files target, Exception e) {
        return new UserException(
                "Cannot write --output " + Redaction.show("output", target.name()) + ": " + FileFailure.reason(e)
                        + ", expected a path or a URI that Hadoop's file systems write; name another",
                e);
    }
}
