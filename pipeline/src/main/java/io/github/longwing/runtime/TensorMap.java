package io.github.longwing.runtime;

import ai.onnxruntime.OnnxTensor;
import java.util.HashMap;
import java.util.Map;

/** The input tensors of one run, closed together. */
final class TensorMap implements AutoCloseable {
    private final Map<String, OnnxTensor> tensors = new HashMap<>();

    void put(String name, OnnxTensor tensor) {
        tensors.put(name, tensor);
    }

    Map<String, OnnxTensor> tensors() {
        return tensors;
    }

    @Override
    public void close() {
        tensors.values().forEach(OnnxTensor::close);
        tensors.clear();
    }
}
