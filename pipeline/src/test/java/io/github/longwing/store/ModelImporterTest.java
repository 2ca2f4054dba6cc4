package io.github.longwing.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.longwing.config.Precision;
import io.github.longwing.config.RandomBlocks;
import io.github.longwing.error.UserException;
import io.github.longwing.fixture.RandomCheckpoint;
import io.github.longwing.runtime.Cancellation;
import io.github.longwing.runtime.DecoderSession;
import io.github.longwing.runtime.DecodingDocument;
import io.github.longwing.runtime.HiddenStates;
import io.github.longwing.runtime.ModelSessions;
import io.github.longwing.runtime.TestModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelImporterTest {
    private static final ImportOptions OPTIONS = new ImportOptions("test", Precision.FLOAT32, RandomBlocks.REFERENCE);

    @TempDir
    private Path directory;

    private final RandomCheckpoint checkpoint = RandomCheckpoint.of(Map.of(), 1);

    private Path target() {
        return directory.resolve("out").resolve("model");
    }

    @AfterEach
    void nothingUnfinishedIsLeftBehind() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            assertThat(files).noneMatch(f -> f.getFileName().toString().contains("importing"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "model.encoder.layers.1.self_attn.self.query.weight",
                "model.encoder.layers.0.fc2.bias",
                "model.encoder.layernorm_embedding.weight",
                "model.encoder.embed_positions.weight",
                "model.decoder.layers.1.encoder_attn.out_proj.weight",
                "model.decoder.layers.0.final_layer_norm.bias"
            })
    void refusesACheckpointWithoutATensorByItsFullName(String name) {
        checkpoint.tensors().remove(name);

        assertRefused("Cannot load " + directory.resolve("source") + ": " + name + " is missing, expected a tensor [");
    }

    @Test
    void refusesATiedModelWithoutAnyEmbedding() {
        checkpoint.tensors().remove("model.shared.weight");

        assertRefused("model.shared.weight or model.encoder.embed_tokens.weight or model.decoder.embed_tokens.weight or"
                + " lm_head.weight is missing, expected a tensor [61, 16]");
    }

    @Test
    void refusesATensorOfTheWrongShapeByItsFullName() {
        checkpoint.tensors().put("model.decoder.layers.1.fc1.weight", new float[19 * 16], 19, 16);

        assertRefused("model.decoder.layers.1.fc1.weight is [19, 16], expected [20, 16]");
    }

    @Test
    void leavesOutTensorsThatTheModelDoesNotHaveAsTransformersDoes() throws IOException {
        ModelImporter.run(checkpoint.write(directory.resolve("plain")), directory.resolve("of-plain"), OPTIONS);
        checkpoint
                .tensors()
                .put("model.encoder.layers.2.fc1.bias", new float[3], 3)
                .put("model.encoder.layers.0.self_attn.output.bias", new float[16], 16) // use_bias is false
                .put("pooler", new float[2], 1, 2);

        ModelImporter.run(checkpoint.write(directory.resolve("source")), target(), OPTIONS);

        assertThat(target().resolve("weights.bin"))
                .as("the weights that both have")
                .hasSameBinaryContentAs(directory.resolve("of-plain").resolve("weights.bin"));
    }

    @Test
    void refusesAnArchitectureWhoseTensorsAreNotThere() {
        checkpoint.claiming("architectures", List.of("BigBirdPegasusForQuestionAnswering"));

        assertRefused("qa_outputs.bias is missing, expected a tensor [2]");
    }

    @Test
    void refusesAnotherModelFamily() {
        checkpoint.claiming("model_type", "pegasus");

        assertRefused("config.json: model_type is pegasus, expected bigbird_pegasus; Longwing runs this model family"
                + " only");
    }

    @Test
    void keepsTheValuesOfATiedTensorThatWasStoredWithItsOwnAsTransformersDoes() {
        float[] bias = new float[61];
        for (int i = 0; i < bias.length; i++) {
            bias[i] = i;
        }
        checkpoint.tensors().put("lm_head.weight", new float[61 * 16], 61, 16);
        checkpoint.tensors().put("final_logits_bias", bias, 1, 61);

        assertThat(logits(checkpoint.write(directory.resolve("source"))))
                .as("an output weight of zeros leaves the bias alone")
                .containsExactly(bias);
    }

    @Test
    void refusesASourceThatIsNotThere() {
        assertThatThrownBy(() -> ModelImporter.run(directory.resolve("nowhere"), target(), OPTIONS))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(directory.resolve("nowhere").toString())
                .hasMessageContaining("there is no such file");
    }

    @Test
    void refusesATargetThatHoldsSomething() throws IOException {
        checkpoint.write(directory.resolve("source"));
        Files.createDirectories(target());
        Files.writeString(target().resolve("precious"), "mine");

        assertThatThrownBy(() -> ModelImporter.run(directory.resolve("source"), target(), OPTIONS))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot import into " + target()
                        + ": it exists and is not empty, expected a new directory; choose another --output or remove"
                        + " it");
        assertThat(target().resolve("precious")).hasContent("mine");
    }

    @Test
    void refusesATargetThatIsAFile() throws IOException {
        checkpoint.write(directory.resolve("source"));
        Files.createDirectories(target().getParent());
        Files.writeString(target(), "mine");

        assertThatThrownBy(() -> ModelImporter.run(directory.resolve("source"), target(), OPTIONS))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot import into " + target() + ": it exists");
        assertThat(target()).hasContent("mine");
    }

    @Test
    void takesAnEmptyDirectoryAsTarget() throws IOException {
        checkpoint.write(directory.resolve("source"));
        Files.createDirectories(target());

        ModelImporter.run(directory.resolve("source"), target(), OPTIONS);

        assertThat(ModelDirectory.open(target()).config().vocabSize()).isEqualTo(61);
    }

    @Test
    void aFileIsHashedAgainOnlyIfItWasChangedSince() throws IOException {
        RandomCheckpoint.of(Map.of(), 1).write(directory.resolve("source"));
        ModelImporter.run(directory.resolve("source"), target(), OPTIONS);
        Manifest manifest = Manifest.read(target());
        FileTime longAgo = FileTime.from(Instant.now().minusSeconds(3600));
        for (String file : manifest.files().keySet()) {
            Files.setLastModifiedTime(target().resolve(file), longAgo);
        }

        assertThat(manifest.verify(target())).isEqualTo(manifest.files().size());
        assertThat(manifest.verify(target())).as("nothing was changed").isZero();

        Path weights = target().resolve("weights.bin");
        byte[] bytes = Files.readAllBytes(weights);
        bytes[bytes.length / 2] ^= 1;
        Object changed = Files.getAttribute(weights, "unix:ctime");
        do { // size and time of modification stay, the time of change does not, once the clock of the system has ticked
            Files.write(weights, bytes);
            Files.setLastModifiedTime(weights, longAgo);
        } while (Files.getAttribute(weights, "unix:ctime").equals(changed));
        assertThatThrownBy(() -> ModelDirectory.open(target()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("weights.bin has ");
    }

    @Test
    void storesATiedEmbeddingOnceForBothSidesAndTheOutput() throws IOException {
        Path source = RandomCheckpoint.of(Map.of("vocab_size", 20_000), 1).write(directory.resolve("source"));

        ModelImporter.run(source, target(), OPTIONS);

        long embedding = 20_000L * 16 * Float.BYTES;
        assertThat(Files.size(target().resolve("weights.bin"))).isBetween(embedding, embedding + 8_000_000);
    }

    @Test
    void takesZerosForAMissingFinalLogitsBias() {
        checkpoint.tensors().put("final_logits_bias", new float[61], 1, 61);
        Path zeros = checkpoint.write(directory.resolve("zeros"));
        checkpoint.tensors().remove("final_logits_bias");
        Path missing = checkpoint.write(directory.resolve("missing"));

        assertThat(logits(zeros)).containsExactly(logits(missing));
    }

    private float[] logits(Path source) {
        try (ModelSessions sessions = TestModels.open(source, directory.resolve(source.getFileName() + "-model"), 1);
                HiddenStates states =
                        sessions.encoder().encode(new int[] {7, 8, 1}, RandomBlocks.REFERENCE, new Cancellation());
                DecodingDocument document =
                        sessions.decoder().begin(sessions.crossAttention().project(states, new Cancellation()), 1)) {
            float[] logits = new float[61];
            sessions.decoder()
                    .step(List.of(new DecoderSession.StepInput(document, new int[] {2}, new int[1])))
                    .logits()
                    .get(0, logits);
            return logits;
        }
    }

    /** Several hundred megabytes through 64: what the heap holds is a layer's weight and not the model. */
    @Test
    void importsALargeCheckpointInASmallHeap() throws Exception {
        Path source = RandomCheckpoint.ofZeros(Map.of(
                        "vocab_size", 48_000,
                        "d_model", 1024,
                        "encoder_attention_heads", 16,
                        "decoder_attention_heads", 16,
                        "encoder_ffn_dim", 4096,
                        "decoder_ffn_dim", 4096,
                        "max_position_embeddings", 1024))
                .write(directory.resolve("source"));
        assertThat(Files.size(source.resolve("model.safetensors"))).isGreaterThan(400_000_000);

        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Importing.class.getName(),
                        source.toString(),
                        target().toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();

        assertThat(process.waitFor(300, TimeUnit.SECONDS)).as("ended in time").isTrue();
        assertThat(process.exitValue())
                .as(Files.readString(directory.resolve("log")))
                .isZero();
        assertThat(ModelDirectory.isModelDirectory(target())).isTrue();
        assertThat(Files.size(target().resolve("weights.bin"))).isGreaterThan(400_000_000);
    }

    /** The program of the small heap. */
    static final class Importing {
        private Importing() {}

        public static void main(String[] args) {
            ModelImporter.run(Path.of(args[0]), Path.of(args[1]), OPTIONS);
        }
    }

    private void assertRefused(String message) {
        Path source = checkpoint.write(directory.resolve("source"));

        assertThatThrownBy(() -> ModelImporter.run(source, target(), OPTIONS))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(message);
        assertThat(target()).doesNotExist();
    }
}
