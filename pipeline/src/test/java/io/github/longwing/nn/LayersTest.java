package io.github.longwing.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import io.github.longwing.checkpoint.Checkpoint;
import io.github.longwing.checkpoint.Weights;
import io.github.longwing.config.Activation;
import io.github.longwing.error.UserException;
import io.github.longwing.fixture.TensorFile;
import io.github.longwing.onnx.DataType;
import io.github.longwing.onnx.Dimension;
import io.github.longwing.onnx.GraphBuilder;
import io.github.longwing.onnx.Value;
import io.github.longwing.runtime.GraphRun;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Single layers, run by ONNX Runtime, against the same in double precision. */
class LayersTest {
    private static final int ROWS = 7;

    @TempDir
    private Path directory;

    private final Random random = new Random(5);
    private final TensorFile tensors = new TensorFile();

    @ParameterizedTest
    @CsvSource({"1, 1", "5, 3", "16, 24", "33, 17"})
    void linearMultipliesByTheTransposedWeightAndAddsTheBias(int in, int out) {
        tensors.random("fc.weight", random, 1, out, in).random("fc.bias", random, 1, out);
        float[] x = TensorFile.gaussian(random, 1, ROWS * in);

        float[] found = run(x, in, (g, v, w) -> Linear.withBias(w.scope("fc"), in, out, Arithmetic.FLOAT32)
                .build(g, v));

        assertClose(found, Naive.linear(tensors, "fc", Naive.doubles(x), in, out));
    }

    @Test
    void linearWithoutBiasAddsNone() {
        tensors.random("fc.weight", random, 1, 6, 4);
        float[] x = TensorFile.gaussian(random, 1, ROWS * 4);

        float[] found = run(x, 4, (g, v, w) -> Linear.withoutBias(w.scope("fc"), 4, 6, Arithmetic.FLOAT32)
                .build(g, v));

        assertClose(found, Naive.linear(tensors, "fc", Naive.doubles(x), 4, 6));
    }

    @Test
    void linearRefusesAWeightOfTheWrongShapeByItsFullName() {
        tensors.random("model.fc.weight", random, 1, 6, 4).random("model.fc.bias", random, 1, 6);

        assertThatThrownBy(() -> run(new float[ROWS * 6], 6, (g, v, w) -> Linear.withBias(
                                w.scope("model").scope("fc"), 6, 4, Arithmetic.FLOAT32)
                        .build(g, v)))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("model.fc.bias is [6], expected [4]");
    }

    /** A unit vector is exact in eight bits, so the product shows the weight as quantised. */
    @ParameterizedTest
    @CsvSource({"16, 8", "24, 5", "32, 8", "40, 3", "100, 7", "256, 16"})
    void eightBitWeightsAreOffByAtMostHalfAStepOfTheirBlock(int in, int out) {
        float[] weight = TensorFile.gaussian(random, 1, out * in);
        weight[0] = 1000; // an outlier, which may spoil its own block alone
        tensors.put("fc.weight", weight, out, in);
        int block = in >= 32 ? 32 : 16;

        float[] found =
                run(identity(in), in, (g, v, w) -> Linear.withoutBias(w.scope("fc"), in, out, Arithmetic.INT8_BLOCKS)
                        .build(g, v));

        for (int o = 0; o < out; o++) {
            for (int i = 0; i < in; i++) {
                int from = i / block * block;
                float largest = 0;
                for (int j = from; j < Math.min(in, from + block); j++) {
                    largest = Math.max(largest, Math.abs(weight[o * in + j]));
                }
                float step = largest / 127;
                assertThat(found[i * out + o])
                        .as("weight of output %d, input %d, whose block reaches %s", o, i, largest)
                        .isBetween(weight[o * in + i] - 0.501f * step, weight[o * in + i] + 0.501f * step);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Arithmetic.class)
    void aRowOfALinearLayerDoesNotDependOnTheOthers(Arithmetic arithmetic) {
        int in = 96;
        int out = 40;
        tensors.random("fc.weight", random, 1, out, in);
        float[] x = TensorFile.gaussian(random, 1, ROWS * in);
        float[] louder = x.clone();
        for (int i = in; i < louder.length; i++) {
            louder[i] *= 1000;
        }
        Layer layer = (g, v, w) ->
                Linear.withoutBias(w.scope("fc"), in, out, arithmetic).build(g, v);

        assertThat(Arrays.copyOf(run(louder, in, layer), out)).containsExactly(Arrays.copyOf(run(x, in, layer), out));
    }

    @Test
    void eightBitProductsAreWithinAPercent() {
        int in = 256;
        int out = 64;
        tensors.random("fc.weight", random, 1, out, in);
        float[] x = TensorFile.gaussian(random, 1, ROWS * in);

        float[] found = run(x, in, (g, v, w) -> Linear.withoutBias(w.scope("fc"), in, out, Arithmetic.INT8_BLOCKS)
                .build(g, v));

        double[] expected = Naive.linear(tensors, "fc", Naive.doubles(x), in, out);
        double error = 0;
        double norm = 0;
        for (int i = 0; i < expected.length; i++) {
            error += Math.pow(found[i] - expected[i], 2);
            norm += expected[i] * expected[i];
        }
        assertThat(Math.sqrt(error / norm)).isBetween(1e-5, 0.012);
    }

    /** A unit vector is exact in eight bits, so the product shows the weight as quantised. */
    @ParameterizedTest
    @CsvSource({"1, 3", "16, 8", "65, 5", "256, 16"})
    void weightsByOutputAreOffByAtMostHalfAStepOfTheirOutput(int in, int out) {
        float[] weight = TensorFile.gaussian(random, 1, out * in);
        weight[0] = 1000; // an outlier, which may spoil its own output alone
        tensors.put("fc.weight", weight, out, in);

        float[] found = run(identity(in), in, rows(in, out));

        for (int o = 0; o < out; o++) {
            float step = 0;
            for (int i = 0; i < in; i++) {
                step = Math.max(step, Math.abs(weight[o * in + i]) / 127);
                boolean pair = i % 2 == 1 && weight[o * in + i] > 0 == weight[o * in + i - 1] > 0;
                step = pair ? Math.max(step, Math.abs(weight[o * in + i] + weight[o * in + i - 1]) / 128) : step;
            }
            for (int i = 0; i < in; i++) {
                assertThat(found[i * out + o])
                        .as("weight of output %d, input %d, in steps of %s", o, i, step)
                        .isBetween(weight[o * in + i] - 0.501f * step, weight[o * in + i] + 0.501f * step);
            }
        }
    }

    /** On processors without VNNI two neighbouring products are added in 16 bits, which saturate. */
    @ParameterizedTest
    @CsvSource({"1, 1", "1, -1", "2, 1", "2, -1", "7, 1", "7, -1", "40, 1", "40, -1"})
    void theLargestProductsOfBytesDoNotSaturate(int rows, int sign) {
        int in = 130;
        int out = 24;
        float[] weight = new float[out * in];
        Arrays.fill(weight, 0.75f);
        tensors.put("fc.weight", weight, out, in);
        float[] x = new float[rows * in];
        Arrays.fill(x, 3f * sign);

        float[] found = run(x, in, rows(in, out));

        float[] expected = new float[rows * out];
        Arrays.fill(expected, sign * 3 * 0.75f * in);
        assertThat(found).containsExactly(expected, offset(0.01f * in));
    }

    @ParameterizedTest
    @CsvSource({"1", "7", "40"})
    void productsByRowsAndOutputsAreWithinTwoPercent(int rows) {
        int in = 256;
        int out = 64;
        tensors.random("fc.weight", random, 1, out, in);
        float[] x = TensorFile.gaussian(random, 1, rows * in);

        float[] found = run(x, in, rows(in, out));

        double[] expected = Naive.linear(tensors, "fc", Naive.doubles(x), in, out);
        double error = 0;
        double norm = 0;
        for (int i = 0; i < expected.length; i++) {
            error += Math.pow(found[i] - expected[i], 2);
            norm += expected[i] * expected[i];
        }
        assertThat(Math.sqrt(error / norm)).isBetween(1e-5, 0.02);
    }

    @Test
    void aRowOfZerosAmongOthersHasZerosAsItsProduct() {
        tensors.random("fc.weight", random, 1, 5, 12);
        float[] x = TensorFile.gaussian(random, 1, ROWS * 12);
        Arrays.fill(x, 12, 24, 0);

        float[] found = run(x, 12, rows(12, 5));

        assertThat(Arrays.copyOfRange(found, 5, 10)).containsExactly(new float[5], offset(0f));
    }

    private static Layer rows(int in, int out) {
        return (g, v, w) ->
                Linear.withoutBias(w.scope("fc"), in, out, Arithmetic.INT8_ROWS).build(g, v);
    }

    @Test
    void aBlockOfZerosQuantisesToZeros() {
        tensors.put("fc.weight", new float[4 * 32], 4, 32);

        float[] found = run(TensorFile.gaussian(random, 1, ROWS * 32), 32, (g, v, w) -> Linear.withoutBias(
                        w.scope("fc"), 32, 4, Arithmetic.INT8_BLOCKS)
                .build(g, v));

        assertThat(found).hasSize(ROWS * 4).containsOnly(0);
    }

    @ParameterizedTest
    @CsvSource({"3, 1", "16, 1", "16, 1000", "16, 0.0001"})
    void layerNormHasPytorchsEpsilon(int size, double deviation) {
        tensors.random("norm.weight", random, 1, size).random("norm.bias", random, 1, size);
        float[] x = TensorFile.gaussian(random, deviation, ROWS * size);

        float[] found = run(x, size, (g, v, w) -> new LayerNorm(w.scope("norm"), size).build(g, v));

        double[] expected = new double[x.length];
        for (int row = 0; row < ROWS; row++) {
            double[] values = Naive.row(Naive.doubles(x), row, size);
            double mean = Arrays.stream(values).average().orElseThrow();
            double variance = Arrays.stream(values)
                    .map(v -> (v - mean) * (v - mean))
                    .average()
                    .orElseThrow();
            for (int i = 0; i < size; i++) {
                expected[row * size + i] =
                        (values[i] - mean) / Math.sqrt(variance + 1e-5) * tensors.values("norm.weight")[i]
                                + tensors.values("norm.bias")[i];
            }
        }
        assertClose(found, expected);
    }

    @ParameterizedTest
    @EnumSource(Activation.class)
    void feedForwardAppliesItsActivationBetweenTheTwoLayers(Activation activation) {
        int d = 6;
        int ffn = 10;
        tensors.random("fc1.weight", random, 1, ffn, d)
                .random("fc1.bias", random, 1, ffn)
                .random("fc2.weight", random, 1, d, ffn)
                .random("fc2.bias", random, 1, d);
        float[] x = TensorFile.gaussian(random, 1, ROWS * d);

        float[] found = run(x, d, (g, v, w) -> new FeedForward(w, d, ffn, activation, Arithmetic.FLOAT32).build(g, v));

        double[] inner = Arrays.stream(Naive.linear(tensors, "fc1", Naive.doubles(x), d, ffn))
                .map(v -> activate(activation, v))
                .toArray();
        assertClose(found, Naive.linear(tensors, "fc2", inner, ffn, d));
    }

    @ParameterizedTest
    @EnumSource(Arithmetic.class)
    void theVocabularyProjectionMultipliesByTheEmbeddingAndAddsTheBias(Arithmetic arithmetic) {
        tensors.random("shared.weight", random, 1, 11, 32).random("final_logits_bias", random, 5, 1, 11);
        float[] x = TensorFile.gaussian(random, 1, ROWS * 32);

        float[] found = run(x, 32, (g, v, w) -> new VocabularyProjection(
                        w.get("shared.weight", 11, 32), w.find("final_logits_bias", 1, 11), 11, arithmetic)
                .build(g, v));

        double[] expected = Naive.linear(tensors, "shared", Naive.doubles(x), 32, 11);
        Arrays.setAll(expected, i -> expected[i] + tensors.values("final_logits_bias")[i % 11]);
        assertThat(Naive.largestDifference(found, expected)).isLessThan(arithmetic != Arithmetic.FLOAT32 ? 0.3 : 1e-4);
    }

    @Test
    void theVocabularyProjectionTakesZerosForAMissingBias() {
        tensors.random("shared.weight", random, 1, 11, 8);
        float[] x = TensorFile.gaussian(random, 1, ROWS * 8);

        float[] found = run(x, 8, (g, v, w) -> new VocabularyProjection(
                        w.get("shared.weight", 11, 8), Optional.empty(), 11, Arithmetic.FLOAT32)
                .build(g, v));

        assertClose(found, Naive.linear(tensors, "shared", Naive.doubles(x), 8, 11));
    }

    @Test
    void anEmbeddingLooksRowsUp() {
        tensors.put("table", new float[] {0, 1, 10, 11, 20, 21}, 3, 2);

        assertThat(lookUp(w -> Embedding.of(w.get("table", 3, 2)), 2, 0, 2)).containsExactly(20, 21, 0, 1, 20, 21);
    }

    @Test
    void theRowAfterTheLastIsZeros() {
        tensors.put("table", new float[] {0, 1, 10, 11, 20, 21}, 3, 2);

        assertThat(lookUp(w -> Embedding.withZeroRow(w.get("table", 3, 2)), 3, 1))
                .containsExactly(0, 0, 10, 11);
    }

    private float[] lookUp(Function<Weights, Embedding> embedding, long... indices) {
        try (Checkpoint checkpoint = Checkpoint.open(tensors.write(directory.resolve("weights")))) {
            GraphBuilder g = new GraphBuilder("embedding");
            Value x = g.input("indices", DataType.INT64, Dimension.of("n"));
            g.output("y", embedding.apply(checkpoint.weights()).build(g, x));
            try (GraphRun run = GraphRun.of(g, directory)) {
                return run.longs("indices", indices, indices.length).run().get("y");
            }
        }
    }

    private interface Layer {
        Value build(GraphBuilder g, Value x, Weights weights);
    }

    private float[] run(float[] x, int width, Layer layer) {
        Path weights = directory.resolve("weights");
        if (!weights.toFile().exists()) {
            tensors.write(weights);
        }
        try (Checkpoint checkpoint = Checkpoint.open(weights)) {
            GraphBuilder g = new GraphBuilder("layer");
            Value input = g.input("x", DataType.FLOAT, Dimension.of("rows"), Dimension.of(width));
            g.output("y", layer.build(g, input, checkpoint.weights()));
            try (GraphRun run = GraphRun.of(g, directory)) {
                return run.floats("x", x, x.length / width, width).run().get("y");
            }
        }
    }

    private static void assertClose(float[] found, double[] expected) {
        assertThat(Naive.largestDifference(found, expected)).isLessThan(1e-5 * (1 + Naive.largest(expected)));
    }

    private static float[] identity(int size) {
        float[] identity = new float[size * size];
        for (int i = 0; i < size; i++) {
            identity[i * size + i] = 1;
        }
        return identity;
    }

    private static double activate(Activation activation, double x) {
        return switch (activation) {
            case GELU_NEW -> 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
            case GELU -> 0.5 * x * (1 + erf(x / Math.sqrt(2)));
            case RELU -> Math.max(0, x);
            case SILU -> x / (1 + Math.exp(-x));
        };
    }

    /** The error function by its power series, which converges fast for the few units that occur here. */
    private static double erf(double x) {
        double sum = 0;
        double term = x;
        for (int n = 0; n < 400; n++) {
            sum += term / (2 * n + 1);
            term *= -x * x / (n + 1);
        }
        return Math.abs(x) > 5 ? Math.signum(x) : 2 / Math.sqrt(Math.PI) * sum;
    }
}
