package io.github.longwing.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.github.longwing.config.Architecture;
import io.github.longwing.config.Precision;
import io.github.longwing.config.RandomBlocks;
import io.github.longwing.error.UserException;
import io.github.longwing.fixture.RandomCheckpoint;
import io.github.longwing.model.Graph;
import io.github.longwing.store.ModelDirectory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What each class of the family imports, opens and refuses. */
class ArchitecturesTest {
    private static final int[] IDS = {7, 8, 9, 1};

    @TempDir
    private Path directory;

    private ModelSessions open(RandomCheckpoint checkpoint) {
        return TestModels.open(checkpoint.write(directory.resolve("source")), directory.resolve("model"), 1);
    }

    private ModelSessions open(Architecture architecture) {
        return open(RandomCheckpoint.of(architecture, 5));
    }

    private static HiddenStates encode(ModelSessions sessions) {
        return sessions.encoder().encode(IDS, RandomBlocks.REFERENCE, new Cancellation());
    }

    private static Map<String, Consumer<ModelSessions>> sessions() {
        return Map.of(
                "encoder", ModelSessions::encoder,
                "cross_attention", ModelSessions::crossAttention,
                "decoder", ModelSessions::decoder,
                "head", ModelSessions::head,
                "prompt", ModelSessions::prompt,
                "evidence", ModelSessions::evidence);
    }

    static Stream<Map.Entry<Architecture, List<String>>> graphs() {
        return Map.of(
                Architecture.CONDITIONAL_GENERATION, List.of("encoder", "cross_attention", "decoder", "evidence"),
                Architecture.SEQUENCE_CLASSIFICATION, List.of("encoder", "head", "evidence"),
                Architecture.QUESTION_ANSWERING, List.of("encoder", "head"),
                Architecture.CAUSAL_LM, List.of("decoder", "prompt"),
                Architecture.BASE, List.of("encoder", "head"))
                .entrySet()
                .stream();
    }

    @ParameterizedTest
    @MethodSource("graphs")
    void aModelOpensTheSessionsOfItsArchitectureAndNamesItForTheOthers(Map.Entry<Architecture, List<String>> expected) {
        try (ModelSessions sessions = open(expected.getKey())) {
            sessions().forEach((graph, session) -> {
                if (expected.getValue().contains(graph)) {
                    session.accept(sessions);
                } else {
                    assertThatThrownBy(() -> session.accept(sessions))
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessage("The model in " + directory.resolve("model") + " is a "
                                    + expected.getKey().configName() + ", which has no graph " + graph);
                }
            });
        }
    }

    @Test
    void aGraphOfAnotherModelIsRefusedByTheNameOfItsFileAndOfTheInputOrOutput() throws OrtException {
        ModelDirectory small = imported(Map.of(), "small");

        assertThatThrownBy(() -> check(small, imported(Map.of("d_model", 32), "wide"), Graph.ENCODER))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot load the model in " + small.path()
                        + ": the output encoder_last_hidden_state of encoder.onnx is FLOAT [-1, 32],"
                        + " expected FLOAT [T, 16] by the model's config.json; import the model again with this"
                        + " Longwing");
        assertThatThrownBy(
                        () -> check(small, imported(Map.of("attention_type", "original_full"), "full"), Graph.ENCODER))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("the input bias_shape of encoder.onnx is missing, expected INT64 [4] by");
        assertThatThrownBy(() -> check(small, imported(Map.of("decoder_layers", 3), "deep"), Graph.CROSS_ATTENTION))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("the output cross_key.2 of cross_attention.onnx is FLOAT [")
                .hasMessageContaining("expected no output of this name");
        for (Graph graph : Graph.values()) {
            if (small.has(graph)) {
                check(small, small, graph);
            }
        }
    }

    private ModelDirectory imported(Map<String, Object> config, String name) {
        Path source = RandomCheckpoint.of(config, 5).write(directory.resolve(name + "-source"));
        return TestModels.imported(source, directory.resolve(name), Precision.FLOAT32);
    }

    /** Opens a graph of one model as if it were one of another. */
    private static void check(ModelDirectory model, ModelDirectory other, Graph graph) throws OrtException {
        try (OrtSession session = Sessions.open(
                NativeRuntime.environment(),
                other.graphFile(graph),
                SessionSettings.ofThreads(1),
                Sessions.WeightLayout.MAPPED)) {
            SignatureCheck.check(model, graph, session);
        }
    }

    @ParameterizedTest
    @EnumSource(Architecture.class)
    void importingTwiceGivesTheSameFingerprint(Architecture architecture) {
        Path source = RandomCheckpoint.of(architecture, 5).write(directory.resolve("source"));

        assertThat(TestModels.imported(source, directory.resolve("a"), Precision.FLOAT32)
                        .fingerprint())
                .isEqualTo(TestModels.imported(source, directory.resolve("b"), Precision.FLOAT32)
                        .fingerprint());
    }

    @ParameterizedTest
    @CsvSource({
        "SEQUENCE_CLASSIFICATION, classification_head.dense.bias, [16]",
        "SEQUENCE_CLASSIFICATION, classification_head.out_proj.weight, '[3, 16]'",
        "QUESTION_ANSWERING, qa_outputs.weight, '[2, 16]'",
        "QUESTION_ANSWERING, model.decoder.layers.1.encoder_attn.k_proj.weight, '[16, 16]'",
        "CAUSAL_LM, lm_head.weight, '[61, 16]'",
        "CAUSAL_LM, model.decoder.embed_tokens.weight, '[61, 16]'",
        "BASE, decoder.layernorm_embedding.weight, [16]",
        "BASE, encoder.layers.0.fc1.bias, [24]"
    })
    void refusesACheckpointWithoutATensorByItsFullName(Architecture architecture, String name, String shape) {
        RandomCheckpoint checkpoint = RandomCheckpoint.of(architecture, 5);
        checkpoint.tensors().remove(name);

        assertThatThrownBy(() -> open(checkpoint))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(name + " is missing, expected a tensor " + shape);
    }

    @ParameterizedTest
    @EnumSource(Architecture.class)
    void leavesOutTensorsOfAnotherClassAsTransformersDoes(Architecture architecture) {
        RandomCheckpoint checkpoint = RandomCheckpoint.of(architecture, 5);
        checkpoint.tensors().put("pooler.weight", new float[2], 1, 2);

        assertThatCode(() -> open(checkpoint)).doesNotThrowAnyException();
    }

    @Test
    void refusesAClassifierWithAnotherNumberOfLabels() {
        RandomCheckpoint checkpoint =
                RandomCheckpoint.of(Architecture.SEQUENCE_CLASSIFICATION, 5).claiming("num_labels", 2);

        assertThatThrownBy(() -> open(checkpoint))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("classification_head.out_proj.bias is [3], expected [2]");
    }

    @Test
    void aClassifierThatIsAskedForEvidenceGivesTheSameLogitsAndWeightsThatSumToOne() {
        try (ModelSessions sessions = open(Architecture.SEQUENCE_CLASSIFICATION);
                HiddenStates states = encode(sessions)) {
            EvidencedLogits evidenced = sessions.evidence().classify(states, IDS, new Cancellation());

            assertThat(evidenced.logits())
                    .hasSize(3)
                    .containsExactly(sessions.head().classify(states, IDS, new Cancellation()), Offset.offset(1e-5f));
            assertThat(sum(evidenced.weights())).isCloseTo(1, Offset.offset(1e-5));
        }
    }

    @Test
    void theEvidenceOfATextSumsToOne() {
        try (ModelSessions sessions = open(Architecture.CONDITIONAL_GENERATION);
                HiddenStates states = encode(sessions)) {
            float[] weights = sessions.evidence().weights(states, new int[] {2, 5, 6}, new Cancellation());

            assertThat(weights).hasSize(IDS.length);
            assertThat(sum(weights)).isCloseTo(1, Offset.offset(1e-5));
        }
    }

    @Test
    void aClassifierWantsAnEos() {
        try (ModelSessions sessions = open(Architecture.SEQUENCE_CLASSIFICATION);
                HiddenStates states = encode(sessions)) {
            assertThatThrownBy(() -> sessions.head().classify(states, new int[] {7, 8, 9, 9}, new Cancellation()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("Cannot classify: input_ids has no eos, expected the id 1 at its end");
        }
    }

    /** The decoder is causal: what it makes of the beginning of a sequence does not change with what follows. */
    @Test
    void theStatesOfATokenDependOnTheTokensBeforeItAlone() {
        int positions = 1100; // no multiple of the chunk in which the decoder reads
        RandomCheckpoint checkpoint = RandomCheckpoint.of(
                Map.of(
                        "architectures",
                        new String[] {Architecture.BASE.configName()},
                        "max_position_embeddings",
                        positions),
                5);
        int[] ids = new Random(1).ints(positions, 4, 61).toArray();
        try (ModelSessions sessions = open(checkpoint);
                HiddenStates states = encode(sessions)) {
            float[] all = sessions.head().lastHiddenState(states, ids, new Cancellation());
            for (int length : new int[] {1, 2, 511, 512, 513, 1023, 1024, 1025, positions - 1}) {
                float[] beginning =
                        sessions.head().lastHiddenState(states, Arrays.copyOf(ids, length), new Cancellation());

                assertThat(beginning)
                        .as("%d tokens", length)
                        .containsExactly(Arrays.copyOf(all, length * 16), Offset.offset(1e-4f));
            }
        }
    }

    private static double sum(float[] weights) {
        double sum = 0;
        for (float weight : weights) {
            sum += weight;
        }
        return sum;
    }
}
