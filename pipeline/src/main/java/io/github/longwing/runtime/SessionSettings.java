package io.github.longwing.runtime;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How the sessions of a model run.
 *
 * @param threads of each session
 * @param profiles the directory where each session writes a profile of its operators at its close; none where empty
 */
public record SessionSettings(int threads, Waiting waiting, Optional<Path> profiles) {

    /** What threads do between two operations. */
    public enum Waiting {
        /** They sleep: task threads and neighbours need the cores. */
        SLEEPING,
        /** They ask again and again: a little sooner at work, on cores that nobody else needs. */
        SPINNING
    }

    /** Those of a job. */
    public static SessionSettings ofThreads(int threads) {
        return new SessionSettings(threads, Waiting.SLEEPING, Optional.empty());
    }
}
