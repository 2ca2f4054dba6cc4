package io.github.longwing.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.longwing.error.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({
        "formats/sharded, formats/float32",
        "formats/pytorch, formats/float32",
        "formats/pytorch-sharded, formats/float32",
        "formats/float16, formats/float16-rounded",
        "formats/pytorch-float16, formats/float16-rounded",
        "formats/bfloat16, formats/bfloat16-rounded",
        "protocols/2, formats/float32",
        "protocols/3, formats/float32",
        "protocols/4, formats/float32",
        "protocols/5, formats/float32",
        "views/pytorch, views/float32",
        "views/safetensors, views/float32",
    })
    void holdsTheSameTensorsInEveryForm(String form, String plain) {
        try (Checkpoint found = Checkpoint.open(Fixtures.checkpoint(form));
                Checkpoint expected = Checkpoint.open(Fixtures.checkpoint(plain))) {
            assertThat(found.tensorNames()).hasSizeGreaterThan(5).hasSameElementsAs(expected.tensorNames());
            for (String name : expected.tensorNames()) {
                Tensor tensor = Fixtures.tensor(expected, name);
                assertThat(Fixtures.tensor(found, name).shape()).as(name).isEqualTo(tensor.shape());
                assertThat(Fixtures.values(found, name)).as(name).isEqualTo(Fixtures.values(tensor));
            }
        }
    }

    @Test
    void readsTheValuesThatPythonWrote() {
        try (Checkpoint checkpoint = Checkpoint.open(Fixtures.checkpoint("formats/float32"))) {
            assertThat(Fixtures.values(checkpoint, "final_logits_bias"))
                    .containsExactly(0, 0.125f, 0.25f, 0.375f, 0.5f, 0.625f, 0.75f);
            assertThat(Fixtures.tensor(checkpoint, "final_logits_bias").shape()).containsExactly(1, 7);
            assertThat(Fixtures.values(checkpoint, "model.encoder.layers.1.fc1.bias"))
                    .containsExactly(Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 0.0f, -0.0f, 65504.0f, 1e-40f);
        }
    }

    @Test
    void readsTransposedSlicedAndExpandedTensorsInTheirOwnOrder() {
        try (Checkpoint checkpoint = Checkpoint.open(Fixtures.checkpoint("views/pytorch"))) {
            assertThat(Fixtures.values(checkpoint, "columns"))
                    .containsExactly(1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23);
            assertThat(Fixtures.values(checkpoint, "expanded")).containsExactly(1, 1, 1, 1, 1, 2, 2, 2, 2, 2);
            assertThat(Fixtures.tensor(checkpoint, "transposed").shape()).containsExactly(6, 4);
            assertThat(Fixtures.values(checkpoint, "transposed")).startsWith(0, 6, 12, 18, 1, 7);
            assertThat(Fixtures.tensor(checkpoint, "scalar").shape()).isEmpty();
            assertThat(Fixtures.values(checkpoint, "scalar")).containsExactly(2.5f);
            assertThat(Fixtures.values(checkpoint, "empty")).isEmpty();
        }
    }

    @Test
    void listsTheTensorsThatNobodyAskedFor() {
        try (Checkpoint checkpoint = Checkpoint.open(Fixtures.checkpoint("formats/float32"))) {
            Weights layers = checkpoint.weights().scope("model.encoder.layers");
            assertThat(layers.scope(0).get("fc1.bias", 6).name()).isEqualTo("model.encoder.layers.0.fc1.bias");
            assertThat(layers.scope(1).find("fc1.weight", 6, 4)).isPresent();
            assertThat(checkpoint.unusedTensors())
                    .extracting(Tensor::toString)
                    .containsExactlyInAnyOrder(
                            "final_logits_bias [1, 7]",
                            "model.shared.weight [7, 4]",
                            "model.encoder.layers.0.fc1.weight [6, 4]",
                            "model.encoder.layers.1.fc1.bias [6]");
        }
    }

    @Test
    void prefersSafetensorsToPytorch() throws IOException {
        copy("formats/pytorch");
        Files.writeString(directory.resolve("model.safetensors"), "not one");
        assertThatThrownBy(() -> Checkpoint.open(directory))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("model.safetensors: it has 7 bytes, expected a safetensors file");
    }

    @Test
    void namesWhatADirectoryWithoutWeightsHolds() throws IOException {
        Files.writeString(directory.resolve("tf_model.h5"), "");
        assertThatThrownBy(() -> Checkpoint.open(directory))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot read weights: " + directory + " holds tf_model.h5, expected one of"
                        + " model.safetensors, model.safetensors.index.json, pytorch_model.bin,"
                        + " pytorch_model.bin.index.json");
        assertThatThrownBy(() -> Checkpoint.open(directory.resolve("nowhere")))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot read weights: " + directory.resolve("nowhere") + " is not a directory");
    }

    @ParameterizedTest
    @ValueSource(strings = {"model-00002-of-00002.safetensors", "pytorch_model-00002-of-00002.bin"})
    void namesAShardThatIsMissing(String shard) throws IOException {
        copy(shard.endsWith("bin") ? "formats/pytorch-sharded" : "formats/sharded");
        Files.delete(directory.resolve(shard));
        assertThatThrownBy(() -> Checkpoint.open(directory))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("index.json: its shard " + shard + " is missing");
    }

    @Test
    void namesATensorThatItsShardDoesNotHold() throws IOException {
        copy("formats/sharded");
        Path index = directory.resolve("model.safetensors.index.json");
        Files.writeString(
                index,
                Files.readString(index)
                        .replace(
                                "\"final_logits_bias\"",
                                "\"lm_head.weight\": \"model-00001-of-00002.safetensors\",\n"
                                        + "\"final_logits_bias\""));
        assertThatThrownBy(() -> Checkpoint.open(directory))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(
                        "it says that lm_head.weight is in model-00001-of-00002.safetensors, but it is not there");
    }

    @Test
    void takesATensorOfTwoShardsFromTheOneThatTheIndexNames() throws IOException {
        copy("formats/sharded");
        Path second = directory.resolve("model-00002-of-00002.safetensors");
        Files.copy(directory.resolve("model-00001-of-00002.safetensors"), directory.resolve("other.safetensors"));
        Path index = directory.resolve("model.safetensors.index.json");
        Files.writeString(
                index,
                Files.readString(index).replaceFirst("(final_logits_bias\": )\"model-00001-of-00002", "$1\"other"));
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            assertThat(checkpoint.tensorNames()).hasSize(6);
        }
        assertThat(second).exists();
    }

    @ParameterizedTest
    @ValueSource(strings = {"../secret", "/etc/passwd", "a/b", "..", "", "/", "."})
    void refusesAnIndexThatLeadsOutOfItsDirectory(String shard) throws IOException {
        Files.writeString(
                directory.resolve("model.safetensors.index.json"), "{\"weight_map\": {\"w\": \"" + shard + "\"}}");
        assertThatThrownBy(() -> Checkpoint.open(directory))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("the shard of w is " + shard + ", expected the name of a file beside the index");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"weight_map\": 3}", "{\"weight_map\": {\"w\": 3}}", "[]", "", "{\"weight_map\": "})
    void refusesAnIndexThatIsNone(String json) throws IOException {
        Files.writeString(directory.resolve("model.safetensors.index.json"), json);
        assertThatThrownBy(() -> Checkpoint.open(directory))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("model.safetensors.index.json");
    }

    private void copy(String form) throws IOException {
        try (Stream<Path> files = Files.list(Fixtures.checkpoint(form))) {
            for (Path file : files.toList()) {
                Files.copy(file, directory.resolve(file.getFileName()));
            }
        }
    }
}
