package io.github.longwing.nn;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.longwing.checkpoint.Checkpoint;
import io.github.longwing.fixture.TensorFile;
import io.github.longwing.onnx.DataType;
import io.github.longwing.onnx.Dimension;
import io.github.longwing.onnx.GraphBuilder;
import io.github.longwing.onnx.Value;
import io.github.longwing.runtime.GraphRun;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Attention of the decoder against attention over a list of vectors for each beam, in double precision. */
class DecoderAttentionTest {
    private static final int HEADS = 3;
    private static final int HEAD_SIZE = 4;
    private static final int D = HEADS * HEAD_SIZE;
    private static final int SLOTS = 3;
    private static final float HIDDEN = -1e9f;

    @TempDir
    private Path directory;

    private final Random random = new Random(8);
    private final TensorFile tensors = new TensorFile();

    /** The pools of one document, kept by hand: column step * beams + beam, and what each beam has seen. */
    private static final class Document {
        private final int beams;
        private final int columns;
        private final float[] keys;
        private final float[] values;
        private int[][] history;
        private List<List<double[]>> past; // hidden vectors of each beam
        private int steps;

        Document(int beams, int maxSteps, Random random) {
            this.beams = beams;
            this.columns = beams * maxSteps;
            this.keys = TensorFile.gaussian(random, 5, HEADS * columns * HEAD_SIZE); // what is unused must not matter
            this.values = TensorFile.gaussian(random, 5, HEADS * columns * HEAD_SIZE);
            this.history = new int[beams][0];
            this.past = new ArrayList<>();
            for (int beam = 0; beam < beams; beam++) {
                past.add(List.of());
            }
        }

        void reorder(int[] parents) {
            int[][] before = history;
            List<List<double[]>> pastBefore = past;
            history = new int[beams][];
            past = new ArrayList<>();
            for (int beam = 0; beam < beams; beam++) {
                history[beam] = before[parents[beam]].clone();
                past.add(pastBefore.get(parents[beam]));
            }
        }

        float[] bias() {
            float[] bias = new float[beams * (columns + beams)];
            Arrays.fill(bias, HIDDEN);
            for (int beam = 0; beam < beams; beam++) {
                for (int column : history[beam]) {
                    bias[beam * (columns + beams) + column] = 0;
                }
                bias[beam * (columns + beams) + columns + beam] = 0;
            }
            return bias;
        }

        void append(float[] newKeys, float[] newValues, int firstRow) {
            for (int beam = 0; beam < beams; beam++) {
                int column = steps * beams + beam;
                for (int c = 0; c < D; c++) {
                    int head = c / HEAD_SIZE;
                    keys[(head * columns + column) * HEAD_SIZE + c % HEAD_SIZE] = newKeys[(firstRow + beam) * D + c];
                    values[c * columns + column] = newValues[(firstRow + beam) * D + c];
                }
                history[beam] = Arrays.copyOf(history[beam], steps + 1);
                history[beam][steps] = column;
            }
            steps++;
        }
    }

    @ParameterizedTest
    @EnumSource(LinearPolicy.Bias.class)
    void selfAttentionSeesTheHistoryOfItsOwnBeamThroughEveryReordering(LinearPolicy.Bias bias) {
        projections(bias);
        List<Document> documents =
                List.of(new Document(1, 6, random), new Document(4, 6, random), new Document(3, 6, random));
        int rows = 8;
        try (Checkpoint checkpoint = Checkpoint.open(tensors.write(directory.resolve("weights")))) {
            GraphBuilder g = new GraphBuilder("self-attention");
            Value x = g.input("x", DataType.FLOAT, Dimension.of("R"), Dimension.of(D));
            DecoderSlots slots = DecoderSlots.inputs(g, SLOTS);
            CachedSelfAttention attention =
                    new CachedSelfAttention(checkpoint.weights(), new LinearPolicy(bias, Arithmetic.FLOAT32), D, HEADS);
            g.output("y", attention.build(g, x, slots, 0));
            try (GraphRun run = GraphRun.of(g, directory)) {
                for (int step = 0; step < 6; step++) {
                    float[] hidden = TensorFile.gaussian(random, 1, rows * D);
                    run.floats("x", hidden, rows, D);
                    run.longs(GraphNames.SLOT_ROWS, new long[] {1, 4, 3}, SLOTS);
                    List<double[]> expected = new ArrayList<>();
                    int row = 0;
                    for (int slot = 0; slot < SLOTS; slot++) {
                        Document document = documents.get(slot);
                        document.reorder(
                                random.ints(document.beams, 0, document.beams).toArray());
                        feed(run, document, slot);
                        expected.addAll(expected(document, Naive.doubles(hidden), row));
                        row += document.beams;
                    }
                    Map<String, float[]> found = run.run();
                    for (int i = 0, first = 0; i < SLOTS; first += documents.get(i).beams, i++) {
                        documents
                                .get(i)
                                .append(found.get(GraphNames.newKey(0)), found.get(GraphNames.newValue(0)), first);
                    }
                    for (int i = 0; i < rows; i++) {
                        assertThat(Naive.largestDifference(
                                        Arrays.copyOfRange(found.get("y"), i * D, (i + 1) * D), expected.get(i)))
                                .as("row %d of step %d", i, step)
                                .isLessThan(1e-4);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 9})
    void crossAttentionSeesEveryTokenOfItsOwnDocument(int sourceTokens) {
        projections(LinearPolicy.Bias.WITH_BIAS);
        int rows = 5;
        long[] slotRows = {2, 0, 3};
        int[] tokens = {sourceTokens, 0, sourceTokens + 4};
        try (Checkpoint checkpoint = Checkpoint.open(tensors.write(directory.resolve("weights")))) {
            CrossAttention attention = new CrossAttention(
                    checkpoint.weights(), new LinearPolicy(LinearPolicy.Bias.WITH_BIAS, Arithmetic.FLOAT32), D, HEADS);
            GraphBuilder source = new GraphBuilder("keys and values");
            Value states = source.input("states", DataType.FLOAT, Dimension.of("S"), Dimension.of(D));
            source.output("key", attention.key(source, states));
            source.output("value", attention.value(source, states));
            GraphBuilder g = new GraphBuilder("cross-attention");
            Value x = g.input("x", DataType.FLOAT, Dimension.of("R"), Dimension.of(D));
            DecoderSlots slots = DecoderSlots.inputs(g, SLOTS);
            g.output("y", attention.build(g, x, slots, 0));
            float[] hidden = TensorFile.gaussian(random, 1, rows * D);
            double[] queries = Naive.linear(tensors, "q_proj", Naive.doubles(hidden), D, D);
            double[] expected = new double[rows * D];
            try (GraphRun keysAndValues = GraphRun.of(source, directory);
                    GraphRun run = GraphRun.of(g, directory)) {
                run.floats("x", hidden, rows, D).longs(GraphNames.SLOT_ROWS, slotRows, SLOTS);
                int row = 0;
                for (int slot = 0; slot < SLOTS; slot++) {
                    int s = tokens[slot];
                    float[] encoded = TensorFile.gaussian(random, 1, s * D);
                    Map<String, float[]> projected =
                            keysAndValues.floats("states", encoded, s, D).run();
                    run.floats(GraphNames.crossKey(0, slot), projected.get("key"), HEADS, s, HEAD_SIZE);
                    run.floats(GraphNames.crossValue(0, slot), projected.get("value"), HEADS, HEAD_SIZE, s);
                    double[][] keys = rows(Naive.linear(tensors, "k_proj", Naive.doubles(encoded), D, D));
                    double[][] values = rows(Naive.linear(tensors, "v_proj", Naive.doubles(encoded), D, D));
                    for (int i = 0; i < slotRows[slot]; i++, row++) {
                        double[] context = Naive.attend(Naive.row(queries, row, D), keys, values, HEADS);
                        System.arraycopy(Naive.linear(tensors, "out_proj", context, D, D), 0, expected, row * D, D);
                    }
                }
                assertThat(Naive.largestDifference(run.run().get("y"), expected))
                        .isLessThan(1e-4);
            }
        }
    }

    @Test
    void keysAndValuesOfADocumentLieHeadByHead() {
        for (String name : new String[] {"q_proj", "k_proj", "v_proj", "out_proj"}) {
            float[] identity = new float[D * D];
            for (int i = 0; i < D; i++) {
                identity[i * D + i] = 1;
            }
            tensors.put(name + ".weight", identity, D, D);
        }
        float[] states = new float[2 * D]; // 0..11 and 100..111
        for (int i = 0; i < D; i++) {
            states[i] = i;
            states[D + i] = 100 + i;
        }
        try (Checkpoint checkpoint = Checkpoint.open(tensors.write(directory.resolve("weights")))) {
            CrossAttention attention = new CrossAttention(
                    checkpoint.weights(),
                    new LinearPolicy(LinearPolicy.Bias.WITHOUT_BIAS, Arithmetic.FLOAT32),
                    D,
                    HEADS);
            GraphBuilder g = new GraphBuilder("keys and values");
            Value x = g.input("states", DataType.FLOAT, Dimension.of("S"), Dimension.of(D));
            g.output("key", attention.key(g, x));
            g.output("value", attention.value(g, x));
            try (GraphRun run = GraphRun.of(g, directory)) {
                Map<String, float[]> found = run.floats("states", states, 2, D).run();

                assertThat(found.get("key")) // [H, S, D]
                        .startsWith(0, 1, 2, 3, 100, 101, 102, 103)
                        .endsWith(8, 9, 10, 11, 108, 109, 110, 111);
                assertThat(found.get("value")) // [H, D, S]
                        .startsWith(0, 100, 1, 101, 2, 102)
                        .endsWith(10, 110, 11, 111);
            }
        }
    }

    private void projections(LinearPolicy.Bias bias) {
        for (String name : new String[] {"q_proj", "k_proj", "v_proj", "out_proj"}) {
            tensors.random(name + ".weight", random, 0.5, D, D);
            if (bias == LinearPolicy.Bias.WITH_BIAS) {
                tensors.random(name + ".bias", random, 0.5, D);
            }
        }
    }

    private static void feed(GraphRun run, Document document, int slot) {
        int columns = document.columns;
        int beams = document.beams;
        run.floats(GraphNames.selfKey(0, slot), document.keys, HEADS, columns, HEAD_SIZE);
        run.floats(GraphNames.selfValue(0, slot), document.values, HEADS, HEAD_SIZE, columns);
        run.floats(GraphNames.selfBias(slot), document.bias(), beams, columns + beams);
        run.longs(GraphNames.selfColumns(slot), new long[] {columns, beams}, 2);
    }

    /** What each beam should see; its newest vector joins its past. */
    private List<double[]> expected(Document document, double[] hidden, int firstRow) {
        List<double[]> expected = new ArrayList<>();
        for (int beam = 0; beam < document.beams; beam++) {
            double[] newest = Naive.row(hidden, firstRow + beam, D);
            List<double[]> seen = new ArrayList<>(document.past.get(beam));
            seen.add(newest);
            document.past.set(beam, List.copyOf(seen));
            double[][] keys = seen.stream()
                    .map(x -> Naive.linear(tensors, "k_proj", x, D, D))
                    .toArray(double[][]::new);
            double[][] values = seen.stream()
                    .map(x -> Naive.linear(tensors, "v_proj", x, D, D))
                    .toArray(double[][]::new);
            double[] query = Naive.linear(tensors, "q_proj", newest, D, D);
            expected.add(Naive.linear(tensors, "out_proj", Naive.attend(query, keys, values, HEADS), D, D));
        }
        return expected;
    }

    private static double[][] rows(double[] matrix) {
        double[][] rows = new double[matrix.length / D][];
        Arrays.setAll(rows, i -> Naive.row(matrix, i, D));
        return rows;
    }
}
