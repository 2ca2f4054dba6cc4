package io.github.longwing.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.github.longwing.onnx.ExternalData;
import io.github.longwing.onnx.GraphBuilder;
import io.github.longwing.onnx.OnnxModelWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Runs a graph with ONNX Runtime: inputs are given one by one, then {@link #run} gives every output. */
public final class GraphRun implements AutoCloseable {
    private final OrtEnvironment environment = NativeRuntime.environment();
    private final OrtSession session;
    private final Map<String, OnnxTensor> inputs = new HashMap<>();

    private GraphRun(OrtSession session) {
        this.session = session;
    }

    /** Writes a graph below a directory and opens it. */
    public static GraphRun of(GraphBuilder graph, Path directory) {
        try {
            Path folder = Files.createTempDirectory(directory, "graph");
            Path file = folder.resolve("graph.onnx");
            try (ExternalData data = new ExternalData(folder.resolve("weights.bin"))) {
                OnnxModelWriter.write(graph, file, data);
            }
            return new GraphRun(Sessions.open(
                    NativeRuntime.environment(), file, SessionSettings.ofThreads(1), Sessions.WeightLayout.MAPPED));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }

    public GraphRun floats(String name, float[] values, long... shape) {
        try {
            return put(name, OnnxTensor.createTensor(environment, FloatBuffer.wrap(values), shape));
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }

    public GraphRun longs(String name, long[] values, long... shape) {
        try {
            return put(name, OnnxTensor.createTensor(environment, LongBuffer.wrap(values), shape));
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }

    private GraphRun put(String name, OnnxTensor tensor) {
        OnnxTensor before = inputs.put(name, tensor);
        if (before != null) {
            before.close();
        }
        return this;
    }

    /** Every output by its name, in row-major order. */
    public Map<String, float[]> run() {
        try (OrtSession.Result result = session.run(inputs)) {
            Map<String, float[]> outputs = new HashMap<>();
            for (Map.Entry<String, OnnxValue> output : result) {
                FloatBuffer buffer = ((OnnxTensor) output.getValue()).getFloatBuffer();
                float[] values = new float[buffer.remaining()];
                buffer.get(values);
                outputs.put(output.getKey(), values);
            }
            return outputs;
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        inputs.values().forEach(OnnxTensor::close);
        Sessions.close(session);
    }
}
