package io.github.longwing.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.longwing.error.UserException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsFileTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,12]}} | w ends at byte 12 of the data, which has 8",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}} | the tensors end at byte 4 of the data, which has 8",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}} | w begins at byte 4 of the data, expected 0",
                "{\"v\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}} | w begins at byte 4 of the data, expected 8",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}} | w has 8 bytes, expected 12 for F32 [3]",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}} | data_offsets of w is [8, 0]",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0]}} | data_offsets of w is [0]",
                "{\"w\":{\"dtype\":\"F8_E4M3\",\"shape\":[8],\"data_offsets\":[0,8]}} | the dtype of w is F8_E4M3, expected one of F64, F32, F16, BF16",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,8]}} | the shape of w is [4294967296, 4294967296], which is too large",
                "{\"w\":{\"dtype\":\"F64\",\"shape\":[2305843009213693952],\"data_offsets\":[0,8]}} | by something else than lists of non-negative integers",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}} | by something else than lists of non-negative integers",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[2.0],\"data_offsets\":[0,8]}} | by something else than lists of non-negative integers",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[[2]],\"data_offsets\":[0,8]}} | by something else than lists of non-negative integers",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[2]}} | w lacks one of dtype, shape and data_offsets",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8],\"x\":1}} | w has the field x",
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}} | the header names w twice",
                "{\"w\":3} | not a valid safetensors header",
                "{\"w\":{\"dtype\":\"F32\" | not a valid safetensors header",
                "[1, 2] | not a valid safetensors header",
                "{\"__metadata__\":{\"format\":3}} | the metadata format is not a text",
                "{} {} | not a valid safetensors header",
                "{\"w\": {\"dtype\": \"F32\", \"shape\": [2], \"data_offsets\": [0, 8]},} | not a valid safetensors header",
            })
    void refusesAHeaderThatDoesNotFitTheFile(String header, String complaint) {
        Safetensors.write(directory, header, new byte[8]);
        assertThatThrownBy(() -> Checkpoint.open(directory).close())
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot read " + directory.resolve("model.safetensors") + ": ")
                .hasMessageContaining(complaint);
    }

    @ParameterizedTest
    @CsvSource({"0", "1", "3", "-1", "9223372036854775807", "100000000"})
    void refusesAHeaderOfImpossibleLength(long length) {
        Safetensors.write(directory, length, "{}".getBytes(StandardCharsets.UTF_8), new byte[0]);
        assertThatThrownBy(() -> Checkpoint.open(directory).close())
                .isInstanceOf(UserException.class)
                .hasMessageContaining("the header claims " + Long.toUnsignedString(length) + " of 10 bytes")
                .hasMessageContaining("fetch it again");
    }

    @Test
    void refusesAHeaderThatIsNotText() {
        Safetensors.write(directory, 4, new byte[] {'{', (byte) 0xff, '}', ' '}, new byte[0]);
        assertThatThrownBy(() -> Checkpoint.open(directory).close())
                .isInstanceOf(UserException.class)
                .hasMessageContaining("the header is not UTF-8");
    }

    @Test
    void refusesAGitLfsPointerByThatName() throws IOException {
        Files.writeString(
                directory.resolve("model.safetensors"),
                "version https://git-lfs.github.com/spec/v1\noid sha256:0a\nsize 2307733672\n");
        assertThatThrownBy(() -> Checkpoint.open(directory).close())
                .isInstanceOf(UserException.class)
                .hasMessageContaining("it is a Git LFS pointer")
                .hasMessageContaining("git lfs pull");
    }

    @Test
    void showsNoControlCharactersOfAHostileHeader() {
        Safetensors.write(
                directory, "{\"\\u001b[31mred\":{\"dtype\":\"?\",\"shape\":[],\"data_offsets\":[0,0]}}", new byte[0]);
        assertThatThrownBy(() -> Checkpoint.open(directory).close())
                .isInstanceOf(UserException.class)
                .hasMessageContaining("the dtype of ?[31mred is ?");
    }

    @Test
    void readsTensorsInAnyOrderOfTheHeaderAndAtOddPositions() {
        Safetensors.write(
                directory,
                "{\"b\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[1,5]},"
                        + "\"a\":{\"dtype\":\"I8\",\"shape\":[1],\"data_offsets\":[0,1]},"
                        + "\"none\":{\"dtype\":\"F32\",\"shape\":[0,3],\"data_offsets\":[5,5]}}",
                new byte[] {-5, 0, 0, (byte) 0x80, 0x3f});
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            assertThat(Fixtures.values(checkpoint, "a")).containsExactly(-5);
            assertThat(Fixtures.values(checkpoint, "b")).containsExactly(1);
            assertThat(Fixtures.values(checkpoint, "none")).isEmpty();
        }
    }

    @Test
    void readsATensorLargerThanOneMapping() throws IOException {
        long elements = 700_000_001L; // 2.6 GiB, of which the file system keeps only what is written
        String header =
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[%d],\"data_offsets\":[0,%d]}}".formatted(elements, 4 * elements);
        Safetensors.write(directory, header, new byte[0]);
        Path file = directory.resolve("model.safetensors");
        long begin = Files.size(file);
        long border = MappedRegion.PIECE_BYTES / 4;
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(begin + 4 * elements);
            for (long element : new long[] {0, border - 1, border, 2 * border, elements - 1}) {
                sparse.seek(begin + 4 * element);
                sparse.writeInt(Integer.reverseBytes(Float.floatToIntBits(mark(element))));
            }
        }
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            Tensor tensor = checkpoint.weights().get("w", elements);
            float[] values = new float[4];
            tensor.read(0, values, 2, 2);
            assertThat(values).containsExactly(0, 0, 1, 0);
            tensor.read(border - 2, values, 0, 4);
            assertThat(values).containsExactly(0, mark(border - 1), mark(border), 0);
            tensor.read(elements - 1, values, 0, 1);
            assertThat(values[0]).isEqualTo(mark(elements - 1));
        }
    }

    /** A value that tells one element from its neighbours. */
    private static float mark(long element) {
        return (int) (element % 1000) + 1;
    }
}
