package io.github.longwing.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.longwing.config.Precision;
import io.github.longwing.config.RandomBlocks;
import io.github.longwing.error.UserException;
import io.github.longwing.fixture.RandomCheckpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelDirectoryTest {
    private static final String IMPORT_AGAIN = "; import the model again";

    @TempDir
    private Path directory;

    private Path source;
    private Path model;

    @BeforeEach
    void importAModel() {
        source = RandomCheckpoint.of(Map.of(), 1).write(directory.resolve("source"));
        model = directory.resolve("model");
        ModelImporter.run(source, model, new ImportOptions("mine", Precision.FLOAT32, RandomBlocks.PAPER));
    }

    @Test
    void saysWhatItHolds() {
        ModelDirectory opened = ModelDirectory.open(model);

        assertThat(opened.path()).isEqualTo(model);
        assertThat(opened.precision()).isEqualTo(Precision.FLOAT32);
        assertThat(opened.randomBlocks()).isEqualTo(RandomBlocks.PAPER);
        assertThat(opened.decoderSlots()).isPositive();
        assertThat(opened.config().dModel()).isEqualTo(16);
        assertThat(opened.fingerprint()).matches("[0-9a-f]{12}");
        assertThat(opened.label()).isEqualTo("mine@" + opened.fingerprint());
        assertThat(ModelDirectory.isModelDirectory(model)).isTrue();
        assertThat(ModelDirectory.isModelDirectory(source)).isFalse();
    }

    @Test
    void theManifestRecordsEveryFile() throws IOException {
        try (Stream<Path> files = Files.list(model)) {
            assertThat(files.map(f -> f.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "longwing.json",
                            "config.json",
                            "encoder.onnx",
                            "cross_attention.onnx",
                            "decoder.onnx",
                            "evidence.onnx",
                            "weights.bin");
        }
        assertThat(Manifest.read(model).files())
                .containsOnlyKeys(
                        "config.json",
                        "encoder.onnx",
                        "cross_attention.onnx",
                        "decoder.onnx",
                        "evidence.onnx",
                        "weights.bin");
    }

    @Test
    void theFingerprintIsTheSameForTheSameModelAndAnotherForAnyOther() {
        String fingerprint = ModelDirectory.open(model).fingerprint();
        Path other = RandomCheckpoint.of(Map.of(), 2).write(directory.resolve("other"));

        assertThat(fingerprint(source, "same", Precision.FLOAT32, RandomBlocks.PAPER))
                .isEqualTo(fingerprint);
        assertThat(List.of(
                        fingerprint(source, "reference", Precision.FLOAT32, RandomBlocks.REFERENCE),
                        fingerprint(source, "int8", Precision.INT8, RandomBlocks.PAPER),
                        fingerprint(other, "other weights", Precision.FLOAT32, RandomBlocks.PAPER)))
                .doesNotContain(fingerprint)
                .doesNotHaveDuplicates();
    }

    private String fingerprint(Path from, String target, Precision precision, RandomBlocks randomBlocks) {
        Path imported = directory.resolve(target);
        ModelImporter.run(from, imported, new ImportOptions("mine", precision, randomBlocks));
        return ModelDirectory.open(imported).fingerprint();
    }

    @ParameterizedTest
    @ValueSource(strings = {"config.json", "encoder.onnx", "cross_attention.onnx", "decoder.onnx", "weights.bin"})
    void refusesAFileInWhichOneBitChanged(String file) throws IOException {
        byte[] bytes = Files.readAllBytes(model.resolve(file));
        bytes[bytes.length / 2] ^= 1;
        Files.write(model.resolve(file), bytes);

        assertThatThrownBy(() -> ModelDirectory.open(model))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot load the model in " + model + ": " + file + " has " + bytes.length
                        + " bytes with SHA-256 ")
                .hasMessageContaining(", expected " + bytes.length + " bytes with ")
                .hasMessageEndingWith(IMPORT_AGAIN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"config.json", "encoder.onnx", "cross_attention.onnx", "decoder.onnx", "weights.bin"})
    void refusesATruncatedFile(String file) throws IOException {
        byte[] bytes = Files.readAllBytes(model.resolve(file));
        Files.write(model.resolve(file), Arrays.copyOf(bytes, bytes.length - 1));

        assertThatThrownBy(() -> ModelDirectory.open(model))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(": " + file + " has " + (bytes.length - 1) + " bytes with SHA-256 ")
                .hasMessageContaining(", expected " + bytes.length + " bytes with ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"config.json", "encoder.onnx", "cross_attention.onnx", "decoder.onnx", "weights.bin"})
    void refusesADirectoryWithoutOneOfItsFiles(String file) throws IOException {
        Files.delete(model.resolve(file));

        assertThatThrownBy(() -> ModelDirectory.open(model))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot load the model in " + model + ": " + file + " cannot be read (")
                .hasMessageEndingWith("), expected a complete model directory" + IMPORT_AGAIN);
    }

    @Test
    void refusesAHalfWrittenDirectory() throws IOException {
        Files.delete(model.resolve("longwing.json")); // it is written last

        assertThatThrownBy(() -> ModelDirectory.open(model))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot load the model in " + model
                        + ": it has no longwing.json, expected a complete model directory; make one with:"
                        + " longwing import --model SOURCE --output " + model);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 60, 300})
    void refusesATruncatedManifest(int bytes) throws IOException {
        String json = Files.readString(model.resolve("longwing.json"));
        Files.writeString(model.resolve("longwing.json"), json.substring(0, bytes));

        assertThatThrownBy(() -> ModelDirectory.open(model))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot read " + model.resolve("longwing.json") + ": ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "null", "3"})
    void refusesAManifestThatIsNoObject(String json) throws IOException {
        Files.writeString(model.resolve("longwing.json"), json);

        assertThatThrownBy(() -> ModelDirectory.open(model))
                .isInstanceOf(UserException.class)
                .hasMessage(
                        "Cannot read " + model.resolve("longwing.json") + ": it is not a JSON object, expected {...}");
    }

    @ParameterizedTest
    @CsvSource({"0", "-1", "99"})
    void refusesAnotherFormatVersion(int version) throws IOException {
        change("\"format_version\": " + Manifest.FORMAT_VERSION, "\"format_version\": " + version);

        assertThatThrownBy(() -> ModelDirectory.open(model))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot use " + model.resolve("longwing.json") + ": format_version is " + version
                        + ", expected " + Manifest.FORMAT_VERSION + "; import the model again with this Longwing");
    }

    @Test
    void refusesAManifestWhoseRecordOfAFileIsNone() throws IOException {
        Path manifest = model.resolve("longwing.json");
        Files.writeString(
                manifest, Files.readString(manifest).replaceFirst("\"weights.bin\": \\{[^}]*}", "\"weights.bin\": 3"));

        assertThatThrownBy(() -> ModelDirectory.open(model))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot use " + manifest + ": weights.bin is 3, expected an object");
    }

    @ParameterizedTest
    @CsvSource({
        "'\"precision\": \"float32\"', '\"precision\": \"int8\"'",
        "'\"random_blocks\": \"paper\"', '\"random_blocks\": \"reference\"'",
        "'\"fingerprint\": \"', '\"fingerprint\": \"0'"
    })
    void refusesAManifestThatWasEdited(String from, String to) throws IOException {
        change(from, to);

        assertThatThrownBy(() -> ModelDirectory.open(model))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot use " + model.resolve("longwing.json") + ": fingerprint is ")
                .hasMessageEndingWith("; the file was changed, import the model again");
    }

    @ParameterizedTest
    @CsvSource({
        "'\"precision\": \"float32\"', '\"precision\": \"float64\"', precision is float64",
        "'\"random_blocks\": \"paper\"', '\"random_blocks\": \"none\"', random_blocks is none",
        "'\"files\"', '\"other\"', files is missing"
    })
    void refusesAManifestWithFieldsItDoesNotKnow(String from, String to, String complaint) throws IOException {
        change(from, to);

        assertThatThrownBy(() -> ModelDirectory.open(model))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(complaint);
    }

    private void change(String from, String to) throws IOException {
        Path manifest = model.resolve("longwing.json");
        String json = Files.readString(manifest);
        assertThat(json).contains(from);
        Files.writeString(manifest, json.replace(from, to));
    }
}
