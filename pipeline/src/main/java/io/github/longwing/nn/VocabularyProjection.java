package io.github.longwing.nn;

import io.github.longwing.checkpoint.Tensor;
import io.github.longwing.onnx.GraphBuilder;
import io.github.longwing.onnx.Value;

/** Hidden states to logits: {@code x @ weight^T + bias}, the weight [V, d] mostly the shared embedding. */
public final class VocabularyProjection {
    private final Tensor weight;
    private final Tensor bias;
    private final Arithmetic arithmetic;

    /**
     * Takes the weight and the bias of the output.
     *
     * @param bias as [1, V]
     */
    public VocabularyProjection(Tensor weight, Tensor bias, Arithmetic arithmetic) {
        this.weight = weight;
        this.bias = bias;
        this.arithmetic = arithmetic;
    }

    /** [rows, V] for hidden states [rows, d]. */
    public Value build(GraphBuilder g, Value x) {
        Value biasRow = g.parameter(bias.name(), Parameter.of(bias));
        return switch (arithmetic) {
            // the embedding's own layout: no second copy of the largest weight in the file
            case FLOAT32 -> x.gemmTransposed(g.parameter(weight.name(), Parameter.of(weight)), biasRow);
            case INT8_BY_INPUT, INT8_BY_ROW -> new BlockQuantization(weight).multiply(g, x).add(biasRow);
        };
    }
}
