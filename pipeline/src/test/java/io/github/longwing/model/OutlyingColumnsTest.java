package io.github.longwing.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.longwing.checkpoint.Checkpoint;
import io.github.longwing.checkpoint.Weights;
import io.github.longwing.fixture.TensorFile;
import io.github.longwing.nn.Arithmetic;
import io.github.longwing.nn.LayerNorm;
import io.github.longwing.nn.Linear;
import io.github.longwing.onnx.DataType;
import io.github.longwing.onnx.Dimension;
import io.github.longwing.onnx.GraphBuilder;
import io.github.longwing.onnx.Value;
import io.github.longwing.runtime.GraphRun;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A norm with columns that are much larger than the others, and a linear layer that reads it, run by ONNX Runtime. */
class OutlyingColumnsTest {
    private static final int ROWS = 7;
    private static final int D = 256;
    private static final int OUT = 64;

    @TempDir
    private Path directory;

    private final Random random = new Random(5);
    private final TensorFile tensors = new TensorFile();

    private enum Moved {
        NONE,
        ALL
    }

    @Test
    void theyMoveIntoTheWeightsThatReadThemAndChangeNoBitInFloat32() {
        outlyingBy(8);

        assertThat(run(Moved.ALL, Arithmetic.FLOAT32)).containsExactly(run(Moved.NONE, Arithmetic.FLOAT32));
    }

    @ParameterizedTest
    @CsvSource({"8, 0.75", "32, 0.5"})
    void inEightBitsTheyLeaveTheirStepsToTheOthers(float factor, double share) {
        outlyingBy(factor);
        float[] exact = run(Moved.NONE, Arithmetic.FLOAT32);

        double before = error(run(Moved.NONE, Arithmetic.INT8_ROWS), exact);
        double after = error(run(Moved.ALL, Arithmetic.INT8_ROWS), exact);

        assertThat(after).as("error beside %s where nothing moves", before).isBetween(1e-5, share * before);
    }

    @Test
    void columnsBelowFourTimesTheMedianStayAsTheyAre() {
        outlyingBy(3.9f);

        try (Checkpoint checkpoint = Checkpoint.open(directory.resolve("weights"))) {
            Weights weights = checkpoint.weights();
            assertThat(OutlyingColumns.moved(weights, "norm", D, List.of("fc"))).isSameAs(weights);
        }
    }

    /** Four columns that are so many times as large as the others. */
    private void outlyingBy(float factor) {
        float[] gain = new float[D];
        for (int i = 0; i < D; i++) {
            gain[i] = i % 64 == 3 ? factor : 1;
        }
        tensors.put("norm.weight", gain, D).zeros("norm.bias", D).random("fc.weight", random, 0.02, OUT, D);
        tensors.write(directory.resolve("weights"));
    }

    private float[] run(Moved moved, Arithmetic arithmetic) {
        try (Checkpoint checkpoint = Checkpoint.open(directory.resolve("weights"))) {
            Weights weights = checkpoint.weights();
            Weights layer = moved == Moved.ALL ? OutlyingColumns.moved(weights, "norm", D, List.of("fc")) : weights;
            GraphBuilder g = new GraphBuilder("layer");
            Value x = g.input("x", DataType.FLOAT, Dimension.of("rows"), Dimension.of(D));
            Value normed = new LayerNorm(layer.scope("norm"), D).build(g, x);
            Linear linear = Linear.withoutBias(layer.scope("fc"), D, OUT, arithmetic);
            g.output("y", linear.build(g, normed));
            try (GraphRun run = GraphRun.of(g, directory)) {
                float[] rows = TensorFile.gaussian(new Random(8), 1, ROWS * D);
                return run.floats("x", rows, ROWS, D).run().get("y");
            }
        }
    }

    /** Relative to what is expected. */
    private static double error(float[] found, float[] expected) {
        double error = 0;
        double norm = 0;
        for (int i = 0; i < expected.length; i++) {
            error += Math.pow(found[i] - expected[i], 2);
            norm += Math.pow(expected[i], 2);
        }
        return Math.sqrt(error / norm);
    }
}
