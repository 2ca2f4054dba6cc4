package io.github.longwing.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.longwing.error.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever happens to a file: it is refused by its name, or its tensors can be read. */
class DamagedFilesTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "formats/float32/model.safetensors",
                "views/safetensors/model.safetensors",
                "formats/pytorch/pytorch_model.bin",
                "views/pytorch/pytorch_model.bin"
            })
    void refusesEveryFileThatWasCutOff(String fixture) throws IOException {
        byte[] whole = Files.readAllBytes(Fixtures.checkpoint(fixture));
        Path file = directory.resolve(Path.of(fixture).getFileName());
        for (int length = 0; length < whole.length; length += 5) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> Checkpoint.open(directory).close())
                    .isInstanceOf(UserException.class)
                    .hasMessageStartingWith("Cannot read " + file + ": ");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "views/safetensors/model.safetensors",
                "formats/pytorch/pytorch_model.bin",
                "views/pytorch/pytorch_model.bin",
                "protocols/4/pytorch_model.bin"
            })
    void refusesOrReadsEveryFileWithFlippedBits(String fixture) throws IOException {
        byte[] whole = Files.readAllBytes(Fixtures.checkpoint(fixture));
        Path file = directory.resolve(Path.of(fixture).getFileName());
        Random random = new Random(3);
        int refused = 0;
        for (int round = 0; round < 500; round++) {
            byte[] damaged = whole.clone();
            for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            }
            Files.write(file, damaged);
            try (Checkpoint checkpoint = Checkpoint.open(directory)) {
                checkpoint.unusedTensors().forEach(t -> t.read(0, new float[64], 0, (int) Math.min(64, t.size())));
            } catch (UserException e) {
                assertThat(e).hasMessageStartingWith("Cannot read " + file + ": ");
                refused++;
            }
        }
        assertThat(refused).isBetween(50, 500);
    }
}
