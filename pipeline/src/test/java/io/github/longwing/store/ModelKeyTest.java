package io.github.longwing.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.longwing.error.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelKeyTest {
    private static final Instant LONG_AGO = Instant.parse("2020-02-02T02:02:02Z");

    @TempDir
    private Path temporary;

    private Path model;

    @BeforeEach
    void write() throws IOException {
        model = Files.createDirectory(temporary.resolve("model"));
        Files.writeString(model.resolve("config.json"), "{}");
        weights(model, (byte) 1);
    }

    @Test
    void dependsOnContentAlone() throws IOException {
        Path copy = Files.createDirectory(temporary.resolve("copy"));
        Files.writeString(copy.resolve("config.json"), "{}");
        Files.writeString(copy.resolve("README.md"), "read by nobody here");
        weights(copy, (byte) 1);
        assertThat(key(copy)).isEqualTo(key(model)).matches("[0-9a-f]{64}");
    }

    @Test
    void changesWithEveryFileOfTheModel() throws IOException {
        String before = key(model);
        Files.writeString(model.resolve("config.json"), "{ }");
        String config = key(model);
        Files.writeString(model.resolve("tokenizer.json"), "{}");
        String tokenizer = key(model);
        weights(model, (byte) 2);
        assertThat(key(model)).isNotIn(before, config, tokenizer);
        assertThat(tokenizer).isNotIn(before, config);
        assertThat(config).isNotEqualTo(before);
    }

    @Test
    void changesWithEveryShard() throws IOException {
        Files.delete(model.resolve("model.safetensors"));
        Files.writeString(
                model.resolve("model.safetensors.index.json"),
                "{\"weight_map\": {\"a\": \"one.safetensors\", \"b\": \"two.safetensors\"}}");
        Files.writeString(model.resolve("one.safetensors"), "1");
        Files.writeString(model.resolve("two.safetensors"), "2");
        String before = key(model);
        Files.writeString(model.resolve("two.safetensors"), "3");
        assertThat(key(model)).isNotEqualTo(before);
        Files.delete(model.resolve("two.safetensors"));
        assertThatThrownBy(() -> key(model))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("its shard two.safetensors is missing");
    }

    @Test
    void remembersTheHashOfLargeFiles() throws IOException {
        String before = key(model);
        Path hashes = temporary.resolve("cache/hashes");
        try (var remembered = Files.list(hashes)) {
            Path only = remembered.toList().get(0);
            Files.writeString(only, "0".repeat(64)); // so that its use shows
        }
        assertThat(key(model)).isNotEqualTo(before);
    }

    @Test
    void noticesAFileThatWasReplacedByOneOfTheSameSizeAndTime() throws IOException {
        String before = key(model);
        weights(model, (byte) 2);
        assertThat(key(model)).isNotEqualTo(before);
    }

    @Test
    void remembersNothingOfAFileThatMayStillBeWritten() throws IOException {
        Files.setLastModifiedTime(
                model.resolve("model.safetensors"), FileTime.from(Instant.now().plusSeconds(3600)));
        key(model);
        assertThat(temporary.resolve("cache/hashes")).doesNotExist();
    }

    @Test
    void needsNoCacheThatCanBeWritten() throws IOException {
        String expected = key(model);
        Path file = Files.writeString(temporary.resolve("file"), "");
        assertThat(ModelKey.of(model, new ModelCache(file, OptionalLong.empty())))
                .isEqualTo(expected);
    }

    @Test
    void refusesADirectoryWithoutAModel() throws IOException {
        Path empty = Files.createDirectory(temporary.resolve("empty"));
        assertThatThrownBy(() -> key(empty))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot read the model " + empty
                        + ": it holds no file of a model, expected config.json and weights");
    }

    private String key(Path directory) {
        return ModelKey.of(directory, new ModelCache(temporary.resolve("cache"), OptionalLong.empty()));
    }

    /** Large enough to be remembered. */
    private static void weights(Path directory, byte content) throws IOException {
        byte[] bytes = new byte[2 << 20];
        bytes[bytes.length - 1] = content;
        Path file = Files.write(directory.resolve("model.safetensors"), bytes);
        Files.setLastModifiedTime(file, FileTime.from(LONG_AGO));
    }
}
