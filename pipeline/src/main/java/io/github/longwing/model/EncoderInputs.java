package io.github.longwing.model;

import io.github.longwing.config.AttentionType;
import io.github.longwing.config.BigBirdPegasusConfig;
import io.github.longwing.nn.GraphNames;
import io.github.longwing.nn.PlanValues;
import io.github.longwing.onnx.DataType;
import io.github.longwing.onnx.Dimension;
import io.github.longwing.onnx.GraphBuilder;
import io.github.longwing.onnx.Value;
import java.util.Optional;

/**
 * What a run of the encoder is given: one document, padded to S tokens, with its positions and its length before padding,
 * and for block-sparse models the plan of its attention.
 */
record EncoderInputs(Value inputIds, Value positionIds, Value length, Optional<PlanValues> plan) {

    static EncoderInputs of(GraphBuilder g, BigBirdPegasusConfig config) {
        Dimension tokens = Dimension.of("S");
        return new EncoderInputs(
                g.input(GraphNames.INPUT_IDS, DataType.INT64, tokens),
                g.input(GraphNames.POSITION_IDS, DataType.INT64, tokens),
                g.input(GraphNames.LENGTH, DataType.INT64, Dimension.ONE),
                config.attentionType() == AttentionType.BLOCK_SPARSE
                        ? Optional.of(PlanValues.inputs(
                                g, config.encoderLayers(), config.encoderAttentionHeads(), config.blockSize()))
                        : Optional.empty());
    }
}
