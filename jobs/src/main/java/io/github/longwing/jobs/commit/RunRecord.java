package io.github.longwing.jobs.commit;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * One run into an output.
 *
 * @param id the second in which it began, and letters that tell it from others
 * @param process which process it is
 * @param begun when it began; {@code ended} is null while it runs, and of a run that was killed
 * @param settings what all of its rows have in common, see {@link Settings}
 * @param limit of documents; 0 for all
 * @param inputs files of the input; -1 where they are unknown
 * @param documents rows that it had committed when it ended, {@code errors} those among them
 * @param changes what it is to change besides adding what is missing
 * @param columns of the input, as JSON; null in records of earlier versions
 * @param buckets over how many partitions it spread its rows by hash; 0 by work, and in records of earlier versions
 * @param version of the table that it read; null where it read none, or one without versions
 */
public record RunRecord(
        String id,
        ProcessIdentity process,
        String begun,
        String ended,
        State state,
        Settings settings,
        long limit,
        long inputs,
        long documents,
        long errors,
        Set<Change> changes,
        String columns,
        int buckets,
        String version) {

    /** How a run stands or ended. */
    public enum State {
        RUNNING,
        /** By a signal or by the clock; what was finished is committed. */
        STOPPED,
        FAILED,
        /** All documents of its input are committed. */
        COMPLETE
    }

    /**
     * What rows of an output have in common.
     *
     * @param job the command
     * @param fingerprint of task, model and options
     * @param model name and fingerprint
     * @param schema of the rows, as JSON
     * @param options that change rows, in words, by name
     */
    public record Settings(String job, String fingerprint, String model, String schema, Map<String, String> options) {
        public Settings {
            Objects.requireNonNull(job, "job");
            Objects.requireNonNull(fingerprint, "fingerprint");
            Objects.requireNonNull(model, "model");
            Objects.requireNonNull(schema, "schema");
            options = new TreeMap<>(options);
        }
    }

    public RunRecord {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(process, "process");
        Objects.requireNonNull(begun, "begun");
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(settings, "settings");
        changes = changes == null ? Set.of() : Set.copyOf(changes); // records of earlier versions have none
    }

    static RunRecord begin(
            String id,
            Settings settings,
            long limit,
            long inputs,
            Set<Change> changes,
            String columns,
            int buckets,
            String version) {
        return new RunRecord(
                id,
                ProcessIdentity.current(),
                Instant.now().toString(),
                null,
                State.RUNNING,
                settings,
                limit,
                inputs,
                0,
                0,
                changes,
                columns,
                buckets,
                version);
    }

    RunRecord ended(State how, long allDocuments, long allErrors) {
        return new RunRecord(
                id,
                process,
                begun,
                Instant.now().toString(),
                how,
                settings,
                limit,
                inputs,
                allDocuments,
                allErrors,
                changes,
                columns,
                buckets,
                version);
    }
}
