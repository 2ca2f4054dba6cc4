package io.github.longwing.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import io.github.longwing.config.BigBirdPegasusConfig;
import io.github.longwing.nn.GraphNames;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.Map;

/**
 * The memory that decoder steps of R rows write their outputs to; steps of the same number of rows share it. Not
 * thread-safe.
 */
final class StepOutputs implements AutoCloseable {
    private final NativeMemory memory;
    private final Map<String, OnnxTensor> tensors = new HashMap<>();
    private final Map<String, FloatBuffer> buffers = new HashMap<>();
    private final int rows;
    private long used;

    StepOutputs(OrtEnvironment environment, BigBirdPegasusConfig config, int rows) throws OrtException {
        this.rows = rows;
        int layers = config.decoderLayers();
        this.memory = NativeMemory.ofFloats(2L * rows * config.vocabSize() + 2L * layers * rows * config.dModel());
        add(environment, GraphNames.LOGITS, config.vocabSize());
        add(environment, GraphNames.LOG_PROBS, config.vocabSize());
        for (int layer = 0; layer < layers; layer++) {
            add(environment, GraphNames.newKey(layer), config.dModel());
            add(environment, GraphNames.newValue(layer), config.dModel());
        }
    }

    private void add(OrtEnvironment environment, String name, int width) throws OrtException {
        long size = (long) rows * width;
        FloatBuffer buffer = memory.floats(used, size);
        used += size;
        buffers.put(name, buffer);
        tensors.put(name, OnnxTensor.createTensor(environment, buffer, new long[] {rows, width}));
    }

    int rows() {
        return rows;
    }

    Map<String, OnnxTensor> tensors() {
        return tensors;
    }

    FloatBuffer logits() {
        return buffers.get(GraphNames.LOGITS);
    }

    FloatBuffer logProbs() {
        return buffers.get(GraphNames.LOG_PROBS);
    }

    FloatBuffer newKeys(int layer) {
        return buffers.get(GraphNames.newKey(layer));
    }

    FloatBuffer newValues(int layer) {
        return buffers.get(GraphNames.newValue(layer));
    }

    @Override
    public void close() {
        tensors.values().forEach(OnnxTensor::close);
        memory.close();
    }
}
