package io.github.longwing.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.longwing.runtime.GraphRun;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is built is what ONNX Runtime computes, and what cannot be built says so with the shapes. */
class GraphBuilderTest {
    private static final Dimension ROWS = Dimension.of("rows");
    private static final Offset<Float> CLOSE = Offset.offset(1e-6f);

    @TempDir
    private Path directory;

    private final GraphBuilder g = new GraphBuilder("test");
    private final Value x = g.input("x", DataType.FLOAT, ROWS, Dimension.of(3));
    private final float[] given = {1, -2, 3, 4, 5, -6};

    @Test
    void addsAndMultipliesWithBroadcasting() {
        Value row = parameter("row", new float[] {10, 20, 30}, 3);

        assertThat(run(x -> x.add(row))).containsExactly(11, 18, 33, 14, 25, 24);
        assertThat(run(x -> x.multiply(row))).containsExactly(10, -40, 90, 40, 100, -180);
        assertThat(run(x -> x.scale(0.5f))).containsExactly(0.5f, -1, 1.5f, 2, 2.5f, -3);
    }

    @Test
    void subtractsAndLimits() {
        Value row = parameter("row", new float[] {1, 2, 3}, 3);

        assertThat(run(x -> x.subtract(row))).containsExactly(0, -4, 0, 3, 3, -9);
        assertThat(run(x -> x.atMost(2))).containsExactly(1, -2, 2, 2, 2, -6);
    }

    @Test
    void takesMeansAndTheLastRow() {
        assertThat(run(x -> x.mean(0))).containsExactly(2.5f, 1.5f, -1.5f);
        assertThat(run(x -> x.mean(1))).containsExactly(new float[] {2 / 3f, 1}, CLOSE);
        assertThat(run(Value::last)).containsExactly(4, 5, -6);
        assertThat(x.last().shape()).hasToString("[1, 3]");
        assertThat(x.mean(1).shape()).hasToString("[rows]");
    }

    @Test
    void takesTheHyperbolicTangent() {
        assertThat(run(Value::tanh))
                .containsExactly(
                        new float[] {0.7615942f, -0.9640276f, 0.9950548f, 0.9993293f, 0.9999092f, -0.9999877f}, CLOSE);
    }

    @Test
    void readsWholeNumbersAsFloats() {
        Value positions = g.integers(0, 7, 4095).toFloat();

        assertThat(positions.type()).isEqualTo(DataType.FLOAT);
        assertThat(run(x -> x.mean(0).add(positions))).containsExactly(2.5f, 8.5f, 4093.5f);
    }

    @Test
    void multipliesMatrices() {
        Value matrix = parameter("matrix", new float[] {1, 0, 0, 1, 1, 1}, 3, 2);

        assertThat(run(x -> x.matmul(matrix))).containsExactly(4, 1, -2, -1);
    }

    @Test
    void multipliesByTheTransposeTimesAFactor() {
        Value transposed = parameter("transposed", new float[] {1, 0, 1, 0, 1, 1}, 2, 3);

        assertThat(run(x -> x.matmulTransposed(transposed))).containsExactly(4, 1, -2, -1);
        assertThat(run(x -> x.matmulTransposed(transposed, -2f))).containsExactly(-8, -2, 4, 2);
        assertThat(run(x -> x.gemmTransposed(transposed, parameter("bias", new float[] {100, 200}, 1, 2))))
                .containsExactly(104, 201, 98, 199);
    }

    @Test
    void reshapesToKnownAndInferredAxes() {
        Value reshaped = x.reshape(ROWS, Dimension.ONE, Dimension.of(3));

        assertThat(reshaped.shape()).hasToString("[rows, 1, 3]");
        assertThat(run(x -> x.reshape(Dimension.of("n")))).containsExactly(given);
        assertThat(run(x -> x.reshape(Dimension.of(3), Dimension.of("n")).transpose(1, 0)))
                .containsExactly(1, 3, 5, -2, 4, -6);
    }

    @Test
    void transposesGathersSlicesAndJoins() {
        assertThat(run(x -> x.transpose(1, 0))).containsExactly(1, 4, -2, 5, 3, -6);
        assertThat(run(x -> x.gather(g.integers(2, 0), 1))).containsExactly(3, 1, -6, 4);
        assertThat(run(x -> x.gather(g.index(1), 0))).containsExactly(4, 5, -6);
        assertThat(run(x -> x.slice(1, -2, Integer.MAX_VALUE, Dimension.of(2)))).containsExactly(-2, 3, 5, -6);
        assertThat(run(x -> x.first(g.integers(1), Dimension.ONE))).containsExactly(1, -2, 3);
        assertThat(run(x -> x.concat(1, Dimension.of(6), List.of(x.scale(2)))))
                .containsExactly(1, -2, 3, 2, -4, 6, 4, 5, -6, 8, 10, -12);
    }

    @Test
    void splitsAnAxisIntoPartsOfAnyLength() {
        Dimension a = Dimension.of("a");
        Dimension b = Dimension.of("b");

        assertThat(run(x -> x.split(1, g.integers(1, 2), List.of(a, b)).get(0))).containsExactly(1, 4);
        assertThat(run(x -> x.split(1, g.integers(1, 2), List.of(a, b)).get(1))).containsExactly(-2, 3, 5, -6);
        assertThat(run(x -> x.split(1, g.integers(3, 0), List.of(a, b)).get(1))).isEmpty();
    }

    @Test
    void activatesElementByElement() {
        assertThat(run(Value::relu)).containsExactly(1, 0, 3, 4, 5, 0);
        assertEach(run(Value::sigmoid), 0.731059f, 0.119203f, 0.952574f, 0.982014f, 0.993307f, 0.002473f);
        assertEach(run(Value::gelu), 0.841345f, -0.045500f, 2.995950f, 3.999873f, 4.999999f, 0);
        assertEach(run(x -> x.abs().sqrt()), 1, 1.414214f, 1.732051f, 2, 2.236068f, 2.449490f);
        assertEach(run(Value::reciprocal), 1, -0.5f, 0.333333f, 0.25f, 0.2f, -0.166667f);
        assertEach(run(Value::geluTanh), 0.841192f, -0.045402f, 2.996363f, 3.999930f, 5, 0);
    }

    @Test
    void takesTheSoftmaxOfTheLastAxis() {
        float e = (float) Math.E;
        Value values = x.multiply(parameter("zero but one", new float[] {1, 0, 0}, 3));

        assertEach(run(x -> values.softmax()), e / (e + 2), 1 / (e + 2), 1 / (e + 2), 0.964663f, 0.017668f, 0.017668f);
        assertEach(
                run(x -> values.logSoftmax()), -0.551445f, -1.551445f, -1.551445f, -0.035976f, -4.035976f, -4.035976f);
    }

    @Test
    void scopesPutTheirNamesBeforeThoseOfOperations() {
        Value inner = g.scope("layers.0").scope("fc1").input("unscoped", DataType.FLOAT, ROWS);

        assertThat(inner.name()).isEqualTo("unscoped");
        Value in = g.scope("layers.0").matMulEightBits(x, x, x, 3, 3, 16);
        Value again = g.scope("layers.0").matMulEightBits(x, x, x, 3, 3, 16);
        assertThat(in.name()).isEqualTo("layers.0/MatMulNBits");
        assertThat(again.name()).isEqualTo("layers.0/MatMulNBits_1");
    }

    @Test
    void aParameterOfOneNameIsOneValue() {
        assertThat(parameter("w", new float[] {1}, 1)).isSameAs(parameter("w", new float[] {1}, 1));
        assertThat(g.number(2)).isSameAs(g.number(2)).isNotSameAs(g.number(3));
        assertThat(g.integers(1, 2)).isSameAs(g.integers(1, 2)).isNotSameAs(g.integers(12));
        assertThat(g.index(1)).isNotSameAs(g.integers(1));
    }

    @Test
    void refusesToBroadcastAxesThatDiffer() {
        Value other = g.input("other", DataType.FLOAT, ROWS, Dimension.of(4));

        assertRefused(
                () -> x.add(other),
                "Cannot broadcast [rows, 3] with [rows, 4]: axis 1 is 3 on one side and 4 on the other");
        assertRefused(
                () -> x.multiply(g.input("columns", DataType.FLOAT, Dimension.of("columns"), Dimension.of(3))),
                "Cannot broadcast [rows, 3] with [columns, 3]: axis 0 is rows on one side and columns on the other");
    }

    @Test
    void refusesProductsWhoseInnerAxesDiffer() {
        Value other = g.input("other", DataType.FLOAT, Dimension.of(4), Dimension.of(5));

        assertRefused(
                () -> x.matmul(other),
                "Cannot build matmul of x FLOAT[rows, 3] and other FLOAT[4, 5]: the inner axes are 3 and 4, expected"
                        + " equal");
        assertRefused(
                () -> x.matmulTransposed(other),
                "Cannot build matmulTransposed of x FLOAT[rows, 3] and other FLOAT[4, 5]: the inner axes are 3 and 5,"
                        + " expected equal");
        assertRefused(
                () -> x.gemmTransposed(other, other),
                "Cannot build gemmTransposed of x FLOAT[rows, 3] and other FLOAT[4, 5]: the inner axes are 3 and 5,"
                        + " expected equal");
    }

    @Test
    void refusesToInferTwoAxes() {
        assertRefused(
                () -> x.reshape(Dimension.of("a"), Dimension.of("b")),
                "Cannot reshape x FLOAT[rows, 3] to [a, b]: 2 axes would have to be inferred, expected at most one");
    }

    @Test
    void refusesToTransposeByAnotherNumberOfAxes() {
        assertRefused(() -> x.transpose(0, 1, 2), "Cannot transpose x FLOAT[rows, 3]: 3 axes are given, expected 2");
    }

    @Test
    void refusesOutputsThatAreNotComputedOrHaveAName() {
        assertRefused(
                () -> g.output("y", x),
                "Cannot name x FLOAT[rows, 3] as output y: expected a computed value with no other name");
        Value computed = x.relu();
        g.output("y", computed);
        assertRefused(
                () -> g.output("z", computed),
                "Cannot name Relu FLOAT[rows, 3] as output z: expected a computed value with no other name");
        assertRefused(() -> g.output("x", x.sigmoid()), "Cannot add output x: the graph has a value of this name");
    }

    @Test
    void refusesOperatorsWithTooFewInputs() {
        assertRefused(
                () -> g.apply(Op.ADD, DataType.FLOAT, x.shape(), List.of(x)),
                "Cannot build Add: it is given 1 inputs, expected 2 to 2");
    }

    @Test
    void anOutputMayBeUsedInsideTheGraphToo() {
        Value inner = x.relu();
        g.output("inner", inner);
        g.output("outer", inner.scale(2));
        try (GraphRun run = GraphRun.of(g, directory)) {
            Map<String, float[]> outputs = run.floats("x", given, 2, 3).run();

            assertThat(outputs.get("inner")).containsExactly(1, 0, 3, 4, 5, 0);
            assertThat(outputs.get("outer")).containsExactly(2, 0, 6, 8, 10, 0);
        }
    }

    private Value parameter(String name, float[] values, long... sizes) {
        return g.parameter(name, TensorData.of(values, sizes));
    }

    private int outputs;

    /** What an operation gives for {@link #given}. */
    private float[] run(UnaryOperator<Value> operation) {
        String name = "y" + outputs++;
        g.output(name, operation.apply(x));
        try (GraphRun run = GraphRun.of(g, directory)) {
            return run.floats("x", given, 2, 3).run().get(name);
        }
    }

    private static void assertEach(float[] found, float... expected) {
        assertThat(found).containsExactly(expected, CLOSE);
    }

    private static void assertRefused(ThrowingCallable act, String message) {
        assertThatThrownBy(act).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
    }
}
