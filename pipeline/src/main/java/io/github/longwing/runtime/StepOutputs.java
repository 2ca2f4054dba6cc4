package io.github.longwing.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import io.github.longwing.config.BigBirdPegasusConfig;
import io.github.longwing.model.BigBirdPegasus;
import io.github.longwing.nn.DecoderSlots;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.Map;

/**
 * Memory that a decoder step of R rows writes its results into, used again by every step of as many rows. Not
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
        add(environment, BigBirdPegasus.LOGITS, config.vocabSize());
        add(environment, BigBirdPegasus.LOG_PROBS, config.vocabSize());
        for (int layer = 0; layer < layers; layer++) {
            add(environment, DecoderSlots.newKeyName(layer), config.dModel());
            add(environment, DecoderSlots.newValueName(layer), config.dModel());
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
        return buffers.get(BigBirdPegasus.LOGITS);
    }

    FloatBuffer logProbs() {
        return buffers.get(BigBirdPegasus.LOG_PROBS);
    }

    FloatBuffer newKeys(int layer) {
        return buffers.get(DecoderSlots.newKeyName(layer));
    }

    FloatBuffer newValues(int layer) {
        return buffers.get(DecoderSlots.newValueName(layer));
    }

    @Override
    public void close() {
        tensors.values().forEach(OnnxTensor::close);
        memory.close();
    }
}
