package io.github.longwing.runtime;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.file.Path;

/** Opens the sessions of a model directory, all with the same number of threads. */
final class Sessions {
    private Sessions() {}

    /** How a session treats its weights. */
    enum WeightLayout {
        /**
         * As mapped from disk, shared by all processes of a host: for runs over many rows, in which packing on the way
         * costs nothing.
         */
        MAPPED,
        /** Packed once into private memory: for runs over few rows, in which packing on the way costs most of the time. */
        PACKED
    }

    static OrtSession open(OrtEnvironment environment, Path graph, int threads, WeightLayout layout)
            throws OrtException {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(threads);
            options.setInterOpNumThreads(1);
            options.setMemoryPatternOptimization(false); // every document has its own lengths
            options.addConfigEntry(
                    "session.intra_op.allow_spinning", "0"); // task threads and neighbours need the cores
            options.addConfigEntry("session.disable_prepacking", layout == WeightLayout.MAPPED ? "1" : "0");
            return environment.createSession(graph.toString(), options);
        }
    }

    static void close(OrtSession session) {
        try {
            session.close();
        } catch (OrtException e) {
            throw NativeFailure.of("close a session", e);
        }
    }
}
