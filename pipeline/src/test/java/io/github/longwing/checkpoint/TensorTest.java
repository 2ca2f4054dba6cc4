package io.github.longwing.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorTest {
    @TempDir
    private Path directory;

    @Test
    void readsAnyRangeOfAnyViewAcrossPieces() throws IOException {
        Random random = new Random(7);
        int elements = 1000;
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * elements).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < elements; i++) {
            bytes.putFloat(i);
        }
        Path path = Files.write(directory.resolve("storage"), bytes.array());
        try (MappedFile file = MappedFile.open(path)) {
            for (int round = 0; round < 500; round++) {
                MappedRegion region = new MappedRegion(file, 0, bytes.capacity(), 8 << random.nextInt(9));
                long[] shape = random.longs(3, 1, 7).toArray();
                long[] strides = random.longs(3, 0, 40).toArray(); // 0 repeats
                int offset = random.nextInt(elements - (int) last(shape, strides));
                StridedLayout layout = StridedLayout.strided(offset, shape, strides);
                Tensor tensor = new Tensor("view", ElementType.FLOAT32, layout, region);
                float[] expected = values(offset, shape, strides);
                int first = random.nextInt(expected.length + 1);
                int length = random.nextInt(expected.length - first + 1);
                float[] into = new float[length + 2];
                tensor.read(first, into, 1, length);
                assertThat(Arrays.copyOfRange(into, 1, length + 1))
                        .isEqualTo(Arrays.copyOfRange(expected, first, first + length));
                assertThat(into[0] + into[length + 1]).isZero();
            }
        }
    }

    @Test
    void refusesARangeBeyondItsEndOrTheArray() {
        try (Checkpoint checkpoint = Checkpoint.open(Fixtures.checkpoint("formats/float32"))) {
            Tensor tensor = checkpoint.weights().get("model.shared.weight", 7, 4);
            assertThat(tensor.size()).isEqualTo(28);
            assertThatThrownBy(() -> tensor.read(27, new float[2], 0, 2))
                    .isInstanceOf(IndexOutOfBoundsException.class)
                    .hasMessageContaining("28");
            assertThatThrownBy(() -> tensor.read(0, new float[2], 1, 2))
                    .isInstanceOf(IndexOutOfBoundsException.class)
                    .hasMessageContaining("length 2");
        }
    }

    @Test
    void cannotBeReadOnceItsCheckpointIsClosed() {
        Checkpoint checkpoint = Checkpoint.open(Fixtures.checkpoint("formats/float32"));
        Tensor tensor = checkpoint.weights().get("model.shared.weight", 7, 4);
        checkpoint.close();
        assertThatThrownBy(() -> Fixtures.values(tensor))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("is closed");
    }

    private static long last(long[] shape, long[] strides) {
        return (shape[0] - 1) * strides[0] + (shape[1] - 1) * strides[1] + (shape[2] - 1) * strides[2];
    }

    /** What a view shows of a storage that holds its own positions. */
    private static float[] values(int offset, long[] shape, long[] strides) {
        float[] values = new float[(int) (shape[0] * shape[1] * shape[2])];
        int next = 0;
        for (int i = 0; i < shape[0]; i++) {
            for (int j = 0; j < shape[1]; j++) {
                for (int k = 0; k < shape[2]; k++) {
                    values[next++] = (int) (offset + i * strides[0] + j * strides[1] + k * strides[2]);
                }
            }
        }
        return values;
    }
}
