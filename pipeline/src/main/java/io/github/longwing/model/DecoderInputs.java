package io.github.longwing.model;

import io.github.longwing.nn.GraphNames;
import io.github.longwing.onnx.DataType;
import io.github.longwing.onnx.Dimension;
import io.github.longwing.onnx.GraphBuilder;
import io.github.longwing.onnx.Value;

/** The tokens that a run of the decoder is given, of one step or of a whole sequence, and their positions. */
record DecoderInputs(Value inputIds, Value positionIds) {

    static DecoderInputs of(GraphBuilder g, Dimension rows) {
        return new DecoderInputs(
                g.input(GraphNames.INPUT_IDS, DataType.INT64, rows),
                g.input(GraphNames.POSITION_IDS, DataType.INT64, rows));
    }
}
