package io.github.longwing.nn;

import io.github.longwing.onnx.DataType;
import io.github.longwing.onnx.Dimension;
import io.github.longwing.onnx.GraphBuilder;
import io.github.longwing.onnx.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The places for documents in one step of the decoder. Every document brings its own keys and values; the rows (beams)
 * of all documents go through the linear layers together. A place without a document has zero rows and empty keys.
 *
 * <p>R rows of all slots; for slot i: B rows, S source tokens, P columns of its pool of past keys. The beams of a
 * document share one pool of past keys and values; the bias says which of its columns are a beam's own history, so
 * that reordering beams copies nothing.
 *
 * @param slotRows B of each slot
 * @param selfBias added to the scores of the past and the new columns, [B, P+B] for each slot
 * @param selfColumns the numbers P and B of each slot
 */
public record DecoderSlots(Value slotRows, List<Value> selfBias, List<Value> selfColumns) {
    /** Declares the inputs that all layers share. */
    public static DecoderSlots inputs(GraphBuilder g, int slots) {
        Value rows = g.input(GraphNames.SLOT_ROWS, DataType.INT64, Dimension.of(slots));
        List<Value> bias = new ArrayList<>();
        List<Value> columns = new ArrayList<>();
        for (int slot = 0; slot < slots; slot++) {
            bias.add(g.input(GraphNames.selfBias(slot), DataType.FLOAT, rows(slot), Dimension.of("P+B" + slot)));
            columns.add(g.input(GraphNames.selfColumns(slot), DataType.INT64, Dimension.of(2)));
        }
        return new DecoderSlots(rows, bias, columns);
    }

    int count() {
        return selfBias.size();
    }

    static Dimension rows(int slot) {
        return Dimension.of("B" + slot);
    }

    /** Heads of rows [R, d], cut by slot: [H, B, D] each. */
    List<Value> heads(Value x, int heads, int headSize) {
        Value all = x.reshape(x.shape().at(0), Dimension.of(heads), Dimension.of(headSize))
                .transpose(1, 0, 2); // [H, R, D]
        return all.split(
                1,
                slotRows,
                IntStream.range(0, count()).mapToObj(DecoderSlots::rows).toList());
    }

    /** The contexts of all slots, [H, B, D] each, as rows [R, d]. */
    static Value merge(List<Value> contexts, Dimension rows, int dModel) {
        return contexts.get(0)
                .concat(1, rows, contexts.subList(1, contexts.size())) // [H, R, D]
                .transpose(1, 0, 2) // [R, H, D]
                .reshape(rows, Dimension.of(dModel));
    }
}
