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
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Against dense attention in double precision, in which a matrix says how often each query block sees each key block.
 * Two layers with the same weights differ in their random blocks alone.
 */
class BlockSparseAttentionTest {
    private static final int LAYERS = 2;

    @TempDir
    private Path directory;

    /** One random shape: n blocks of b tokens, of which some are padding. */
    private record Shape(int seed, int heads, int headSize, int b, int n, int r, int padding, LinearPolicy.Bias bias) {
        static Shape random(int seed) {
            Random random = new Random(seed);
            int r = random.nextInt(4);
            int b = 1 + random.nextInt(7);
            return new Shape(
                    seed,
                    1 + random.nextInt(4),
                    1 + random.nextInt(9),
                    b,
                    6 + 2 * r + random.nextInt(9),
                    r,
                    random.nextBoolean() ? 0 : random.nextInt(b),
                    random.nextBoolean() ? LinearPolicy.Bias.WITH_BIAS : LinearPolicy.Bias.WITHOUT_BIAS);
        }

        int d() {
            return heads * headSize;
        }

        int tokens() {
            return n * b;
        }

        float[] keyMask() {
            float[] mask = new float[tokens()];
            Arrays.fill(mask, tokens() - padding, tokens(), AttentionPlan.PADDING);
            return mask;
        }

        AttentionPlan.Sizes sizes() {
            return new AttentionPlan.Sizes(LAYERS, heads, b, r, 4096);
        }
    }

    /** How often query block i of a head sees key block j in a layer. */
    private interface Counts {
        int of(int layer, int head, int i, int j);
    }

    static Stream<Shape> shapes() {
        return IntStream.range(0, 24).mapToObj(Shape::random);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("shapes")
    void withTheFullPlanEveryTokenSeesEveryToken(Shape shape) {
        check(shape, AttentionPlan.full(shape.keyMask(), shape.b()), (layer, head, i, j) -> 1);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("shapes")
    void withTheReferencePlanRandomBlocksAreBlockZero(Shape shape) {
        check(
                shape,
                AttentionPlan.reference(shape.sizes(), shape.keyMask()),
                (layer, head, i, j) ->
                        isGlobal(shape, i) ? 1 : windowAndGlobals(shape, i, j) + (j == 0 ? shape.r() : 0));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("shapes")
    void withThePaperPlanRandomBlocksCountAsOftenAsTheyWereDrawn(Shape shape) {
        PaperRandomBlocks random = new PaperRandomBlocks(shape.heads(), shape.b(), shape.r(), 4096);
        int[][][][] drawn = new int[LAYERS][][][];
        Arrays.setAll(drawn, layer -> random.draw(layer, shape.n()));
        check(
                shape,
                AttentionPlan.paper(shape.sizes(), shape.keyMask()),
                (layer, head, i, j) -> isGlobal(shape, i)
                        ? 1
                        : windowAndGlobals(shape, i, j)
                                + (int) Arrays.stream(drawn[layer][head][i - 1])
                                        .filter(block -> block == j)
                                        .count());
    }

    private static boolean isGlobal(Shape shape, int i) {
        return i == 0 || i == shape.n() - 1;
    }

    private static int windowAndGlobals(Shape shape, int i, int j) {
        return j == 0 || j == shape.n() - 1 || Math.abs(i - j) <= 1 ? 1 : 0;
    }

    private void check(Shape shape, AttentionPlan plan, Counts counts) {
        Random random = new Random(shape.seed());
        int d = shape.d();
        TensorFile tensors = new TensorFile();
        for (String name : new String[] {"self.query", "self.key", "self.value", "output"}) {
            tensors.random(name + ".weight", random, 1 / Math.sqrt(d), d, d);
            if (shape.bias() == LinearPolicy.Bias.WITH_BIAS) {
                tensors.random(name + ".bias", random, 0.5, d);
            }
        }
        float[] hidden = TensorFile.gaussian(random, 2, shape.tokens() * d);
        try (Checkpoint checkpoint = Checkpoint.open(tensors.write(directory.resolve("weights")))) {
            BlockSparseAttention attention = new BlockSparseAttention(
                    checkpoint.weights(),
                    new LinearPolicy(shape.bias(), Arithmetic.FLOAT32),
                    d,
                    shape.heads(),
                    shape.b());
            GraphBuilder g = new GraphBuilder("attention");
            Value x = g.input("hidden", DataType.FLOAT, Dimension.of("S"), Dimension.of(d));
            PlanValues inputs = PlanValues.inputs(g, LAYERS, shape.heads(), shape.b());
            for (int layer = 0; layer < LAYERS; layer++) {
                g.output("layer " + layer, attention.build(g, x, inputs, layer));
            }
            try (GraphRun run = GraphRun.of(g, directory)) {
                feed(run, shape, plan).floats("hidden", hidden, shape.tokens(), d);
                var outputs = run.run();
                for (int layer = 0; layer < LAYERS; layer++) {
                    double[] expected = naive(shape, tensors, hidden, counts, layer);
                    assertThat(Naive.largestDifference(outputs.get("layer " + layer), expected))
                            .as("layer %d", layer)
                            .isLessThan(2e-5 * (1 + Naive.largest(expected)));
                }
            }
        }
    }

    private static GraphRun feed(GraphRun run, Shape shape, AttentionPlan plan) {
        long m = plan.sparseQueries().length;
        long k = plan.keysPerQuery();
        long heads = shape.heads();
        return run.floats(GraphNames.KEY_MASK, plan.keyMask(), shape.tokens())
                .longs(GraphNames.GLOBAL_QUERIES, plan.globalQueries(), plan.globalQueries().length)
                .longs(GraphNames.SPARSE_QUERIES, plan.sparseQueries(), m)
                .longs(GraphNames.KEY_BLOCKS, plan.keyBlocks(), LAYERS, heads, m, k)
                .floats(GraphNames.KEY_BLOCK_BIAS, plan.keyBlockBias(), LAYERS, heads, m, k)
                .longs(GraphNames.GATHERED_SHAPE, new long[] {heads, m, k * shape.b(), shape.headSize()}, 4)
                .longs(GraphNames.BIAS_SHAPE, new long[] {heads, m, 1, k * shape.b()}, 4);
    }

    private static double[] naive(Shape shape, TensorFile tensors, float[] hidden, Counts counts, int layer) {
        int tokens = shape.tokens();
        int d = shape.d();
        double[] x = Naive.doubles(hidden);
        double[] q = Naive.linear(tensors, "self.query", x, d, d);
        double[] k = Naive.linear(tensors, "self.key", x, d, d);
        double[] v = Naive.linear(tensors, "self.value", x, d, d);
        double[] context = new double[tokens * d];
        float[] keyMask = shape.keyMask();
        for (int head = 0; head < shape.heads(); head++) {
            for (int i = 0; i < tokens; i++) {
                double[] scores = new double[tokens];
                for (int j = 0; j < tokens; j++) {
                    int count = counts.of(layer, head, i / shape.b(), j / shape.b());
                    for (int c = head * shape.headSize(); c < (head + 1) * shape.headSize(); c++) {
                        scores[j] += q[i * d + c] * k[j * d + c];
                    }
                    scores[j] = scores[j] / Math.sqrt(shape.headSize()) + keyMask[j] + Math.log(count);
                }
                double[] weights = Naive.softmax(scores);
                for (int j = 0; j < tokens; j++) {
                    for (int c = head * shape.headSize(); c < (head + 1) * shape.headSize(); c++) {
                        context[i * d + c] += weights[j] * v[j * d + c];
                    }
                }
            }
        }
        return Naive.linear(tensors, "output", context, d, d);
    }
}
