package io.github.longwing.onnx;

import java.util.List;

/** One operation of a graph, by the names of its values. */
record Node(Op op, String name, List<String> inputs, List<String> outputs, List<Attribute> attributes) {
    Node {
        op.checkInputs(inputs.size());
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        attributes = List.copyOf(attributes);
    }
}
