package io.github.longwing.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import io.github.longwing.config.BigBirdPegasusConfig;
import io.github.longwing.fixture.RandomCheckpoint;
import io.github.longwing.fixture.TensorFile;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a list of vectors for each beam that every reordering copies. */
class KeyValueCacheTest {
    private static final int LAYERS = 2;
    private static final int HEADS = 4;
    private static final int D = 16;
    private static final int HEAD_SIZE = D / HEADS;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void everyBeamSeesItsOwnHistoryThroughReorderingsAndGrowth(int beams) throws OrtException {
        Random random = new Random(beams);
        int rows = beams + 3; // other documents' rows stand around
        int firstRow = 2;
        List<List<float[][]>> history = new ArrayList<>(); // per beam and step: per layer a key, then a value
        for (int beam = 0; beam < beams; beam++) {
            history.add(List.of());
        }
        try (KeyValueCache cache = cache(beams)) {
            for (int step = 0; step < 70; step++) {
                int[] parents = random.ints(beams, 0, beams).toArray();
                cache.reorder(parents);
                List<List<float[][]>> reordered = new ArrayList<>();
                for (int parent : parents) {
                    reordered.add(history.get(parent));
                }
                history = reordered;
                assertThat(cache.position()).isEqualTo(step);
                assertHolds(cache, history);

                float[][][] added = new float[beams][2 * LAYERS][];
                for (int layer = 0; layer < LAYERS; layer++) {
                    float[] keys = TensorFile.gaussian(random, 1, rows * D);
                    float[] values = TensorFile.gaussian(random, 1, rows * D);
                    cache.append(layer, FloatBuffer.wrap(keys), FloatBuffer.wrap(values), firstRow);
                    for (int beam = 0; beam < beams; beam++) {
                        int from = (firstRow + beam) * D;
                        added[beam][2 * layer] = Arrays.copyOfRange(keys, from, from + D);
                        added[beam][2 * layer + 1] = Arrays.copyOfRange(values, from, from + D);
                    }
                }
                cache.advance();
                for (int beam = 0; beam < beams; beam++) {
                    List<float[][]> longer = new ArrayList<>(history.get(beam));
                    longer.add(added[beam]);
                    history.set(beam, longer);
                }
            }
        }
    }

    @Test
    void reorderingCopiesNothing() throws OrtException {
        try (KeyValueCache cache = cache(3)) {
            FloatBuffer rows = FloatBuffer.wrap(TensorFile.gaussian(new Random(1), 1, 3 * D));
            cache.reorder(new int[] {0, 1, 2});
            for (int layer = 0; layer < LAYERS; layer++) {
                cache.append(layer, rows, rows, 0);
            }
            cache.advance();
            OnnxTensor keys = cache.keyTensor(0);
            float[] before = floats(keys);

            cache.reorder(new int[] {2, 2, 0});

            assertThat(cache.keyTensor(0)).isSameAs(keys);
            assertThat(floats(keys)).containsExactly(before);
        }
    }

    @Test
    void growsByWholeChunksOfSteps() throws OrtException {
        try (KeyValueCache cache = cache(2)) {
            assertThat(cache.columns()).isEqualTo(64);
            FloatBuffer rows = FloatBuffer.allocate(2 * D);
            for (int step = 0; step < 33; step++) {
                cache.reorder(new int[] {0, 1});
                assertThat(cache.columns()).as("step %d", step).isEqualTo(step < 32 ? 64 : 128);
                for (int layer = 0; layer < LAYERS; layer++) {
                    cache.append(layer, rows, rows, 0);
                }
                cache.advance();
            }
            assertThat(cache.keyTensor(1).getInfo().getShape()).containsExactly(HEADS, 128, HEAD_SIZE);
            assertThat(cache.valueTensor(1).getInfo().getShape()).containsExactly(HEADS, HEAD_SIZE, 128);
            assertThat(cache.biasTensor().getInfo().getShape()).containsExactly(2, 130);
        }
    }

    @Test
    void allBeamsSeeThePromptOnceAndThenTheirOwnSteps() throws OrtException {
        int prompt = 5;
        int beams = 3;
        Random random = new Random(2);
        List<float[]> keys = new ArrayList<>();
        try (KeyValueCache cache = cache(beams, prompt)) {
            for (int layer = 0; layer < LAYERS; layer++) {
                keys.add(TensorFile.gaussian(random, 1, prompt * D));
                cache.setPrompt(layer, FloatBuffer.wrap(keys.get(layer)), FloatBuffer.wrap(keys.get(layer)));
            }
            FloatBuffer rows = FloatBuffer.wrap(TensorFile.gaussian(random, 1, beams * D));
            for (int step = 0; step < 40; step++) { // past the first growth
                cache.reorder(new int[] {0, 1, 2});
                assertThat(cache.position()).isEqualTo(prompt + step);
                for (int layer = 0; layer < LAYERS; layer++) {
                    cache.append(layer, rows, rows, 0);
                }
                cache.advance();
            }
            cache.reorder(new int[] {2, 2, 0});

            int columns = cache.columns();
            assertThat(columns).isEqualTo(prompt + 64 * beams);
            float[] bias = floats(cache.biasTensor());
            for (int beam = 0; beam < beams; beam++) {
                int parent = new int[] {2, 2, 0}[beam];
                int row = beam * (columns + beams);
                assertThat(IntStream.range(0, columns).filter(c -> bias[row + c] == 0))
                        .containsExactly(IntStream.concat(
                                        IntStream.range(0, prompt),
                                        IntStream.range(0, 40).map(step -> prompt + step * beams + parent))
                                .boxed()
                                .toArray(Integer[]::new));
            }
            for (int layer = 0; layer < LAYERS; layer++) {
                float[] pool = floats(cache.keyTensor(layer));
                float[] values = floats(cache.valueTensor(layer));
                for (int token = 0; token < prompt; token++) {
                    for (int c = 0; c < D; c++) {
                        float expected = keys.get(layer)[token * D + c];
                        assertThat(pool[(c / HEAD_SIZE * columns + token) * HEAD_SIZE + c % HEAD_SIZE])
                                .isEqualTo(expected);
                        assertThat(values[c * columns + token]).isEqualTo(expected);
                    }
                }
            }
        }
    }

    private static void assertHolds(KeyValueCache cache, List<List<float[][]>> history) {
        int columns = cache.columns();
        int width = columns + cache.beams();
        float[] bias = floats(cache.biasTensor());
        for (int beam = 0; beam < cache.beams(); beam++) {
            int row = beam * width;
            int[] seen =
                    IntStream.range(0, columns).filter(c -> bias[row + c] == 0).toArray();
            assertThat(seen).hasSize(history.get(beam).size());
            for (int other = 0; other < cache.beams(); other++) {
                assertThat(bias[row + columns + other]).isEqualTo(other == beam ? 0 : -1e9f);
            }
            if (seen.length % 10 != 3) {
                continue; // the pools themselves every tenth step
            }
            for (int layer = 0; layer < LAYERS; layer++) {
                float[] keys = floats(cache.keyTensor(layer));
                float[] values = floats(cache.valueTensor(layer));
                for (int step = 0; step < seen.length; step++) {
                    for (int c = 0; c < D; c++) {
                        int head = c / HEAD_SIZE;
                        assertThat(keys[(head * columns + seen[step]) * HEAD_SIZE + c % HEAD_SIZE])
                                .isEqualTo(history.get(beam).get(step)[2 * layer][c]);
                        assertThat(values[c * columns + seen[step]])
                                .isEqualTo(history.get(beam).get(step)[2 * layer + 1][c]);
                    }
                }
            }
        }
    }

    private static float[] floats(OnnxTensor tensor) {
        FloatBuffer buffer = tensor.getFloatBuffer();
        float[] values = new float[buffer.remaining()];
        buffer.get(values);
        return values;
    }

    private KeyValueCache cache(int beams) throws OrtException {
        return cache(beams, 0);
    }

    private KeyValueCache cache(int beams, int promptTokens) throws OrtException {
        Path source =
                RandomCheckpoint.of(Map.of("decoder_layers", LAYERS), 1).write(directory.resolve("model" + beams));
        BigBirdPegasusConfig config = BigBirdPegasusConfig.read(source.resolve("config.json"));
        return new KeyValueCache(OrtEnvironment.getEnvironment(), config, beams, promptTokens);
    }
}
