package io.github.longwing.nn;

import io.github.longwing.error.UserException;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The random key blocks of the paper, drawn exactly as in training: a generator seeded with the layer index, started
 * anew for each layer and document.
 *
 * <p>n blocks of the document, b block size, r random blocks of each row, H heads.
 */
final class PaperRandomBlocks {
    /** In these lengths the original training drew from the first 1,024 tokens, along a plan for the longest input. */
    private static final int[] ORIGINAL_LENGTHS = {1024, 3072, 4096};

    private static final int ORIGINAL_LAST_INDEX = 1024;

    private final int heads;
    private final int blockSize;
    private final int randomBlocks;
    private final int maxBlocks;

    /** Prepares the drawing for models of up to {@code maxPositions} tokens. */
    PaperRandomBlocks(int heads, int blockSize, int randomBlocks, int maxPositions) {
        this.heads = heads;
        this.blockSize = blockSize;
        this.randomBlocks = randomBlocks;
        this.maxBlocks = maxPositions / blockSize;
    }

    /** The random key blocks of one layer: [H][n - 2][r]. */
    int[][][] draw(int layer, int blocks) {
        NumpyRandom random = new NumpyRandom(layer);
        boolean original = Arrays.stream(ORIGINAL_LENGTHS).anyMatch(length -> length == blocks * blockSize);
        return original ? drawOriginal(random, blocks) : drawByRow(random, blocks);
    }

    private int[][][] drawOriginal(NumpyRandom random, int blocks) {
        int planBlocks = Math.max(maxBlocks, blocks); // a padded document may pass the positions by part of a block
        int[][][] drawn = new int[heads][][];
        for (int h = 0; h < heads; h++) {
            int[][] plan = new int[planBlocks - 2][];
            for (int i = 1; i < planBlocks - 1; i++) {
                plan[i - 1] = first(random.permutation(candidates(i, planBlocks)), i, blocks);
            }
            drawn[h] = Arrays.copyOf(plan, blocks - 2);
        }
        return drawn;
    }

    /** The blocks that row i of the original plan draws from, with the plan's own slips at its ends. */
    private int[] candidates(int i, int planBlocks) {
        int last = ORIGINAL_LAST_INDEX > 2 * blockSize ? ORIGINAL_LAST_INDEX / blockSize - 1 : planBlocks - 1;
        if (i == 1) {
            return middle(2, last, planBlocks);
        }
        if (i == 2) {
            return middle(3, last, planBlocks);
        }
        if (i == planBlocks - 3 || i == planBlocks - 2) {
            return middle(0, last, planBlocks);
        }
        int start = i - 2;
        if (start > last) {
            return middle(0, last, planBlocks);
        }
        if (i + 1 == last) {
            return middle(0, start, planBlocks);
        }
        return IntStream.concat(
                        Arrays.stream(middle(0, start, planBlocks)), Arrays.stream(middle(i + 1, last, planBlocks)))
                .toArray();
    }

    /** Entries {@code from} to {@code to} of the sequence 1, 2, ... of blocks that are neither first nor last. */
    private static int[] middle(int from, int to, int planBlocks) {
        int end = Math.min(to, planBlocks - 2);
        return IntStream.range(from, Math.max(from, end)).map(i -> i + 1).toArray();
    }

    private int[] first(int[] permuted, int row, int blocks) {
        if (permuted.length >= randomBlocks) {
            return Arrays.copyOf(permuted, randomBlocks);
        }
        if (permuted.length == 1) { // numpy repeats a single one
            return IntStream.generate(() -> permuted[0]).limit(randomBlocks).toArray();
        }
        throw new UserException("Cannot draw the paper's random blocks: row " + row + " of " + blocks
                + " blocks of " + blockSize + " tokens has " + permuted.length + " candidates, expected at least "
                + randomBlocks + "; use --random-blocks reference");
    }

    private int[][][] drawByRow(NumpyRandom random, int blocks) {
        int drawnFrom = 2 * randomBlocks + 5;
        int[] candidates = IntStream.range(0, drawnFrom).toArray();
        int[][][] drawn = new int[heads][blocks - 2][];
        for (int row = 1; row < blocks; row++) { // the last row is drawn and dropped
            for (int h = 0; h < heads; h++) {
                int[] selected = legal(random.permutation(candidates), row, drawnFrom);
                if (row < blocks - 1) {
                    drawn[h][row - 1] = selected;
                }
            }
        }
        return drawn;
    }

    private int[] legal(int[] permuted, int row, int end) {
        return Arrays.stream(permuted)
                .filter(block -> block < row - 1 || block > row + 1) // the window
                .filter(block -> block != 0 && block != end - 1) // the global blocks of the range
                .filter(block -> row != 1 || block != end - 2)
                .filter(block -> row != end - 2 || block != 1)
                .limit(randomBlocks)
                .toArray();
    }
}
