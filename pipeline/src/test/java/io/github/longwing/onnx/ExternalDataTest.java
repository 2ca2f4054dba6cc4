package io.github.longwing.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExternalDataTest {
    private static final int PAGE = 64 * 1024;

    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void chooseAFile() {
        file = directory.resolve("weights.bin");
    }

    @Test
    void everyParameterBeginsAtAPage() throws IOException {
        try (ExternalData data = new ExternalData(file)) {
            assertThat(data.store("a", TensorData.of(new float[] {1, 2}, 2)))
                    .isEqualTo(new ExternalData.Location(0, 8));
            assertThat(data.store("b", TensorData.of(new float[PAGE], PAGE)))
                    .isEqualTo(new ExternalData.Location(PAGE, 4L * PAGE));
            assertThat(data.store("c", TensorData.of(new long[] {7}, 1)))
                    .isEqualTo(new ExternalData.Location(5L * PAGE, 8));
        }
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(bytes.limit()).isEqualTo(5 * PAGE + 8);
        assertThat(bytes.getFloat(4)).isEqualTo(2);
        assertThat(bytes.getLong(5 * PAGE)).isEqualTo(7);
        assertThat(Arrays.copyOfRange(bytes.array(), 8, PAGE)).containsOnly(0);
    }

    @Test
    void aParameterIsStoredOnceHoweverManyGraphsNameIt() throws IOException {
        try (ExternalData data = new ExternalData(file)) {
            GraphBuilder first = graph("first");
            GraphBuilder second = graph("second");
            OnnxModelWriter.write(first, directory.resolve("first.onnx"), data);
            OnnxModelWriter.write(second, directory.resolve("second.onnx"), data);
        }
        assertThat(file).hasSize(12);
    }

    private static GraphBuilder graph(String name) {
        GraphBuilder g = new GraphBuilder(name);
        Value x = g.input("x", DataType.FLOAT, Dimension.of(3));
        g.output("y", x.add(g.parameter("shared", TensorData.of(new float[] {1, 2, 3}, 3))));
        return g;
    }

    @Test
    void refusesDataThatIsNotAsLongAsItsShape() {
        TensorData wrong = new SmallTensor(DataType.FLOAT, Shape.of(3), LittleEndian.allocate(8));

        assertThatThrownBy(() -> {
                    try (ExternalData data = new ExternalData(file)) {
                        data.store("wrong", wrong);
                    }
                })
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("Cannot store wrong: it wrote 8 bytes, expected 12");
    }

    @Test
    void overwritesNothing() throws IOException {
        Files.writeString(file, "precious");

        assertThatThrownBy(() -> new ExternalData(file).close())
                .isInstanceOf(FileAlreadyExistsException.class)
                .hasMessageContaining(file.toString());
        assertThat(file).hasContent("precious");
    }
}
