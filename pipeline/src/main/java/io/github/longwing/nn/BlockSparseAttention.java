package io.github.longwing.nn;

import io.github.longwing.checkpoint.Weights;
import io.github.longwing.onnx.Dimension;
import io.github.longwing.onnx.GraphBuilder;
import io.github.longwing.onnx.Shape;
import io.github.longwing.onnx.Value;
import java.util.List;

/**
 * Self-attention of the encoder along an {@link AttentionPlan}: some query blocks attend to every key (the global
 * rows), the others to a few gathered key blocks. With a plan in which every query block is global this is full
 * attention, so one set of weights serves short documents too.
 *
 * <p>S tokens, a multiple of the block; H heads; D head size; b block size; n = S / b blocks; g global query blocks; m
 * other query blocks; K key blocks of each of these.
 */
public final class BlockSparseAttention {
    private static final Dimension B_KEYS = Dimension.of("K*b");
    private static final Dimension GLOBAL_QUERIES = Dimension.of("g*b");

    private final Linear query;
    private final Linear key;
    private final Linear value;
    private final Linear output;
    private final int heads;
    private final int headSize;
    private final int blockSize;

    /** Fetches {@code self.query}, {@code self.key}, {@code self.value} and {@code output}. */
    public BlockSparseAttention(Weights selfAttn, LinearPolicy projections, int dModel, int heads, int blockSize) {
        Weights self = selfAttn.scope("self");
        this.query = projections.ofScores(self.scope("query"), dModel, dModel);
        this.key = projections.ofScores(self.scope("key"), dModel, dModel);
        this.value = projections.ofValues(self.scope("value"), dModel, dModel);
        this.output = projections.ofValues(selfAttn.scope("output"), dModel, dModel);
        this.heads = heads;
        this.headSize = dModel / heads;
        this.blockSize = blockSize;
    }

    /** [S, d] for hidden states [S, d]. */
    public Value build(GraphBuilder g, Value hidden, PlanValues plan, int layer) {
        Value q = blocks(query.build(g.scope("query"), hidden)); // [H, n, b, D]
        Value k = blocks(key.build(g.scope("key"), hidden)); // [H, n, b, D]
        Value v = blocks(value.build(g.scope("value"), hidden)); // [H, n, b, D]
        Value global = attendToAll(q, k, v, plan); // [H, g, b, D]
        Value sparse = attendToGathered(g, q, k, v, plan, layer); // [H, m, b, D]
        Dimension ones = Dimension.ONE;
        Value context = global.slice(1, 0, 1, ones) // the first global block, the others in between, the other globals
                .concat(1, plan.blocks(), List.of(sparse, global.slice(1, 1, Integer.MAX_VALUE, Dimension.of("g-1"))));
        Value merged = context.transpose(1, 2, 0, 3) // [n, b, H, D]
                .reshape(plan.tokens(), Dimension.of((long) heads * headSize)); // [S, d]
        return output.build(g.scope("output"), merged);
    }

    private Value blocks(Value x) {
        return x.reshape(Dimension.of("n"), Dimension.of(blockSize), Dimension.of(heads), Dimension.of(headSize))
                .transpose(2, 0, 1, 3); // [H, n, b, D]
    }

    private Value attendToAll(Value q, Value k, Value v, PlanValues plan) {
        Dimension h = Dimension.of(heads);
        Dimension d = Dimension.of(headSize);
        Value queries = q.gather(plan.globalQueries(), 1).reshape(h, GLOBAL_QUERIES, d); // [H, g*b, D]
        Value keys = k.reshape(h, plan.tokens(), d); // [H, S, D]
        Value values = v.reshape(h, plan.tokens(), d); // [H, S, D]
        return queries.matmulTransposed(keys, scale()) // [H, g*b, S]
                .add(plan.keyMask())
                .softmax()
                .matmul(values) // [H, g*b, D]
                .reshape(h, Dimension.of("g"), Dimension.of(blockSize), d); // [H, g, b, D]
    }

    private Value attendToGathered(GraphBuilder g, Value q, Value k, Value v, PlanValues plan, int layer) {
        Value keyBlocks = plan.keyBlocks().gather(g.index(layer), 0); // [H, m, K]
        Value bias = plan.keyBias(g, layer); // [H, m, 1, K*b]
        Value queries = q.gather(plan.sparseQueries(), 1); // [H, m, b, D]
        return queries.matmulTransposed(gathered(k, keyBlocks, plan), scale()) // [H, m, b, K*b]
                .add(bias)
                .softmax()
                .matmul(gathered(v, keyBlocks, plan)); // [H, m, b, D]
    }

    /** [H, m, K*b, D] for blocks [H, n, b, D]. */
    private Value gathered(Value blocks, Value keyBlocks, PlanValues plan) {
        Dimension b = Dimension.of(blockSize);
        Dimension d = Dimension.of(headSize);
        Dimension h = Dimension.of(heads);
        return blocks.reshape(Dimension.of("H*n"), b, d)
                .gather(keyBlocks, 0) // [H, m, K, b, D]
                .reshapeTo(plan.gatheredShape(), Shape.of(h, plan.sparseRows(), B_KEYS, d));
    }

    private float scale() {
        return (float) (1 / Math.sqrt(headSize));
    }
}
