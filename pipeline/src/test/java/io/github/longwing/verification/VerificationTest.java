package io.github.longwing.verification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.longwing.checkpoint.Checkpoint;
import io.github.longwing.checkpoint.Tensor;
import io.github.longwing.config.Precision;
import io.github.longwing.config.RandomBlocks;
import io.github.longwing.error.UserException;
import io.github.longwing.fixture.Goldens;
import io.github.longwing.fixture.TensorFile;
import io.github.longwing.runtime.Cancellation;
import io.github.longwing.runtime.HiddenStates;
import io.github.longwing.runtime.ModelSessions;
import io.github.longwing.store.ImportOptions;
import io.github.longwing.store.ModelDirectory;
import io.github.longwing.store.ModelImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VerificationTest {

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({
        "summarization, 44",
        "summarization-full, 44",
        "summarization-seeded, 2",
        "encoder-4096, 5",
        "classification, 3",
        "question-answering, 3",
        "base-model, 2",
        "causal-lm, 5",
        "heads/one-label, 28",
        "heads/three-labels, 28",
        "heads/answers, 15",
        "heads/answers-untied, 15",
        "heads/states, 4",
        "heads/prompts, 14",
        "heads/prompts-bias, 14",
        "heads/label-evidence, 5",
        "heads/text-evidence, 5",
        "seed-12, 44",
        "seed-12-seeded, 2",
        "shapes/gelu-bias-untied, 14",
        "shapes/relu-one-head, 14",
        "shapes/silu-bias, 14",
        "shapes/no-random-blocks, 14",
        "shapes/unaligned-positions, 14"
    })
    void everyCaseEqualsWhatTransformersComputes(String golden, int cases) {
        Path source = Goldens.goldens(golden);

        List<CaseOutcome> outcomes = verify(source, source, Precision.FLOAT32);

        assertThat(outcomes).hasSize(cases).allSatisfy(outcome -> assertThat(outcome.detail())
                .as(outcome.name())
                .isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"as-pytorch-bin", "as-sharded"})
    void everyFormOfACheckpointGivesTheSameModel(String form) {
        List<CaseOutcome> outcomes =
                verify(Goldens.goldens("formats/" + form), Goldens.goldens("summarization"), Precision.FLOAT32);

        assertThat(outcomes)
                .allSatisfy(outcome ->
                        assertThat(outcome.detail()).as(outcome.name()).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"as-float16", "as-bfloat16"})
    void halfPrecisionWeightsAreTheirRoundedValuesInFloat32(String form) throws IOException {
        Path half = Goldens.goldens("formats/" + form);
        Path rounded = directory.resolve("rounded");
        TensorFile tensors = new TensorFile();
        try (Checkpoint checkpoint = Checkpoint.open(half)) {
            for (String name : checkpoint.tensorNames()) {
                Tensor tensor = checkpoint.tensor(name);
                float[] values = new float[Math.toIntExact(tensor.size())];
                tensor.read(0, values, 0, values.length);
                tensors.put(name, values, tensor.shape());
            }
        }
        tensors.write(rounded);
        Files.copy(half.resolve("config.json"), rounded.resolve("config.json"));
        int[] ids = new Random(3).ints(300, 4, 997).toArray();

        assertThat(states(half, "half", ids)).containsExactly(states(rounded, "float32", ids));
    }

    @Test
    void eightBitsStayWithinTheirRule() {
        Path source = Goldens.goldens("summarization");

        List<CaseOutcome> outcomes = verify(source, source, Precision.INT8);

        assertThat(outcomes).hasSize(44).allSatisfy(outcome -> {
            assertThat(outcome.rule()).isEqualTo(CaseOutcome.Rule.INT8);
            assertThat(outcome.tolerance()).isEqualTo(0.05);
            assertThat(outcome.detail()).as(outcome.name()).isEmpty();
            assertThat(outcome.tokenAgreement().isPresent())
                    .isEqualTo(outcome.kind().equals("generate"));
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "classification",
                "question-answering",
                "base-model",
                "causal-lm",
                "summarization-full",
                "summarization-seeded",
                "seed-12",
                "shapes/gelu-bias-untied",
                "shapes/silu-bias",
                "shapes/relu-one-head"
            })
    void eightBitsStayWithinTheirRuleInEveryArchitecture(String golden) {
        Path source = Goldens.goldens(golden);

        assertThat(verify(source, source, Precision.INT8))
                .isNotEmpty()
                .allSatisfy(outcome ->
                        assertThat(outcome.detail()).as(outcome.name()).isEmpty());
    }

    @Test
    void reportsTheWorstTensorOfACaseAndItsTolerance() {
        Path source = Goldens.goldens("shapes/silu-bias");

        assertThat(verify(source, source, Precision.FLOAT32)).allSatisfy(outcome -> {
            assertThat(outcome.rule()).isEqualTo(CaseOutcome.Rule.FLOAT32);
            if (outcome.kind().equals("generate")) {
                assertThat(outcome.maxAbsDiff()).isEmpty();
                assertThat(outcome.tokenAgreement()).hasValue(1);
            } else {
                assertThat(outcome.maxAbsDiff().getAsDouble()).isBetween(0.0, outcome.tolerance());
                assertThat(outcome.tolerance()).isBetween(1e-4, 0.1);
            }
        });
    }

    @Test
    void aWrongNumberFailsItsCaseAlone() throws IOException {
        List<CaseOutcome> outcomes =
                verifyChanged(tensors -> tensors.values("seeded_192.encoder_last_hidden_state")[7] += 1);

        assertThat(outcomes.get(0).detail()).hasValueSatisfying(detail -> assertThat(detail)
                .startsWith("encoder_last_hidden_state differs by ")
                .contains(", expected at most "));
        assertThat(outcomes.get(0).maxAbsDiff().getAsDouble()).isBetween(0.99, 1.01);
        assertThat(outcomes.get(1).passed()).isTrue();
    }

    @Test
    void aNumberThatIsNotFiniteFailsItsCase() throws IOException {
        List<CaseOutcome> outcomes =
                verifyChanged(tensors -> tensors.values("seeded_192.encoder_last_hidden_state")[7] = Float.NaN);

        assertThat(outcomes.get(0).detail()).hasValueSatisfying(detail -> assertThat(detail)
                .contains("encoder_last_hidden_state holds a number that is not finite"));
    }

    @Test
    void aMissingTensorFailsItsCaseByItsName() throws IOException {
        List<CaseOutcome> outcomes = verifyChanged(tensors -> tensors.remove("seeded_192.encoder_last_hidden_state"));

        assertThat(outcomes.get(0).detail())
                .hasValue("cases.safetensors has no tensor seeded_192.encoder_last_hidden_state");
        assertThat(outcomes.get(1).passed()).isTrue();
    }

    @Test
    void aTensorThatNothingComparesFailsItsCase() throws IOException {
        List<CaseOutcome> outcomes = verifyChanged(tensors -> tensors.put("seeded_512.logits", new float[] {1}, 1));

        assertThat(outcomes.get(0).passed()).isTrue();
        assertThat(outcomes.get(1).detail()).hasValue("nothing was compared with [seeded_512.logits]");
    }

    @Test
    void refusesTensorsOfNoCase() {
        assertThatThrownBy(() -> verifyChanged(tensors -> tensors.put("seeded_9.input_ids", new float[] {1}, 1, 1)))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot verify: ")
                .hasMessageEndingWith(
                        " has the tensors [seeded_9.input_ids], expected only tensors of the cases in cases.json");
    }

    @Test
    void aCaseOfAnUnknownKindFails() throws IOException {
        Path cases = Files.createDirectory(directory.resolve("cases"));
        Files.writeString(cases.resolve("cases.json"), "[{\"case\": \"odd\", \"kind\": \"translation\"}]");

        List<CaseOutcome> outcomes = verify(Goldens.goldens("shapes/relu-one-head"), cases, Precision.FLOAT32);

        assertThat(outcomes).singleElement().satisfies(outcome -> {
            assertThat(outcome.name()).isEqualTo("odd");
            assertThat(outcome.detail())
                    .hasValue("kind is translation, expected forward, forward_encoder, seeded_forward, batch_forward,"
                            + " generate, classification, classification_evidence, evidence, question_answering, base_model,"
                            + " causal_lm or causal_generate");
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[]|cases.json lists no case, expected at least one",
                "[{\"case\": \"a\"}]|cases.json is {\"case\":\"a\"}, expected fields case and kind",
                "{}|cases.json is not a JSON list of objects",
                "[3]|cases.json is not a JSON list of objects",
                "[|cases.json is not a JSON list of objects"
            })
    void refusesACaseFileThatIsNoListOfCases(String json, String message) throws IOException {
        Path cases = Files.createDirectory(directory.resolve("cases"));
        Files.writeString(cases.resolve("cases.json"), json);

        assertThatThrownBy(() -> verify(Goldens.goldens("shapes/relu-one-head"), cases, Precision.FLOAT32))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot verify: ")
                .hasMessageContaining(message);
    }

    @Test
    void refusesAFolderWithoutCases() {
        assertThatThrownBy(() -> verify(Goldens.goldens("shapes/relu-one-head"), directory, Precision.FLOAT32))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("cases.json cannot be read")
                .hasMessageEndingWith("expected a list of cases");
    }

    private interface Change {
        void make(TensorFile tensors);
    }

    /** Verifies summarization-seeded against its cases with some tensors changed. */
    private List<CaseOutcome> verifyChanged(Change change) throws IOException {
        Path source = Goldens.goldens("summarization-seeded");
        Path cases = directory.resolve("changed");
        TensorFile tensors = new TensorFile();
        try (Checkpoint recorded = Checkpoint.openFile(source.resolve("cases.safetensors"))) {
            for (String name : recorded.tensorNames()) {
                Tensor tensor = recorded.tensor(name);
                float[] values = new float[Math.toIntExact(tensor.size())];
                tensor.read(0, values, 0, values.length);
                tensors.put(name, values, tensor.shape());
            }
        }
        change.make(tensors);
        tensors.write(cases);
        Files.move(cases.resolve("model.safetensors"), cases.resolve("cases.safetensors"));
        Files.copy(source.resolve("cases.json"), cases.resolve("cases.json"));
        return verify(source, cases, Precision.FLOAT32);
    }

    private List<CaseOutcome> verify(Path source, Path cases, Precision precision) {
        try (ModelSessions sessions = open(source, "model", precision)) {
            return Verification.run(sessions, cases);
        }
    }

    private float[] states(Path source, String name, int[] ids) {
        try (ModelSessions sessions = open(source, name, Precision.FLOAT32);
                HiddenStates states = sessions.encoder().encode(ids, RandomBlocks.REFERENCE, new Cancellation())) {
            return states.toArray();
        }
    }

    private ModelSessions open(Path source, String name, Precision precision) {
        Path model = directory.resolve(name);
        ModelImporter.run(source, model, new ImportOptions(name, precision, RandomBlocks.REFERENCE));
        return ModelSessions.open(ModelDirectory.open(model), 1);
    }
}
