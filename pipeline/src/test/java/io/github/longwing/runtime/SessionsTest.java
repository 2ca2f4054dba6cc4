package io.github.longwing.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OnnxTensor;
import io.github.longwing.ProcessorTime;
import io.github.longwing.config.RandomBlocks;
import io.github.longwing.error.DocumentException;
import io.github.longwing.fixture.Goldens;
import io.github.longwing.fixture.RandomCheckpoint;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SessionsTest {
    private static final int STEPS = 5;

    @TempDir
    private Path directory;

    /** Models whose matrices end in every kind of remainder, and the one that Longwing carries. */
    static Stream<Arguments> models() {
        return Stream.of(
                Arguments.of("summarization", 1, 6),
                Arguments.of("summarization", 2, 6),
                Arguments.of("seed-12", 2, 4),
                Arguments.of("shapes/relu-one-head", 1, 4),
                Arguments.of("shapes/silu-bias", 1, 6),
                Arguments.of("shapes/silu-bias", 2, 6),
                Arguments.of("sentence-summarizer", 2, 3));
    }

    @ParameterizedTest(name = "{0} on {1} threads")
    @MethodSource("models")
    void theNumbersOfADocumentDoNotDependOnItsNeighboursOrItsPlace(String model, int threads, int rounds) {
        Random random = new Random(4);
        try (ModelSessions sessions = TestModels.open(source(model), directory.resolve("model"), threads)) {
            int vocabSize = sessions.directory().config().vocabSize();
            List<Script> scripts = new ArrayList<>();
            for (int beams : new int[] {1, 2, 4, 5, 8, 1, 3}) {
                scripts.add(Script.random(random, beams, vocabSize));
            }
            List<float[][]> alone = scripts.stream()
                    .map(script -> decode(sessions, List.of(script)).get(0))
                    .toList();
            for (int round = 0; round < rounds; round++) {
                List<Script> company = new ArrayList<>(scripts);
                Collections.shuffle(company, random);
                company = company.subList(0, 2 + round % (sessions.decoder().slots() - 1));
                List<float[][]> together = decode(sessions, company);
                for (int slot = 0; slot < company.size(); slot++) {
                    float[][] expected = alone.get(scripts.indexOf(company.get(slot)));
                    for (int step = 0; step < STEPS; step++) {
                        assertThat(Arrays.mismatch(together.get(slot)[step], expected[step]))
                                .as(
                                        "round %d, place %d of %d, %d beams, step %d",
                                        round,
                                        slot,
                                        company.size(),
                                        company.get(slot).beams(),
                                        step)
                                .isEqualTo(-1);
                    }
                }
            }
        }
    }

    /**
     * To the bit in the first step. Later a beam's history lies in other columns of the pool, whose sums go in another
     * order: the number of beams is a setting of the document itself.
     */
    @ParameterizedTest(name = "{0} on {1} threads")
    @MethodSource("models")
    void aRowAloneGivesTheNumbersThatItGivesAmongOtherBeams(String model, int threads, int rounds) {
        Random random = new Random(6);
        try (ModelSessions sessions = TestModels.open(source(model), directory.resolve("model"), threads)) {
            int vocabSize = sessions.directory().config().vocabSize();
            for (int beams = 2; beams <= 2 + rounds; beams++) {
                Script one = Script.random(random, 1, vocabSize);
                float[][] alone = decode(sessions, List.of(one)).get(0);
                float[][] among = decode(sessions, List.of(one.repeated(beams))).get(0);
                for (int step = 0; step < STEPS; step++) {
                    for (int kind = 0; kind < 2; kind++) { // logits, then their log-softmax
                        for (int row = 0; row < beams; row++) {
                            int from = (kind * beams + row) * vocabSize;
                            assertThat(Arrays.copyOfRange(among[step], from, from + vocabSize))
                                    .as("step %d, row %d of %d", step, row, beams)
                                    .containsExactly(
                                            Arrays.copyOfRange(alone[step], kind * vocabSize, (kind + 1) * vocabSize),
                                            Offset.offset(step == 0 ? 0 : 1e-4f));
                        }
                    }
                }
            }
        }
    }

    @Test
    void aDocumentIsEncodedToTheSameBitsEveryTimeAndOnManyThreads() throws Exception {
        try (ModelSessions sessions = TestModels.open(source("summarization"), directory.resolve("model"), 2)) {
            for (int length : new int[] {1, 2, 15, 16, 17, 176, 177, 300, 512}) {
                int[] ids = new Random(length).ints(length, 4, 997).toArray();
                for (RandomBlocks mode : RandomBlocks.values()) {
                    float[] first = encode(sessions, ids, mode);
                    List<CompletableFuture<float[]>> again = Stream.generate(
                                    () -> CompletableFuture.supplyAsync(() -> encode(sessions, ids, mode)))
                            .limit(4)
                            .toList();
                    for (CompletableFuture<float[]> states : again) {
                        assertThat(Arrays.mismatch(states.get(), first))
                                .as("%d tokens, %s", length, mode)
                                .isEqualTo(-1);
                    }
                }
            }
        }
    }

    @Test
    void theRandomBlocksMatterOnlyBeyondTheLimitOfFullAttention() {
        try (ModelSessions sessions = TestModels.open(source("summarization"), directory.resolve("model"), 1)) {
            int[] ids = new Random(1).ints(177, 4, 997).toArray();
            int[] shorter = Arrays.copyOf(ids, 176);

            assertThat(encode(sessions, shorter, RandomBlocks.PAPER))
                    .containsExactly(encode(sessions, shorter, RandomBlocks.REFERENCE));
            assertThat(Arrays.mismatch(
                            encode(sessions, ids, RandomBlocks.PAPER), encode(sessions, ids, RandomBlocks.REFERENCE)))
                    .isNotEqualTo(-1);
        }
    }

    @Test
    void aDocumentThatCannotBeginToDecodeGivesItsMemoryBack() {
        try (ModelSessions sessions = TestModels.open(source("summarization"), directory.resolve("model"), 1);
                HiddenStates states =
                        sessions.encoder().encode(new int[] {5, 6, 1}, RandomBlocks.REFERENCE, new Cancellation())) {
            EncodedDocument source = sessions.crossAttention().project(states, new Cancellation());
            OnnxTensor keys = source.key(0);

            assertThatThrownBy(() -> sessions.decoder().begin(source, -1)).isNotNull();
            assertThat(keys.isClosed()).isTrue();
        }
    }

    @Test
    void anIdOutsideTheVocabularyIsTheDocumentsFault() {
        try (ModelSessions sessions = TestModels.open(source("summarization"), directory.resolve("model"), 1)) {
            assertThatThrownBy(() -> encode(sessions, new int[] {5, 997, 1}, RandomBlocks.REFERENCE))
                    .isInstanceOfSatisfying(DocumentException.class, e -> assertThat(e.kind())
                            .isEqualTo(DocumentException.Kind.NativeFailure))
                    .hasMessageStartingWith("Cannot encode a document of 3 tokens: ");
            assertThat(encode(sessions, new int[] {5, 996, 1}, RandomBlocks.REFERENCE))
                    .doesNotContain(Float.NaN);
        }
    }

    @Test
    void cancellingEndsALongRunWithinTwoSecondsOfWorkAndLeavesTheSessionUsable() throws Exception {
        Path source = RandomCheckpoint.ofZeros(Map.of(
                        "d_model", 512,
                        "encoder_layers", 24,
                        "decoder_layers", 1,
                        "encoder_attention_heads", 8,
                        "decoder_attention_heads", 8,
                        "encoder_ffn_dim", 1024,
                        "max_position_embeddings", 4096,
                        "block_size", 64,
                        "num_random_blocks", 3))
                .write(directory.resolve("source"));
        try (ModelSessions sessions = TestModels.open(source, directory.resolve("model"), 1)) {
            int[] shortIds = {5, 6, 7, 1};
            float[] before = encode(sessions, shortIds, RandomBlocks.REFERENCE);
            int[] longIds = new int[4096];
            Arrays.fill(longIds, 5);
            Cancellation cancellation = new Cancellation();
            CompletableFuture<Void> run = CompletableFuture.runAsync(() -> sessions.encoder()
                    .encode(longIds, RandomBlocks.REFERENCE, cancellation)
                    .close());
            double begun = ProcessorTime.seconds();
            while (ProcessorTime.seconds() - begun < 0.3 && !run.isDone()) {
                TimeUnit.MILLISECONDS.sleep(5);
            }
            assertThat(run).as("a run of seconds").isNotDone();

            double cancelledAt = ProcessorTime.seconds();
            cancellation.cancel();

            assertThatThrownBy(() -> run.get(300, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(CancellationException.class)
                    .cause()
                    .hasMessage("the run was cancelled");
            assertThat(ProcessorTime.seconds() - cancelledAt).isLessThan(2);
            assertThat(cancellation.isCancelled()).isTrue();
            assertThat(encode(sessions, shortIds, RandomBlocks.REFERENCE)).containsExactly(before);
        }
    }

    @Test
    void aRunThatWasCancelledBeforeItBeganDoesNotBegin() {
        try (ModelSessions sessions = TestModels.open(source("shapes/relu-one-head"), directory.resolve("model"), 1)) {
            Cancellation cancellation = new Cancellation();
            cancellation.cancel();

            assertThatThrownBy(() -> sessions.encoder().encode(new int[] {1}, RandomBlocks.REFERENCE, cancellation))
                    .isInstanceOf(CancellationException.class)
                    .hasMessage("the run was cancelled before it began");
        }
    }

    /** What one document does: its source, and for each step its tokens and parents. */
    private record Script(int[] source, int[][] tokens, int[][] parents) {
        static Script random(Random random, int beams, int vocabSize) {
            int[] source = random.ints(3 + random.nextInt(50), 4, vocabSize).toArray();
            int[][] tokens = new int[STEPS][];
            int[][] parents = new int[STEPS][];
            for (int step = 0; step < STEPS; step++) {
                tokens[step] = random.ints(beams, 0, vocabSize).toArray();
                parents[step] = random.ints(beams, 0, beams).toArray();
            }
            return new Script(source, tokens, parents);
        }

        int beams() {
            return tokens[0].length;
        }

        /** The same with every row so many times. */
        Script repeated(int times) {
            int[][] manyTokens = new int[STEPS][];
            int[][] manyParents = new int[STEPS][];
            for (int step = 0; step < STEPS; step++) {
                manyTokens[step] = new int[times];
                Arrays.fill(manyTokens[step], tokens[step][0]);
                manyParents[step] = new Random(step).ints(times, 0, times).toArray();
            }
            return new Script(source, manyTokens, manyParents);
        }
    }

    /** For each script and step the rows of logits, then the rows of their log-softmax. */
    private static List<float[][]> decode(ModelSessions sessions, List<Script> scripts) {
        int vocabSize = sessions.directory().config().vocabSize();
        List<DecodingDocument> documents = new ArrayList<>();
        List<float[][]> outputs = new ArrayList<>();
        try {
            for (Script script : scripts) {
                try (HiddenStates states =
                        sessions.encoder().encode(script.source(), RandomBlocks.REFERENCE, new Cancellation())) {
                    EncodedDocument encoded = sessions.crossAttention().project(states, new Cancellation());
                    documents.add(sessions.decoder().begin(encoded, script.beams()));
                }
                outputs.add(new float[STEPS][]);
            }
            for (int step = 0; step < STEPS; step++) {
                List<DecoderSession.StepInput> inputs = new ArrayList<>();
                for (int i = 0; i < scripts.size(); i++) {
                    inputs.add(new DecoderSession.StepInput(
                            documents.get(i),
                            scripts.get(i).tokens()[step],
                            scripts.get(i).parents()[step]));
                }
                DecoderSession.Step result = sessions.decoder().step(inputs);
                int row = 0;
                for (int i = 0; i < scripts.size(); i++) {
                    int size = scripts.get(i).beams() * vocabSize;
                    float[] both = new float[2 * size];
                    result.logits().get(row * vocabSize, both, 0, size);
                    result.logProbs().get(row * vocabSize, both, size, size);
                    outputs.get(i)[step] = both;
                    row += scripts.get(i).beams();
                }
            }
            return outputs;
        } finally {
            documents.forEach(DecodingDocument::close);
        }
    }

    private static float[] encode(ModelSessions sessions, int[] ids, RandomBlocks mode) {
        try (HiddenStates states = sessions.encoder().encode(ids, mode, new Cancellation())) {
            return states.toArray();
        }
    }

    private static Path source(String model) {
        return model.equals("sentence-summarizer")
                ? Goldens.resource("/io/github/longwing/models/sentence-summarizer")
                : Goldens.goldens(model);
    }
}
