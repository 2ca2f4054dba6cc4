package io.github.longwing.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.Gson;
import io.github.longwing.error.UserException;
import io.github.longwing.fixture.Goldens;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Against numbers drawn by numpy and transformers: make_random_blocks.py. */
class RandomBlocksGoldensTest {
    private record Permutation(int seed, int size, int[] permutation) {}

    private record Drawing(
            int heads, int block_size, int random_blocks, int positions, int layer, int length, int[][][] drawn) {
        @Override
        public String toString() {
            return "%d of %d positions, blocks of %d, %d random, %d heads, layer %d"
                    .formatted(length, positions, block_size, random_blocks, heads, layer);
        }

        int[][][] draw() {
            return new PaperRandomBlocks(heads, block_size, random_blocks, positions).draw(layer, length / block_size);
        }
    }

    private record Recorded(List<Permutation> permutations, List<Drawing> blocks) {}

    private static Recorded recorded() throws IOException {
        return new Gson().fromJson(Files.readString(Goldens.resource("/nn/random_blocks.json")), Recorded.class);
    }

    static Stream<Drawing> drawings() throws IOException {
        return recorded().blocks().stream();
    }

    @Test
    void permutesAsNumpyDoesOneAfterTheOther() throws IOException {
        TreeMap<Integer, NumpyRandom> generators = new TreeMap<>();
        List<Permutation> permutations = recorded().permutations();

        assertThat(permutations).hasSize(24).allSatisfy(expected -> {
            NumpyRandom random = generators.computeIfAbsent(expected.seed(), NumpyRandom::new);
            int[] values = IntStream.range(0, expected.size()).toArray();

            assertThat(random.permutation(values))
                    .as("seed %d, size %d", expected.seed(), expected.size())
                    .containsExactly(expected.permutation());
            assertThat(values).as("the argument").isSorted();
        });
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("drawings")
    void drawsTheBlocksThatTransformersDrawsInTraining(Drawing expected) {
        assertThat(expected.draw()).isDeepEqualTo(expected.drawn());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("drawings")
    void drawsTheSameAgain(Drawing expected) {
        assertThat(expected.draw()).isDeepEqualTo(expected.draw());
    }

    @Test
    void otherLengthsDrawFromTheFirstBlocksAlone() {
        int[][][] drawn = new PaperRandomBlocks(2, 64, 3, 4096).draw(0, 23);

        assertThat(Arrays.stream(drawn).flatMap(Arrays::stream).flatMapToInt(Arrays::stream))
                .allSatisfy(block -> assertThat(block).isBetween(1, 2 * 3 + 5 - 2));
    }

    @Test
    void refusesAPlanWithFewerCandidatesThanRandomBlocks() {
        // 1,024 tokens in 4 blocks of 256: rows have one candidate or none
        assertThatThrownBy(() -> new PaperRandomBlocks(1, 256, 3, 1024).draw(0, 4))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot draw the paper's random blocks: row ")
                .hasMessageEndingWith(" candidates, expected at least 3; use --random-blocks reference");
    }
}
