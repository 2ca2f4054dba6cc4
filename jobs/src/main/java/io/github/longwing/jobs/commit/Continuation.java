package io.github.longwing.jobs.commit;

import io.github.longwing.error.UserException;
import io.github.longwing.jobs.commit.RunLog.InputLine;
import io.github.longwing.jobs.commit.RunRecord.Settings;
import io.github.longwing.spark.files.SourceFile;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** How a run goes on with what earlier ones have left in its output. */
public enum Continuation {
    /** Nothing is there yet. */
    NEW,
    /** Rows may be missing. */
    INCOMPLETE,
    /** All rows of this input are there. */
    COMPLETE;

    /**
     * Compares a run with the last one.
     *
     * @param files of the input, where they are known
     * @param version of a table that is the input, where it is known
     * @param limit of documents, 0 for all
     * @param errors rows with an error that are committed
     * @throws UserException naming what differs, with its old and its new value
     */
    static Continuation of(
            RunLog log,
            List<RunRecord> runs,
            Settings settings,
            Optional<List<SourceFile>> files,
            Optional<String> version,
            long limit,
            Set<Change> changes,
            long errors)
            throws IOException {
        if (runs.isEmpty()) {
            return NEW;
        }
        RunRecord last = runs.get(runs.size() - 1);
        String output = log.name();
        requireSame(output, last.settings(), settings);
        if (atMost(limit) < atMost(last.limit())) {
            throw differs(
                    output,
                    "limit",
                    last.limit() == 0 ? "not set" : String.valueOf(last.limit()),
                    String.valueOf(limit),
                    "raise it");
        }
        long changed = changed(log, last, files);
        if (changed > 0 && !changes.contains(Change.INPUTS)) {
            throw new UserException("Cannot go on with " + output + ": " + changed
                    + (changed == 1 ? " file of the input is" : " files of the input are")
                    + " new, changed or gone since run " + last.id()
                    + ", expected the same input; compute what is new with --incremental, or name another output");
        }
        boolean same = changed == 0
                && (files.isPresent()
                        || version.filter(v -> v.equals(last.version())).isPresent())
                && limit == last.limit()
                && !(changes.contains(Change.ERRORS) && errors > 0)
                && (!changes.contains(Change.GONE) || last.changes().contains(Change.GONE));
        return same && last.state() == RunRecord.State.COMPLETE ? COMPLETE : INCOMPLETE;
    }

    private static long atMost(long limit) {
        return limit == 0 ? Long.MAX_VALUE : limit;
    }

    private static void requireSame(String output, Settings before, Settings now) {
        if (!before.job().equals(now.job())) {
            throw differs(output, "job", before.job(), now.job(), "name another output");
        }
        if (!before.model().equals(now.model())) {
            throw differs(output, "model", before.model(), now.model(), "name the model of those rows");
        }
        TreeSet<String> names = new TreeSet<>(before.options().keySet());
        names.addAll(now.options().keySet());
        for (String name : names) {
            String old = before.options().get(name);
            String fresh = now.options().get(name);
            if (!Objects.equals(old, fresh)) {
                throw differs(
                        output,
                        "--" + name,
                        Objects.requireNonNullElse(old, "not set"),
                        Objects.requireNonNullElse(fresh, "not set"),
                        "give the option of that run");
            }
        }
        if (!before.schema().equals(now.schema()) || !before.fingerprint().equals(now.fingerprint())) {
            throw new UserException("Cannot go on with " + output
                    + ": its rows have other columns or come from another version of the engine, expected the same;"
                    + " name another output, or write it anew with --mode overwrite");
        }
    }

    private static UserException differs(String output, String what, String before, String now, String remedy) {
        return new UserException("Cannot go on with " + output + ": " + what + " was " + before + " and is " + now
                + ", expected the same; " + remedy + ", name another output, or write it anew with --mode overwrite");
    }

    private static long changed(RunLog log, RunRecord last, Optional<List<SourceFile>> files) throws IOException {
        Optional<Map<String, InputLine>> before = log.inputs(last.id());
        if (before.isEmpty() || files.isEmpty()) {
            return 0;
        }
        Map<String, InputLine> left = new HashMap<>(before.get());
        Map<String, InputLine> now = files.get().stream()
                .map(InputLine::new)
                .collect(Collectors.toMap(InputLine::path, f -> f, (a, b) -> a));
        long changed = 0;
        for (InputLine file : now.values()) {
            if (!file.equals(left.remove(file.path()))) {
                changed++;
            }
        }
        return changed + left.size();
    }
}
