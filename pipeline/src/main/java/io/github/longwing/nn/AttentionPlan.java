package io.github.longwing.nn;

import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Which key blocks each query block of one document sees, and how often: the one class that knows the pattern. The graph
 * is generic and is given the plan as data.
 *
 * <p>S tokens after padding to a multiple of the block b; n = S / b blocks; H heads; L layers; g query blocks that see
 * every key; m others, each with K gathered key blocks.
 *
 * @param keyMask added to the scores of each key, [S]: 0, or {@value #PADDING} for padding
 * @param globalQueries query blocks that see every key, [g]
 * @param sparseQueries the other query blocks, [m]
 * @param keysPerQuery K
 * @param keyBlocks key blocks of the sparse queries, [L, H, m, K], numbered through all heads: head * n + block
 * @param keyBlockBias added to the scores of each of these blocks, [L, H, m, K]: the logarithm of how often it counts, or
 *     {@value #ABSENT} for an unused place
 */
public record AttentionPlan(
        float[] keyMask,
        long[] globalQueries,
        long[] sparseQueries,
        int keysPerQuery,
        long[] keyBlocks,
        float[] keyBlockBias) {
    /** What transformers adds to the score of a padded key. */
    public static final float PADDING = -10000f;

    /** Takes a gathered block out of the softmax. */
    public static final float ABSENT = -1e9f;

    /** Blocks next to a query block, with itself. */
    private static final int WINDOW = 3;

    /** The first and the last block. */
    private static final int GLOBALS = 2;

    /** The sizes that a plan is made for. */
    public record Sizes(int layers, int heads, int blockSize, int randomBlocks, int maxPositions) {}

    /** One gathered key block and what is added to its scores. */
    private record KeyBlock(int block, float bias) {}

    /** Full attention: every query block sees every key. */
    public static AttentionPlan full(float[] keyMask, int blockSize) {
        int blocks = keyMask.length / blockSize;
        return new AttentionPlan(
                keyMask, LongStream.range(0, blocks).toArray(), new long[0], 1, new long[0], new float[0]);
    }

    /**
     * The pattern as transformers computes it at inference: every random block is block 0, which then counts 1 + r
     * times. That is the same as adding log(1 + r) to its scores and gathering nothing.
     */
    public static AttentionPlan reference(Sizes sizes, float[] keyMask) {
        int n = keyMask.length / sizes.blockSize();
        float first = (float) Math.log(1 + sizes.randomBlocks());
        return sparse(sizes, keyMask, WINDOW + GLOBALS, layer -> {
            KeyBlock[][] rows = new KeyBlock[n - 2][];
            for (int i = 1; i < n - 1; i++) {
                rows[i - 1] = windowAndGlobals(i, n)
                        .mapToObj(block -> new KeyBlock(block, block == 0 ? first : 0))
                        .toArray(KeyBlock[]::new);
            }
            KeyBlock[][][] heads = new KeyBlock[sizes.heads()][][];
            Arrays.fill(heads, rows);
            return heads;
        });
    }

    /** The pattern of the paper, with random blocks drawn as in training. */
    public static AttentionPlan paper(Sizes sizes, float[] keyMask) {
        int n = keyMask.length / sizes.blockSize();
        PaperRandomBlocks random =
                new PaperRandomBlocks(sizes.heads(), sizes.blockSize(), sizes.randomBlocks(), sizes.maxPositions());
        return sparse(sizes, keyMask, WINDOW + GLOBALS + sizes.randomBlocks(), layer -> {
            int[][][] drawn = random.draw(layer, n);
            KeyBlock[][][] heads = new KeyBlock[sizes.heads()][n - 2][];
            for (int h = 0; h < sizes.heads(); h++) {
                for (int i = 1; i < n - 1; i++) {
                    heads[h][i - 1] = IntStream.concat(windowAndGlobals(i, n), Arrays.stream(drawn[h][i - 1]))
                            .mapToObj(block -> new KeyBlock(block, 0))
                            .toArray(KeyBlock[]::new);
                }
            }
            return heads;
        });
    }

    private interface LayerPattern {
        /** The key blocks of one layer, [H][m][at most K]. */
        KeyBlock[][][] of(int layer);
    }

    private static AttentionPlan sparse(Sizes sizes, float[] keyMask, int keysPerQuery, LayerPattern pattern) {
        int n = keyMask.length / sizes.blockSize();
        int size = Math.multiplyExact(sizes.layers() * sizes.heads(), (n - 2) * keysPerQuery);
        long[] keyBlocks = new long[size];
        float[] bias = new float[size];
        int next = 0;
        for (int layer = 0; layer < sizes.layers(); layer++) {
            KeyBlock[][][] heads = pattern.of(layer);
            for (int h = 0; h < sizes.heads(); h++) {
                for (KeyBlock[] row : heads[h]) {
                    for (int k = 0; k < keysPerQuery; k++, next++) {
                        KeyBlock key = k < row.length ? row[k] : new KeyBlock(0, ABSENT);
                        keyBlocks[next] = (long) h * n + key.block();
                        bias[next] = key.bias();
                    }
                }
            }
        }
        return new AttentionPlan(
                keyMask, new long[] {0, n - 1}, LongStream.range(1, n - 1).toArray(), keysPerQuery, keyBlocks, bias);
    }

    /** {0, i-1, i, i+1, n-1} without duplicates. */
    private static IntStream windowAndGlobals(int i, int n) {
        return IntStream.of(0, i - 1, i, i + 1, n - 1).distinct();
    }
}
