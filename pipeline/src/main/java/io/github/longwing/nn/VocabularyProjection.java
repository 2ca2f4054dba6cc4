package io.github.longwing.nn;

import io.github.longwing.checkpoint.Tensor;
import io.github.longwing.onnx.GraphBuilder;
import io.github.longwing.onnx.TensorData;
import io.github.longwing.onnx.Value;
import java.util.Optional;

/** Hidden states to logits: {@code x @ weight^T + bias}, the weight [V, d] mostly the shared embedding. */
public final class VocabularyProjection {
    private final Tensor weight;
    private final Optional<Tensor> bias;
    private final int vocabSize;
    private final Arithmetic arithmetic;

    /**
     * Takes the weight and the bias of the output.
     *
     * @param bias as [1, V]; zeros where it is missing
     */
    public VocabularyProjection(Tensor weight, Optional<Tensor> bias, int vocabSize, Arithmetic arithmetic) {
        this.weight = weight;
        this.bias = bias;
        this.vocabSize = vocabSize;
        this.arithmetic = arithmetic;
    }

    /** [rows, V] for hidden states [rows, d]. */
    public Value build(GraphBuilder g, Value x) {
        Value biasRow = bias.map(b -> g.parameter(b.name(), Parameter.of(b)))
                .orElseGet(() -> g.parameter("zero logits bias", TensorData.of(new float[vocabSize], 1, vocabSize)));
        return switch (arithmetic) {
            // the embedding's own layout: no second copy of the largest weight in the file
            case FLOAT32 -> x.gemmTransposed(g.parameter(weight.name(), Parameter.of(weight)), biasRow);
            case INT8_BLOCKS -> new BlockQuantization(weight).multiply(g, x).add(biasRow);
            case INT8_ROWS ->
                new RowQuantization(weight)
                        .multiply(g, x, RowQuantization.InputRange.ANY)
                        .add(biasRow);
        };
    }
}
