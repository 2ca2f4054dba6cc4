package io.github.longwing.onnx;

import java.util.Map;

/** The inputs and outputs of a graph by their names: what whoever runs it has to give, and gets. */
public record GraphSignature(Map<String, Port> inputs, Map<String, Port> outputs) {
    public GraphSignature {
        inputs = Map.copyOf(inputs);
        outputs = Map.copyOf(outputs);
    }

    /** One input or output. */
    public record Port(DataType type, Shape shape) {
        @Override
        public String toString() {
            return type + " " + shape;
        }
    }
}
