package io.github.longwing.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.github.longwing.model.Graph;
import io.github.longwing.store.ModelDirectory;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Map;

/** Opens the sessions of a model directory, all with the same number of threads. */
final class Sessions {
    /** ONNX Runtime's setting for a run: release the memory of its activations at its end. */
    private static final String SHRINK_ARENA = "memory.enable_memory_arena_shrinkage";

    private static final String CPU_ARENA = "cpu:0";

    private Sessions() {}

    /** How a session keeps its weights. */
    enum WeightLayout {
        /**
         * Mapped from disk, shared by all processes of a host: for runs over many rows, where packing during the run
         * costs little.
         */
        MAPPED,
        /** Packed once into private memory: for runs over few rows, where packing during the run costs most of the time. */
        PACKED
    }

    static OrtSession open(OrtEnvironment environment, Path graph, SessionSettings settings, WeightLayout layout)
            throws OrtException {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(settings.threads());
            options.setInterOpNumThreads(1);
            options.setMemoryPatternOptimization(false); // every document has its own lengths
            options.addConfigEntry(
                    "session.intra_op.allow_spinning",
                    settings.waiting() == SessionSettings.Waiting.SPINNING ? "1" : "0");
            if (settings.profiles().isPresent()) {
                String name = graph.getFileName().toString().replace(".onnx", "");
                options.enableProfiling(settings.profiles().get().resolve(name).toString());
            }
            options.addConfigEntry("session.disable_prepacking", layout == WeightLayout.MAPPED ? "1" : "0");
            return environment.createSession(graph.toString(), options);
        }
    }

    /**
     * Opens a graph of a model directory and checks that it has the inputs and outputs that the model's config asks for.
     *
     * @throws io.github.longwing.error.UserException naming the graph's file and the input or output that differs
     */
    static OrtSession open(
            OrtEnvironment environment,
            ModelDirectory model,
            Graph graph,
            SessionSettings settings,
            WeightLayout layout)
            throws OrtException {
        OrtSession session = open(environment, model.graphFile(graph), settings, layout);
        try {
            SignatureCheck.check(model, graph, session);
            return session;
        } catch (OrtException | RuntimeException | Error e) {
            session.close();
            throw e;
        }
    }

    /**
     * Runs over one whole document. At its end the memory of the activations is released for the next session.
     *
     * @param verb for messages, such as {@code encode}
     */
    static OrtSession.Result runDocument(
            OrtSession session, Map<String, OnnxTensor> inputs, Cancellation cancellation, String verb, int tokens) {
        try {
            return cancellation.run(options -> {
                options.addRunConfigEntry(SHRINK_ARENA, CPU_ARENA);
                return session.run(inputs, options);
            });
        } catch (OrtException e) {
            throw NativeFailure.ofDocument(verb, tokens, e);
        }
    }

    /** An output, copied to the heap. */
    static FloatBuffer buffer(OrtSession.Result result, String output) {
        return ((OnnxTensor) result.get(output).orElseThrow()).getFloatBuffer();
    }

    /** An output, copied to the heap. */
    static float[] floats(OrtSession.Result result, String output) {
        FloatBuffer buffer = buffer(result, output);
        float[] values = new float[buffer.remaining()];
        buffer.get(values);
        return values;
    }

    static void close(OrtSession session) {
        try {
            session.close();
        } catch (OrtException e) {
            throw NativeFailure.of("close a session", e);
        }
    }
}
