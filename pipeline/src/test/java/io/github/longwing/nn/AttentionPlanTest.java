package io.github.longwing.nn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class AttentionPlanTest {
    private static final float LN_2 = (float) Math.log(2);

    private static AttentionPlan.Sizes sizes(int layers, int heads, int randomBlocks) {
        return new AttentionPlan.Sizes(layers, heads, 2, randomBlocks, 64);
    }

    @Test
    void inFullAttentionEveryQueryBlockIsGlobal() {
        float[] keyMask = {0, 0, 0, 0, 0, AttentionPlan.PADDING};

        AttentionPlan plan = AttentionPlan.full(keyMask, 2);

        assertThat(plan.globalQueries()).containsExactly(0, 1, 2);
        assertThat(plan.sparseQueries()).isEmpty();
        assertThat(plan.keyBlocks()).isEmpty();
        assertThat(plan.keyBlockBias()).isEmpty();
        assertThat(plan.keyMask()).isSameAs(keyMask);
    }

    @Test
    void theFirstAndTheLastQueryBlockSeeEverything() {
        AttentionPlan plan = AttentionPlan.reference(sizes(1, 1, 1), new float[14]);

        assertThat(plan.globalQueries()).containsExactly(0, 6);
        assertThat(plan.sparseQueries()).containsExactly(1, 2, 3, 4, 5);
    }

    @Test
    void theOthersSeeTheirWindowAndTheGlobalBlocksOnceEach() {
        AttentionPlan plan = AttentionPlan.reference(sizes(1, 1, 0), new float[12]);

        float absent = AttentionPlan.ABSENT;
        assertThat(plan.keysPerQuery()).isEqualTo(5);
        assertThat(plan.keyBlocks())
                .containsExactly(
                        0, 1, 2, 5, 0, // block 1: its window begins with block 0
                        0, 1, 2, 3, 5, //
                        0, 2, 3, 4, 5, //
                        0, 3, 4, 5, 0); // block 4: its window ends with block 5
        assertThat(plan.keyBlockBias())
                .containsExactly(
                        0, 0, 0, 0, absent, //
                        0, 0, 0, 0, 0, //
                        0, 0, 0, 0, 0, //
                        0, 0, 0, 0, absent);
    }

    @Test
    void inReferenceModeBlockZeroCountsOnceMoreForEachRandomBlock() {
        float[] once = AttentionPlan.reference(sizes(1, 1, 1), new float[12]).keyBlockBias();
        float[] thrice = AttentionPlan.reference(sizes(1, 1, 3), new float[12]).keyBlockBias();

        float absent = AttentionPlan.ABSENT;
        assertThat(once)
                .containsExactly(LN_2, 0, 0, 0, absent, LN_2, 0, 0, 0, 0, LN_2, 0, 0, 0, 0, LN_2, 0, 0, 0, absent);
        assertThat(thrice[0]).isEqualTo((float) Math.log(4));
        assertThat(thrice[5]).isEqualTo((float) Math.log(4));
    }

    @Test
    void headsAreNumberedOneAfterTheOtherAndLayersAlike() {
        AttentionPlan plan = AttentionPlan.reference(sizes(3, 2, 1), new float[10]);

        long[] oneLayer = {0, 1, 2, 4, 0, 0, 1, 2, 3, 4, 0, 2, 3, 4, 0, 5, 6, 7, 9, 5, 5, 6, 7, 8, 9, 5, 7, 8, 9, 5};
        assertThat(plan.keyBlocks()).hasSize(3 * oneLayer.length);
        for (int layer = 0; layer < 3; layer++) {
            assertThat(Arrays.copyOfRange(plan.keyBlocks(), layer * oneLayer.length, (layer + 1) * oneLayer.length))
                    .containsExactly(oneLayer);
        }
    }

    @Test
    void inPaperModeEveryHeadAndLayerAddsTheBlocksThatItDrew() {
        int n = 8;
        AttentionPlan plan = AttentionPlan.paper(sizes(2, 2, 1), new float[2 * n]);

        assertThat(plan.keysPerQuery()).isEqualTo(6);
        int next = 0;
        for (int layer = 0; layer < 2; layer++) {
            int[][][] drawn = new PaperRandomBlocks(2, 2, 1, 64).draw(layer, n);
            for (int head = 0; head < 2; head++) {
                for (int row = 0; row < n - 2; row++, next += 6) {
                    int windowAndGlobals = row == 0 || row == n - 3 ? 4 : 5;
                    assertThat(plan.keyBlocks()[next + windowAndGlobals])
                            .as("layer %d, head %d, block %d", layer, head, row + 1)
                            .isEqualTo(head * n + drawn[head][row][0]);
                    assertThat(plan.keyBlockBias()[next + windowAndGlobals]).isZero();
                }
            }
        }
        assertThat(plan.keyBlocks()).hasSize(next);
    }
}
