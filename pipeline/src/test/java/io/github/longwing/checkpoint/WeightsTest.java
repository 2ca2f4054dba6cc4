package io.github.longwing.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.longwing.error.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WeightsTest {
    private static final List<String> EMBEDDINGS = List.of(
            "model.shared.weight",
            "model.encoder.embed_tokens.weight",
            "model.decoder.embed_tokens.weight",
            "lm_head.weight");

    @TempDir
    private Path directory;

    private final Checkpoint checkpoint = Checkpoint.open(Fixtures.checkpoint("formats/float32"));
    private final Weights weights = checkpoint.weights();

    @AfterEach
    void close() {
        checkpoint.close();
    }

    @Test
    void namesATensorFromItsScopes() {
        Weights layer = weights.scope("model").scope("encoder").scope("layers").scope(1);
        assertThat(layer.qualifiedName("fc1.weight")).isEqualTo("model.encoder.layers.1.fc1.weight");
        assertThat(layer.get("fc1.weight", 6, 4).shape()).containsExactly(6, 4);
    }

    @Test
    void refusesATensorOfTheWrongShapeByItsFullName() {
        assertThatThrownBy(() -> weights.scope("model.encoder.layers").scope(0).get("fc1.weight", 6, 8))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot load " + Fixtures.checkpoint("formats/float32")
                        + ": model.encoder.layers.0.fc1.weight is [6, 4], expected [6, 8];"
                        + " config.json and the weights are of different models");
        assertThatThrownBy(() -> weights.find("model.shared.weight", 4, 7))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("model.shared.weight is [7, 4], expected [4, 7]");
    }

    @Test
    void refusesAMissingTensorByItsFullNameAndNamesNearOnes() {
        assertThatThrownBy(() -> weights.scope("encoder.layers").scope(0).get("fc1.weight", 6, 4))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("encoder.layers.0.fc1.weight is missing, expected a tensor [6, 4]; names near it"
                        + " are model.encoder.layers.0.fc1.weight");
        assertThatThrownBy(() -> weights.get("qa_outputs.bias", 2))
                .isInstanceOf(UserException.class)
                .hasMessageEndingWith("qa_outputs.bias is missing, expected a tensor [2]");
    }

    @Test
    void findsNothingWhereTheCheckpointHasNoSuchTensor() {
        assertThat(weights.find("lm_head.weight", 7, 4)).isEmpty();
    }

    @Test
    void takesATiedTensorFromWhicheverNameIsStored() {
        assertThat(weights.getFirst(EMBEDDINGS, 7, 4).name()).isEqualTo("model.shared.weight");
        assertThat(weights.getFirst(List.of("lm_head.weight", "model.shared.weight"), 7, 4)
                        .name())
                .isEqualTo("model.shared.weight");
        assertThatThrownBy(() -> weights.scope("decoder").getFirst(List.of("a.weight", "b.weight"), 7, 4))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("decoder.a.weight or decoder.b.weight is missing, expected a tensor [7, 4]");
    }

    @ParameterizedTest
    @CsvSource({
        "module., as DataParallel and DistributedDataParallel save it; save model.module",
        "_orig_mod., as torch.compile saves it; save model._orig_mod",
        "base_model.model., as PEFT saves it; merge the adapter"
    })
    void saysHowACheckpointWasSavedWhoseNamesBeginOtherwise(String prefix, String reason) {
        Safetensors.write(directory, Map.of(prefix + "model.shared.weight", new float[] {1}));
        try (Checkpoint saved = Checkpoint.open(directory)) {
            assertThatThrownBy(() -> saved.weights().get("model.shared.weight", 1))
                    .isInstanceOf(UserException.class)
                    .hasMessageStartingWith("Cannot load " + directory
                            + ": model.shared.weight is missing, expected a tensor [1]; it is there as " + prefix
                            + "..., " + reason);
        }
    }

    @Test
    void refusesAnAdapterWithoutItsModel() throws IOException {
        Files.writeString(directory.resolve("adapter_config.json"), "{}");
        Files.writeString(directory.resolve("adapter_model.safetensors"), "");

        assertThatThrownBy(() -> Checkpoint.requireNoAdapter(directory))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot read the model " + directory
                        + ": it is a PEFT adapter (adapter_config.json), expected a whole model; merge it in Python with"
                        + " model.merge_and_unload() and save_pretrained(DIRECTORY), then name that directory");
    }

    @Test
    void takesATiedTensorThatIsStoredManyTimes() {
        float[] values = {0.5f, Float.NaN, -3};
        Safetensors.write(directory, Map.of("a", values, "b", values.clone(), "c", new float[] {1}));
        try (Checkpoint tied = Checkpoint.open(directory)) {
            assertThat(tied.weights().getFirst(List.of("none", "b", "a"), 3).name())
                    .isEqualTo("b");
            assertThat(tied.unusedTensors()).extracting(Tensor::name).containsExactly("c");
        }
    }

    @Test
    void takesATiedTensorThatSharesItsStorage() {
        try (Checkpoint views = Checkpoint.open(Fixtures.checkpoint("views/pytorch"))) {
            assertThat(views.weights().getFirst(List.of("tied", "base"), 4, 6).name())
                    .isEqualTo("tied");
        }
    }

    @Test
    void refusesTiedTensorsThatDiffer() {
        float[] many = new float[20_000];
        float[] other = many.clone();
        other[19_000] = 0.25f;
        Safetensors.write(directory, Map.of("model.shared.weight", many, "lm_head.weight", other));
        try (Checkpoint tied = Checkpoint.open(directory)) {
            assertThatThrownBy(() -> tied.weights().getFirst(EMBEDDINGS, 20_000))
                    .isInstanceOf(UserException.class)
                    .hasMessage(
                            "Cannot load " + directory + ": model.shared.weight and lm_head.weight differ at element"
                                    + " 19000 (0.0 and 0.25), expected them to be the same tied tensor");
            Tensor shared = tied.weights().get("model.shared.weight", 20_000);
            assertThat(shared.hasValuesOf(tied.weights().get("lm_head.weight", 20_000)))
                    .isFalse();
            assertThat(shared.hasValuesOf(shared)).isTrue();
        }
    }
}
