package io.github.longwing.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ShapeTest {

    @Test
    void countsAxesFromBothEnds() {
        Shape shape = Shape.of(Dimension.of("rows"), Dimension.of(3), Dimension.ONE);

        assertThat(shape.rank()).isEqualTo(3);
        assertThat(shape.at(0)).isEqualTo(Dimension.of("rows"));
        assertThat(shape.at(-1)).isEqualTo(Dimension.of(1));
        assertThat(shape.with(-2, Dimension.of(7))).hasToString("[rows, 7, 1]");
        assertThat(shape).hasToString("[rows, 3, 1]");
    }

    @Test
    void broadcastsAsNumpyDoes() {
        Shape rowsOfThree = Shape.of(Dimension.of("rows"), Dimension.of(3));

        assertThat(Shape.broadcast(rowsOfThree, Shape.of(3))).isEqualTo(rowsOfThree);
        assertThat(Shape.broadcast(Shape.of(1), rowsOfThree)).isEqualTo(rowsOfThree);
        assertThat(Shape.broadcast(Shape.of(new long[0]), rowsOfThree)).isEqualTo(rowsOfThree);
        assertThat(Shape.broadcast(Shape.of(5, 1, 3), rowsOfThree)).hasToString("[5, rows, 3]");
    }

    @Test
    void aTensorHasAsManyBytesAsItsShapeAndTypeSay() {
        assertThat(TensorData.of(new float[6], 2, 3).bytes()).isEqualTo(24);
        assertThat(TensorData.of(new long[] {1}).bytes()).isEqualTo(8);
        assertThat(DataType.UINT8.bytes()).isEqualTo(1);
    }
}
