package io.github.longwing.nn;

import io.github.longwing.checkpoint.Tensor;
import io.github.longwing.onnx.GraphBuilder;
import io.github.longwing.onnx.TensorData;
import io.github.longwing.onnx.Value;

/** A table of vectors, looked up by index. */
public final class Embedding {
    private final String name;
    private final TensorData table;

    private Embedding(String name, TensorData table) {
        this.name = name;
        this.table = table;
    }

    public static Embedding of(Tensor weight) {
        return new Embedding(weight.name(), Parameter.of(weight));
    }

    /** With one more row, of zeros, for positions that have no vector. */
    public static Embedding withZeroRow(Tensor weight) {
        return new Embedding(weight.name() + " and zeros", Parameter.withZeroRow(weight));
    }

    /** The table itself, [rows, size]: the weight that an output layer may be tied to. */
    public Value table(GraphBuilder g) {
        return g.parameter(name, table);
    }

    /** [.., size] for indices [..]. */
    public Value build(GraphBuilder g, Value indices) {
        return table(g).gather(indices, 0);
    }
}
