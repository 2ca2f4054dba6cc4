package io.github.longwing.batching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.longwing.ProcessorTime;
import io.github.longwing.config.GenerationConfig;
import io.github.longwing.config.RandomBlocks;
import io.github.longwing.error.DocumentException;
import io.github.longwing.fixture.Goldens;
import io.github.longwing.fixture.RandomCheckpoint;
import io.github.longwing.generation.GeneratedSequence;
import io.github.longwing.generation.SearchFactory;
import io.github.longwing.generation.logits.SearchInput;
import io.github.longwing.runtime.Cancellation;
import io.github.longwing.runtime.ModelSessions;
import io.github.longwing.runtime.TestModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GenerationEngineTest {
    private static final Map<String, String> BEAMS = Map.of("num_beams", "3", "max_length", "24");
    private static final Map<String, String> GREEDY = Map.of("max_length", "24");
    private static final Map<String, String> SAMPLING =
            Map.of("do_sample", "true", "num_return_sequences", "2", "max_length", "24", "seed", "5");
    /** No document ends before it has so many tokens. */
    private static final Map<String, String> LONG = Map.of("num_beams", "4", "max_length", "500", "min_length", "500");

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"beams", "greedy", "sampling"})
    void everyDocumentGetsTheSameAloneAndInAnyOrderAndCompany(String search) throws Exception {
        Map<String, String> options =
                switch (search) {
                    case "beams" -> BEAMS;
                    case "greedy" -> GREEDY;
                    default -> SAMPLING;
                };
        try (ModelSessions sessions = summarization()) {
            List<int[]> documents = documents(9, 997, 4);
            List<List<GeneratedSequence>> alone = new ArrayList<>();
            for (int i = 0; i < documents.size(); i++) {
                try (GenerationEngine engine = engine(sessions, options)) {
                    alone.add(submit(engine, sessions, options, documents.get(i), i)
                            .get(300, TimeUnit.SECONDS));
                }
            }
            assertThat(Set.copyOf(alone)).as("different outcomes").hasSizeGreaterThan(3);
            List<Integer> order = new ArrayList<>();
            for (int i = 0; i < documents.size(); i++) {
                order.add(i);
            }
            for (int round = 0; round < 4; round++) {
                Collections.shuffle(order, new Random(round));
                try (GenerationEngine engine = engine(sessions, options)) {
                    List<CompletableFuture<List<GeneratedSequence>>> results = new ArrayList<>();
                    for (int i : order) {
                        results.add(submit(engine, sessions, options, documents.get(i), i));
                    }
                    for (int place = 0; place < order.size(); place++) {
                        assertThat(results.get(place).get(300, TimeUnit.SECONDS))
                                .as("round %d, document %d", round, order.get(place))
                                .isEqualTo(alone.get(order.get(place))); // ids, and scores to the bit
                    }
                }
            }
        }
    }

    @Test
    void aSmallBudgetOfTokensChangesNothingButThePace() throws Exception {
        try (ModelSessions sessions = summarization()) {
            List<int[]> documents = documents(5, 997, 2);
            List<List<GeneratedSequence>> wide = generateAll(sessions, new EngineLimits(100_000, 1, 0), documents);

            assertThat(generateAll(sessions, new EngineLimits(1, 1, 0), documents))
                    .isEqualTo(wide);
            assertThat(generateAll(sessions, new EngineLimits(400, 1, 0), documents))
                    .isEqualTo(wide);
        }
    }

    @Test
    void twoEnginesShareOnePoolAndGiveAllOfItBack() throws Exception {
        MemoryPool memory = new MemoryPool(400);
        EngineLimits limits = new EngineLimits(memory, 1, 0);
        try (ModelSessions sessions = summarization()) {
            List<int[]> documents = documents(5, 997, 2);
            List<List<GeneratedSequence>> alone = generateAll(sessions, new EngineLimits(100_000, 1, 0), documents);
            SearchFactory searches = searches(sessions, BEAMS);
            try (GenerationEngine one =
                            new GenerationEngine(sessions, RandomBlocks.REFERENCE, searches.scores(), limits);
                    ModelSessions others =
                            TestModels.open(Goldens.goldens("summarization"), directory.resolve("other"), 1);
                    GenerationEngine other =
                            new GenerationEngine(others, RandomBlocks.REFERENCE, searches.scores(), limits)) {
                List<CompletableFuture<List<GeneratedSequence>>> futures = new ArrayList<>();
                for (int i = 0; i < documents.size(); i++) {
                    futures.add(submit(one, sessions, BEAMS, documents.get(i), i));
                    futures.add(submit(other, others, BEAMS, documents.get(i), i));
                }
                for (int i = 0; i < futures.size(); i++) {
                    assertThat(futures.get(i).get(300, TimeUnit.SECONDS)).isEqualTo(alone.get(i / 2));
                }
            }
        }
        assertThat(memory.free()).isEqualTo(400);
    }

    @Test
    void aDocumentWaitsForMemoryThatAnotherModelHasTaken() {
        MemoryPool memory = new MemoryPool(1_000);
        memory.take(900);

        assertThat(memory.takeIfFree(101)).isFalse();
        assertThat(memory.takeIfFree(100)).isTrue();
        memory.take(50);
        assertThat(memory.free()).as("taken in any case").isEqualTo(-50);
        memory.giveBack(900);
        memory.resize(500);
        assertThat(memory.free()).isEqualTo(350);
    }

    @Test
    void refusesABudgetWithoutTokens() {
        assertThatThrownBy(() -> new EngineLimits(0, 1, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("documentBytes is 0, expected at least 1");
    }

    @Test
    void aDocumentThatIsCancelledLeavesTheOthersAlone() throws Exception {
        try (ModelSessions sessions = summarization()) {
            List<int[]> documents = documents(3, 997, 7);
            List<List<GeneratedSequence>> expected = generateAll(sessions, new EngineLimits(100_000, 1, 0), documents);
            try (GenerationEngine engine = engine(sessions, BEAMS)) {
                Cancellation cancellation = new Cancellation();
                CompletableFuture<List<GeneratedSequence>> cancelled =
                        engine.submit(request(sessions, LONG, documents.get(0), 0, cancellation));
                List<CompletableFuture<List<GeneratedSequence>>> others = new ArrayList<>();
                for (int i = 0; i < documents.size(); i++) {
                    others.add(submit(engine, sessions, BEAMS, documents.get(i), i));
                }
                others.get(0).get(300, TimeUnit.SECONDS); // so the first is under way
                cancellation.cancel();

                assertThatThrownBy(() -> cancelled.get(300, TimeUnit.SECONDS))
                        .cause()
                        .isInstanceOf(CancellationException.class)
                        .hasMessageContaining("cancel");
                for (int i = 0; i < documents.size(); i++) {
                    assertThat(others.get(i).get(300, TimeUnit.SECONDS)).isEqualTo(expected.get(i));
                }
            }
        }
    }

    @Test
    void aDocumentThatIsCancelledInLineNeverBegins() throws Exception {
        try (ModelSessions sessions = summarization();
                GenerationEngine engine = engine(sessions, BEAMS)) {
            Cancellation cancellation = new Cancellation();
            cancellation.cancel();

            CompletableFuture<List<GeneratedSequence>> result =
                    engine.submit(request(sessions, BEAMS, new int[] {5, 1}, 0, cancellation));

            assertThatThrownBy(() -> result.get(300, TimeUnit.SECONDS))
                    .cause()
                    .isInstanceOf(CancellationException.class)
                    .hasMessageContaining("the run was cancelled before it began");
        }
    }

    @Test
    void closingCancelsWhatIsUnderWayAndWhatWaits() throws Exception {
        try (ModelSessions sessions = summarization()) {
            GenerationEngine engine = engine(sessions, LONG);
            List<CompletableFuture<List<GeneratedSequence>>> results = new ArrayList<>();
            results.add(submit(engine, sessions, BEAMS, documents(1, 997, 0).get(0), 0));
            for (int i = 1; i < 200; i++) {
                results.add(submit(engine, sessions, LONG, documents(1, 997, i).get(0), i));
            }
            results.get(0).get(300, TimeUnit.SECONDS); // so some are under way and most wait

            double begin = ProcessorTime.seconds();
            engine.close();

            assertThat(ProcessorTime.seconds() - begin).isLessThan(2);
            assertThat(results).allMatch(CompletableFuture::isDone, "is done");
            List<CompletableFuture<List<GeneratedSequence>>> cancelled = results.stream()
                    .filter(CompletableFuture::isCompletedExceptionally)
                    .toList();
            assertThat(cancelled).isNotEmpty().allSatisfy(result -> assertThatThrownBy(result::join)
                    .cause()
                    .isInstanceOf(CancellationException.class)
                    .hasMessageMatching("the model was closed|the run was cancelled.*|the document was cancelled"));
            assertThatThrownBy(() -> submit(engine, sessions, LONG, new int[] {5, 1}, 0))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("Cannot generate: the model is closed");
            engine.close(); // a second time is harmless
        }
    }

    /** Whoever submits while another thread closes gets an answer: a refusal, or a future that ends. */
    @Test
    void noDocumentIsForgottenThatIsSubmittedWhileTheEngineCloses() throws Exception {
        try (ModelSessions sessions = summarization()) {
            for (int round = 0; round < 40; round++) {
                GenerationEngine engine = engine(sessions, GREEDY);
                List<CompletableFuture<List<GeneratedSequence>>> accepted = new CopyOnWriteArrayList<>();
                List<Thread> threads = new ArrayList<>();
                for (int i = 0; i < 3; i++) {
                    List<GenerationRequest> requests = new ArrayList<>();
                    for (int k = 0; k < 300; k++) {
                        requests.add(request(sessions, GREEDY, new int[] {5, 1}, k, new Cancellation()));
                    }
                    threads.add(new Thread(() -> submitUntilClosed(engine, requests, accepted)));
                }
                threads.forEach(Thread::start);
                TimeUnit.MICROSECONDS.sleep(100L * (round % 8));
                engine.close();
                for (Thread thread : threads) {
                    thread.join();
                }

                assertThat(accepted).allSatisfy(result -> assertThat(result).isDone());
            }
        }
    }

    /** A request comes out of a decoder with one place in the order in which it went in. */
    @Test
    void aDocumentOfHundredsOfWindowsGoesBeforeItsNeighboursOnceARound() throws Exception {
        try (ModelSessions sessions = summarization();
                GenerationEngine engine = new GenerationEngine(
                        sessions,
                        RandomBlocks.REFERENCE,
                        searches(sessions, GREEDY).scores(),
                        new EngineLimits(1, 1, 0))) {
            List<String> ended = new CopyOnWriteArrayList<>();
            List<CompletableFuture<Void>> results = new ArrayList<>();
            FairnessKey ofMany = new FairnessKey();
            List<GenerationRequest> windows = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                windows.add(request(sessions, GREEDY, new int[] {5, 6, 1}, i, new Cancellation(), ofMany));
            }
            Cancellation first = new Cancellation();
            CountDownLatch allSubmitted = new CountDownLatch(1);
            results.add(end(engine, request(sessions, LONG, new int[] {5, 1}, 0, first), "first", ended)
                    .thenRun(() -> awaitOnTheEngineThread(allSubmitted))); // on a slow machine it ends before
            windows.forEach(window -> results.add(end(engine, window, "window", ended)));
            for (int i = 0; i < 5; i++) {
                FairnessKey neighbour = new FairnessKey();
                for (int w = 0; w < 2; w++) {
                    GenerationRequest request =
                            request(sessions, GREEDY, new int[] {7, 1}, i, new Cancellation(), neighbour);
                    results.add(end(engine, request, "neighbour " + i, ended));
                }
            }
            int endedBefore = ended.size();
            allSubmitted.countDown();
            first.cancel();
            CompletableFuture.allOf(results.toArray(CompletableFuture[]::new)).get(300, TimeUnit.SECONDS);

            assertThat(ended).hasSize(311);
            List<String> neighbours =
                    ended.stream().filter(e -> e.startsWith("neighbour")).toList();
            assertThat(neighbours.subList(0, 5))
                    .isEqualTo(neighbours.subList(5, 10))
                    .doesNotHaveDuplicates();
            assertThat(ended.lastIndexOf("neighbour 4") - endedBefore)
                    .as("ends before the last of the neighbours, at most two rounds and what was under way")
                    .isLessThanOrEqualTo(9 + 2 + 2);
        }
    }

    private static CompletableFuture<Void> end(
            GenerationEngine engine, GenerationRequest request, String name, List<String> ended) {
        return engine.submit(request).handle((sequences, failure) -> {
            ended.add(name);
            return null;
        });
    }

    private static void awaitOnTheEngineThread(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void submitUntilClosed(
            GenerationEngine engine,
            List<GenerationRequest> requests,
            List<CompletableFuture<List<GeneratedSequence>>> accepted) {
        try {
            for (GenerationRequest request : requests) {
                accepted.add(engine.submit(request));
            }
        } catch (IllegalStateException e) {
            assertThat(e).hasMessage("Cannot generate: the model is closed");
        }
    }

    @Test
    void aDocumentWhoseNumbersAreNotFiniteFailsAlone() throws Exception {
        RandomCheckpoint checkpoint = RandomCheckpoint.of(Map.of("tie_word_embeddings", false), 3);
        Arrays.fill(checkpoint.tensors().values("model.encoder.embed_tokens.weight"), 50 * 16, 51 * 16, Float.NaN);
        try (ModelSessions sessions =
                TestModels.open(checkpoint.write(directory.resolve("source")), directory.resolve("model"), 1)) {
            List<int[]> good = documents(6, 50, 1);
            List<List<GeneratedSequence>> expected = generateAll(sessions, new EngineLimits(100_000, 1, 0), good);
            try (GenerationEngine engine = engine(sessions, BEAMS)) {
                List<CompletableFuture<List<GeneratedSequence>>> bad = new ArrayList<>();
                List<CompletableFuture<List<GeneratedSequence>>> results = new ArrayList<>();
                for (int i = 0; i < good.size(); i++) {
                    results.add(submit(engine, sessions, BEAMS, good.get(i), i));
                    bad.add(submit(engine, sessions, BEAMS, new int[] {7, 50, 9, 1}, 100 + i));
                }
                for (int i = 0; i < good.size(); i++) {
                    assertThat(results.get(i).get(300, TimeUnit.SECONDS)).isEqualTo(expected.get(i));
                    assertThatThrownBy(bad.get(i)::get)
                            .isInstanceOf(ExecutionException.class)
                            .cause()
                            .isInstanceOfSatisfying(DocumentException.class, e -> assertThat(e.kind())
                                    .isEqualTo(DocumentException.Kind.NonFiniteOutput))
                            .hasMessageContaining("NaN");
                }
            }
        }
    }

    @Test
    void aDocumentThatCannotBeEncodedFailsAlone() throws Exception {
        try (ModelSessions sessions = summarization();
                GenerationEngine engine = engine(sessions, BEAMS)) {
            CompletableFuture<List<GeneratedSequence>> bad =
                    submit(engine, sessions, BEAMS, new int[] {5, 123_456, 1}, 0);
            CompletableFuture<List<GeneratedSequence>> good = submit(engine, sessions, BEAMS, new int[] {5, 6, 1}, 1);

            assertThatThrownBy(bad::get)
                    .cause()
                    .isInstanceOfSatisfying(DocumentException.class, e -> assertThat(e.kind())
                            .isEqualTo(DocumentException.Kind.NativeFailure))
                    .hasMessageStartingWith("Cannot encode a document of 3 tokens: ");
            assertThat(good.get(300, TimeUnit.SECONDS)).hasSize(1);
        }
    }

    /** Each document holds megabytes while it is under way; hundreds one after the other must not. */
    @Test
    void nativeMemoryComesBackWithEveryDocument() throws Exception {
        Path source = RandomCheckpoint.of(
                        Map.of(
                                "d_model", 128,
                                "encoder_layers", 1,
                                "decoder_layers", 4,
                                "max_position_embeddings", 1024,
                                "block_size", 16),
                        9)
                .write(directory.resolve("source"));
        Map<String, String> options = Map.of("num_beams", "4", "max_length", "3");
        try (ModelSessions sessions = TestModels.open(source, directory.resolve("model"), 1);
                GenerationEngine engine = engine(sessions, options)) {
            int[] document = new int[1024]; // 4 MiB of cross-attention keys and values
            Arrays.fill(document, 5);
            generateMany(engine, sessions, options, document, 40);
            long before = residentKilobytes();

            generateMany(engine, sessions, options, document, 160); // 640 MiB if none came back

            assertThat(residentKilobytes() - before).as("growth in kB").isLessThan(150_000);
        }
    }

    @Test
    void anEngineThatDiesFailsTheDocumentsUnderWayAndAcceptsNoMore() throws Exception {
        try (ModelSessions sessions = summarization();
                GenerationEngine engine = engine(sessions, LONG)) {
            int[] ids = documents(1, 997, 3).get(0);
            CompletableFuture<?> underWay = submit(engine, sessions, LONG, ids, 1);
            // a defect of the engine itself: it asks for the length of this document outside of the document's own work
            CompletableFuture<?> fatal =
                    engine.submit(new GenerationRequest(new FairnessKey(), null, 1, null, new Cancellation()));
            CompletableFuture<?> waiting = submit(engine, sessions, LONG, ids, 2);

            for (CompletableFuture<?> lost : List.of(underWay, fatal, waiting)) {
                assertThatThrownBy(() -> lost.get(60, TimeUnit.SECONDS))
                        .cause()
                        .hasMessageStartingWith("the engine of the model has failed: ")
                        .hasCauseInstanceOf(NullPointerException.class);
            }
            assertThatThrownBy(() -> submit(engine, sessions, LONG, ids, 3))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith("Cannot generate: the engine of the model has failed (")
                    .hasCauseInstanceOf(NullPointerException.class);
        }
    }

    private static void generateMany(
            GenerationEngine engine, ModelSessions sessions, Map<String, String> options, int[] document, int count)
            throws Exception {
        List<CompletableFuture<List<GeneratedSequence>>> results = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            results.add(submit(engine, sessions, options, document, i));
        }
        for (CompletableFuture<List<GeneratedSequence>> result : results) {
            assertThat(result.get(300, TimeUnit.SECONDS)).hasSize(1);
        }
    }

    private static long residentKilobytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }

    private List<List<GeneratedSequence>> generateAll(
            ModelSessions sessions, EngineLimits limits, List<int[]> documents) throws Exception {
        SearchFactory searches = searches(sessions, BEAMS);
        try (GenerationEngine engine =
                new GenerationEngine(sessions, RandomBlocks.REFERENCE, searches.scores(), limits)) {
            List<CompletableFuture<List<GeneratedSequence>>> futures = new ArrayList<>();
            for (int i = 0; i < documents.size(); i++) {
                futures.add(submit(engine, sessions, BEAMS, documents.get(i), i));
            }
            List<List<GeneratedSequence>> results = new ArrayList<>();
            for (CompletableFuture<List<GeneratedSequence>> future : futures) {
                results.add(future.get(300, TimeUnit.SECONDS));
            }
            return results;
        }
    }

    private ModelSessions summarization() {
        return TestModels.open(Goldens.goldens("summarization"), directory.resolve("model"), 1);
    }

    private static List<int[]> documents(int count, int vocabSize, long seed) {
        Random random = new Random(seed);
        List<int[]> documents = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int[] ids = random.ints(3 + random.nextInt(i % 3 == 0 ? 110 : 20), 4, vocabSize)
                    .toArray();
            ids[ids.length - 1] = 1;
            documents.add(ids);
        }
        return documents;
    }

    private static SearchFactory searches(ModelSessions sessions, Map<String, String> options) {
        return new SearchFactory(
                GenerationConfig.read(sessions.directory().path()).with(options),
                sessions.directory().config());
    }

    private static GenerationEngine engine(ModelSessions sessions, Map<String, String> options) {
        return new GenerationEngine(
                sessions,
                RandomBlocks.REFERENCE,
                searches(sessions, options).scores(),
                new EngineLimits(100_000, 1, 0));
    }

    private static CompletableFuture<List<GeneratedSequence>> submit(
            GenerationEngine engine, ModelSessions sessions, Map<String, String> options, int[] ids, int id) {
        return engine.submit(request(sessions, options, ids, id, new Cancellation()));
    }

    private static GenerationRequest request(
            ModelSessions sessions, Map<String, String> options, int[] ids, int id, Cancellation cancellation) {
        return request(sessions, options, ids, id, cancellation, new FairnessKey());
    }

    private static GenerationRequest request(
            ModelSessions sessions,
            Map<String, String> options,
            int[] ids,
            int id,
            Cancellation cancellation,
            FairnessKey document) {
        SearchInput input = SearchInput.encoderDecoder("document " + id, 2, ids);
        SearchFactory searches = searches(sessions, options);
        return new GenerationRequest(document, ids, searches.rows(), states -> searches.start(input), cancellation);
    }
}
