package io.github.longwing.generation.logits;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RankingTest {

    @Test
    void keepsTheHighestKeysInDescendingOrderAndTheFirstOfEquals() {
        Random random = new Random(3);
        for (int round = 0; round < 200; round++) {
            int[] keys = random.ints(1 + random.nextInt(50), 0, 12).toArray();
            int capacity = 1 + random.nextInt(keys.length);
            Ranking ranking = new Ranking(capacity);
            IntStream.range(0, keys.length).forEach(i -> ranking.offer(keys[i], i, -keys[i]));

            List<Integer> expected = IntStream.range(0, keys.length)
                    .boxed()
                    .sorted(Comparator.comparingInt(i -> -keys[i])) // stable
                    .limit(capacity)
                    .toList();
            assertThat(IntStream.range(0, ranking.size()).map(ranking::entry).boxed())
                    .isEqualTo(expected);
            assertThat(ranking.score(capacity - 1)).isEqualTo(-keys[expected.get(capacity - 1)]);
        }
    }

    @Test
    void minusInfinityFillsARoomThatNothingElseWants() {
        Ranking ranking = new Ranking(2);

        ranking.offer(Double.NEGATIVE_INFINITY, 0, 0);
        assertThat(ranking.bar()).isNaN();
        ranking.offer(1, 1, 1);
        ranking.offer(Double.NEGATIVE_INFINITY, 2, 0);

        assertThat(ranking.bar()).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(List.of(ranking.entry(0), ranking.entry(1))).containsExactly(1, 0);
    }
}
