package io.github.longwing.benchmarks;

import io.github.longwing.batching.GenerationEngine;
import io.github.longwing.batching.GenerationRequest;
import io.github.longwing.config.RandomBlocks;
import io.github.longwing.generation.GeneratedSequence;
import io.github.longwing.runtime.Cancellation;
import io.github.longwing.runtime.ModelSessions;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** Times whole documents through the engine that jobs use, one after the other and several under way at once. */
final class EngineBenchmark {
    private final ModelSessions bundle;
    private final ForcedLength length;

    EngineBenchmark(ModelSessions bundle, ForcedLength length) {
        this.bundle = bundle;
        this.length = length;
    }

    /** One document, from its ids to its best sequence, which has the start token. */
    record DocumentResult(int inputTokens, double seconds, List<Integer> sequence) {}

    /** Seconds for each document: waiting for one before the next is submitted, and submitting all at once. */
    record BatchingResult(int documents, int inputTokens, double secondsInTurn, double secondsTogether) {}

    DocumentResult measureDocument(int[] inputIds) {
        try (GenerationEngine engine = engine()) {
            long start = System.nanoTime();
            List<GeneratedSequence> sequences = submit(engine, inputIds).join();
            double seconds = Timings.secondsSince(start);
            return new DocumentResult(inputIds.length, seconds, sequences.get(0).ids());
        }
    }

    /** The same document several times over; one more goes before, unmeasured. */
    BatchingResult measureBatching(int[] inputIds, int documents) {
        try (GenerationEngine engine = engine()) {
            submit(engine, inputIds).join();
            double inTurn = Timings.secondsOf(() -> {
                for (int i = 0; i < documents; i++) {
                    submit(engine, inputIds).join();
                }
            });
            double together = Timings.secondsOf(() -> Stream.generate(() -> submit(engine, inputIds))
                    .limit(documents)
                    .toList()
                    .forEach(CompletableFuture::join));
            return new BatchingResult(documents, inputIds.length, inTurn / documents, together / documents);
        }
    }

    /**
     * A partition of documents of several lengths.
     *
     * @param inputTokens of all of them
     */
    record CorpusResult(int documents, int inputTokens, double secondsInTurn, double secondsTogether) {}

    /** Each document after the one before, then all submitted at once; the longest goes before, unmeasured. */
    CorpusResult measureCorpus(List<int[]> documents) {
        try (GenerationEngine engine = engine()) {
            submit(
                            engine,
                            documents.stream()
                                    .max(Comparator.comparingInt(ids -> ids.length))
                                    .orElseThrow())
                    .join();
            double inTurn = Timings.secondsOf(
                    () -> documents.forEach(ids -> submit(engine, ids).join()));
            double together = Timings.secondsOf(() ->
                    documents.stream().map(ids -> submit(engine, ids)).toList().forEach(CompletableFuture::join));
            int tokens = documents.stream().mapToInt(ids -> ids.length).sum();
            return new CorpusResult(documents.size(), tokens, inTurn, together);
        }
    }

    private GenerationEngine engine() {
        return new GenerationEngine(
                bundle, RandomBlocks.REFERENCE, length.searches().scores(), length.limits());
    }

    private CompletableFuture<List<GeneratedSequence>> submit(GenerationEngine engine, int[] inputIds) {
        return engine.submit(new GenerationRequest(inputIds, length.start(inputIds), new Cancellation()));
    }
}
