package io.github.longwing.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtSession;

/** The encoder's states of one document, [tokens, size], in native memory until closed. Not thread-safe. */
public final class HiddenStates implements AutoCloseable {
    private final OrtSession.Result result;
    private final int tokens;
    private final int size;

    HiddenStates(OrtSession.Result result, int tokens, int size) {
        this.result = result;
        this.tokens = tokens;
        this.size = size;
    }

    public int tokens() {
        return tokens;
    }

    OnnxTensor tensor() {
        return (OnnxTensor) result.get(0);
    }

    /** All states in row-major order, copied to the heap. */
    public float[] toArray() {
        float[] states = new float[tokens * size];
        tensor().getFloatBuffer().get(states);
        return states;
    }

    @Override
    public void close() {
        result.close();
    }
}
