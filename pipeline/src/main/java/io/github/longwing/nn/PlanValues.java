package io.github.longwing.nn;

import io.github.longwing.onnx.DataType;
import io.github.longwing.onnx.Dimension;
import io.github.longwing.onnx.GraphBuilder;
import io.github.longwing.onnx.Shape;
import io.github.longwing.onnx.Value;
import java.util.Collections;

/**
 * An {@link AttentionPlan} as inputs of the encoder graph. The letters are those of {@link BlockSparseAttention}; L is
 * the number of layers.
 *
 * @param keyMask what is added to the scores of each key, [S]: 0, or -10000 for padding
 * @param globalQueries query blocks that attend to every key, [g]
 * @param sparseQueries the other query blocks, [m]
 * @param keyBlocks the key blocks of these, [L, H, m, K], as rows of all heads' blocks [H*n]
 * @param keyBlockBias what is added to the scores of each gathered block, [L, H, m, K]
 * @param gatheredShape the four numbers H, m, K*b, D
 * @param biasShape the four numbers H, m, 1, K*b
 */
public record PlanValues(
        Value keyMask,
        Value globalQueries,
        Value sparseQueries,
        Value keyBlocks,
        Value keyBlockBias,
        Value gatheredShape,
        Value biasShape,
        int heads,
        int blockSize) {
    private static final Dimension TOKENS = Dimension.of("S");
    private static final Dimension SPARSE_ROWS = Dimension.of("m");
    private static final Dimension KEYS = Dimension.of("K");

    public static PlanValues inputs(GraphBuilder g, int layers, int heads, int blockSize) {
        Dimension h = Dimension.of(heads);
        Dimension l = Dimension.of(layers);
        return new PlanValues(
                g.input(GraphNames.KEY_MASK, DataType.FLOAT, TOKENS),
                g.input(GraphNames.GLOBAL_QUERIES, DataType.INT64, Dimension.of("g")),
                g.input(GraphNames.SPARSE_QUERIES, DataType.INT64, SPARSE_ROWS),
                g.input(GraphNames.KEY_BLOCKS, DataType.INT64, l, h, SPARSE_ROWS, KEYS),
                g.input(GraphNames.KEY_BLOCK_BIAS, DataType.FLOAT, l, h, SPARSE_ROWS, KEYS),
                g.input(GraphNames.GATHERED_SHAPE, DataType.INT64, Dimension.of(4)),
                g.input(GraphNames.BIAS_SHAPE, DataType.INT64, Dimension.of(4)),
                heads,
                blockSize);
    }

    Dimension tokens() {
        return TOKENS;
    }

    Dimension blocks() {
        return Dimension.of("n");
    }

    Dimension sparseRows() {
        return SPARSE_ROWS;
    }

    /** What is added to the scores of a layer's gathered keys: the bias of the block and the mask of the key. */
    Value keyBias(GraphBuilder g, int layer) {
        Dimension h = Dimension.of(heads);
        Dimension b = Dimension.of(blockSize);
        Dimension n = blocks();
        Value masks = keyMask.reshape(n, b); // [n, b]
        Value blocks = keyBlocks.gather(g.index(layer), 0); // [H, m, K], rows of [H*n]
        Value masksOfHeads = masks.concat(0, Dimension.of("H*n"), Collections.nCopies(heads - 1, masks));
        Value gathered = masksOfHeads.gather(blocks, 0); // [H, m, K, b]
        Value bias = keyBlockBias
                .gather(g.index(layer), 0) // [H, m, K]
                .reshape(h, SPARSE_ROWS, KEYS, Dimension.ONE); // [H, m, K, 1]
        return gathered.add(bias).reshapeTo(biasShape, Shape.of(h, SPARSE_ROWS, Dimension.ONE, Dimension.of("K*b")));
    }
}
