package io.github.longwing.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtSession;
import io.github.longwing.nn.GraphNames;

/**
 * The cross-attention keys and values of one document, in native memory until closed: 8 * layers * size bytes for each
 * token, whatever the number of beams. Not thread-safe.
 */
public final class EncodedDocument implements AutoCloseable {
    private final OrtSession.Result result;
    private final int tokens;

    EncodedDocument(OrtSession.Result result, int tokens) {
        this.result = result;
        this.tokens = tokens;
    }

    public int tokens() {
        return tokens;
    }

    /** [H, S, D]. */
    OnnxTensor key(int layer) {
        return tensor(GraphNames.crossKey(layer));
    }

    /** [H, D, S]. */
    OnnxTensor value(int layer) {
        return tensor(GraphNames.crossValue(layer));
    }

    private OnnxTensor tensor(String name) {
        return (OnnxTensor) result.get(name).orElseThrow();
    }

    @Override
    public void close() {
        result.close();
    }
}
