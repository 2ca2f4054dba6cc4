package io.github.longwing.batching;

import io.github.longwing.config.RandomBlocks;
import io.github.longwing.error.DocumentException;
import io.github.longwing.generation.GeneratedSequence;
import io.github.longwing.generation.ScoreKind;
import io.github.longwing.generation.SearchStrategy;
import io.github.longwing.generation.StepOutput;
import io.github.longwing.runtime.DecoderSession;
import io.github.longwing.runtime.DecodingDocument;
import io.github.longwing.runtime.EncodedDocument;
import io.github.longwing.runtime.HiddenStates;
import io.github.longwing.runtime.ModelSessions;
import io.github.longwing.runtime.WorkProgress;
import io.github.longwing.runtime.WorkProgress.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Generates for many documents at once. One thread starts all native work, which runs on the threads of the sessions: a
 * waiting document is encoded as soon as the decoder has a place for it, and all documents in the decoder step
 * together, so that the weights are read once for all of them. The slot of a finished document goes to the next one in the queue.
 *
 * <p>Thread-safe: any number of threads submit. {@link #close} cancels what is under way and waits for the thread.
 */
public final class GenerationEngine implements AutoCloseable {
    private final ModelSessions sessions;
    private final RandomBlocks randomBlocks;
    private final ScoreKind scores;
    private final EngineLimits limits;
    private final FairQueue<Job> waiting = new FairQueue<>();
    private final List<ActiveJob> active = new ArrayList<>(); // of the engine's thread alone
    private final EngineThread thread = new EngineThread(this::runNext, this::failAll);

    private record Job(GenerationRequest request, Evidence evidence, CompletableFuture<Generation> result) {}

    /** Whether the attention to the source is wanted with the output. */
    private enum Evidence {
        NONE,
        SOURCE_WEIGHTS
    }

    /**
     * A document in the decoder; equal to itself alone, as its parts are.
     *
     * @param bytes that it has taken from the pool
     */
    private record ActiveJob(Job job, Reading reading, long bytes) {
        GenerationRequest request() {
            return job.request();
        }

        SearchStrategy search() {
            return reading.search();
        }

        DecodingDocument document() {
            return reading.document();
        }
    }

    /** A document that has been read, and the search for what is to be written of it. */
    private record Reading(SearchStrategy search, DecodingDocument document) {}

    /** Starts the engine's thread; the caller closes the sessions, after the engine. */
    public GenerationEngine(ModelSessions sessions, RandomBlocks randomBlocks, ScoreKind scores, EngineLimits limits) {
        this.sessions = sessions;
        this.randomBlocks = randomBlocks;
        this.scores = scores;
        this.limits = limits;
        thread.start();
    }

    /**
     * Queues a document, or a window of one. The future fails with a {@link DocumentException} where the document is the
     * cause, with a {@link CancellationException} where it was cancelled, and with anything else for a bug or a
     * broken machine.
     */
    public CompletableFuture<List<GeneratedSequence>> submit(GenerationRequest request) {
        return submit(request, Evidence.NONE).thenApply(Generation::sequences);
    }

    /** As {@link #submit}, with one more pass of the decoder over the best sequence for its attention to the source. */
    public CompletableFuture<Generation> submitForEvidence(GenerationRequest request) {
        return submit(request, Evidence.SOURCE_WEIGHTS);
    }

    private CompletableFuture<Generation> submit(GenerationRequest request, Evidence evidence) {
        thread.requireRunning("generate");
        Job job = new Job(request, evidence, new CompletableFuture<>());
        waiting.add(request.document(), job);
        if (thread.hasEnded()) { // since the check above
            job.result().completeExceptionally(thread.end());
        }
        return job.result();
    }

    private void runNext() throws InterruptedException {
        admit();
        endWhere(
                a -> a.request().cancellation().isCancelled(),
                () -> new CancellationException("the document was cancelled"));
        if (!active.isEmpty()) {
            step();
        }
    }

    private void failAll(Throwable failure) {
        waiting.drain().forEach(job -> job.result().completeExceptionally(failure));
        endWhere(a -> true, () -> failure);
    }

    private void endWhere(Predicate<ActiveJob> condition, Supplier<Throwable> failure) {
        List<ActiveJob> ending = active.stream().filter(condition).toList();
        active.removeAll(ending);
        ending.forEach(a -> end(a, f -> f.completeExceptionally(failure.get())));
    }

    /** Admits documents to the decoder while there is room; waits for one where the decoder is empty. */
    private void admit() throws InterruptedException {
        if (active.isEmpty()) {
            Job first = waiting.take();
            limits.memory().take(bytes(first));
            encode(first);
        }
        while (!thread.hasEnded() && waiting.peek().filter(this::takesPlace).isPresent()) {
            encode(waiting.take()); // the one that was looked at: nobody else takes any
        }
    }

    private boolean takesPlace(Job job) {
        if (active.isEmpty()) {
            limits.memory().take(bytes(job));
            return true;
        }
        return active.size() < sessions.decoder().slots() && limits.memory().takeIfFree(bytes(job));
    }

    private long bytes(Job job) {
        GenerationRequest request = job.request();
        return limits.bytes(request.inputIds().length, request.rows());
    }

    private void encode(Job job) {
        GenerationRequest request = job.request();
        WorkProgress.Part encoding = request.cancellation().progress().begin(Stage.ENCODING);
        try (encoding) {
            active.add(new ActiveJob(job, begin(request), bytes(job)));
        } catch (RuntimeException | Error e) {
            limits.memory().giveBack(bytes(job));
            job.result().completeExceptionally(e);
        }
    }

    private Reading begin(GenerationRequest request) {
        thread.beginNativeRun(request.cancellation());
        if (!sessions.directory().config().architecture().hasEncoder()) {
            SearchStrategy search = request.start().search(Optional.empty());
            return new Reading(
                    search, sessions.prompt().read(request.inputIds(), search.rows(), request.cancellation()));
        }
        try (HiddenStates states =
                sessions.encoder().encode(request.inputIds(), randomBlocks, request.cancellation())) {
            SearchStrategy search = request.start().search(Optional.of(states));
            EncodedDocument encoded = sessions.crossAttention().project(states, request.cancellation());
            return new Reading(search, sessions.decoder().begin(encoded, search.rows()));
        }
    }

    private void step() {
        DecoderSession.Step step;
        List<WorkProgress.Part> parts = active.stream()
                .map(a -> a.request().cancellation().progress().begin(Stage.DECODING))
                .toList();
        try {
            step = sessions.decoder()
                    .step(active.stream()
                            .map(a -> new DecoderSession.StepInput(
                                    a.document(),
                                    a.search().tokens(),
                                    a.search().parents()))
                            .toList());
        } catch (RuntimeException | Error e) {
            endWhere(a -> true, () -> e);
            return;
        } finally {
            parts.forEach(WorkProgress.Part::close);
        }
        int vocabSize = sessions.directory().config().vocabSize();
        int firstRow = 0;
        for (ActiveJob a : List.copyOf(active)) {
            StepOutput output =
                    new StepOutput(scores == ScoreKind.LOGITS ? step.logits() : step.logProbs(), firstRow, vocabSize);
            firstRow += a.document().rows();
            advance(a, output);
        }
    }

    private void advance(ActiveJob a, StepOutput output) {
        try {
            a.search().advance(output);
            if (!a.search().isFinished()) {
                return;
            }
            List<GeneratedSequence> sequences = a.search().sequences();
            Generation generation = new Generation(sequences, sourceWeights(a, sequences.get(0)));
            active.remove(a);
            end(a, f -> f.complete(generation));
        } catch (RuntimeException | Error e) {
            endWhere(a::equals, () -> e);
        }
    }

    private float[] sourceWeights(ActiveJob a, GeneratedSequence best) {
        return switch (a.job().evidence()) {
            case NONE -> new float[0];
            case SOURCE_WEIGHTS -> {
                thread.beginNativeRun(a.request().cancellation());
                int[] read = best.ids().subList(0, best.ids().size() - 1).stream() // the decoder never read the last
                        .mapToInt(Integer::intValue)
                        .toArray();
                yield sessions.evidence()
                        .weights(a.document(), read, a.request().cancellation());
            }
        };
    }

    /** Releases a document's native memory before its result is known to others. */
    private void end(ActiveJob a, Consumer<CompletableFuture<Generation>> outcome) {
        try {
            a.document().close();
        } catch (RuntimeException | Error e) {
            a.job().result().completeExceptionally(e);
        }
        limits.memory().giveBack(a.bytes());
        outcome.accept(a.job().result());
    }

    @Override
    public void close() {
        thread.close();
    }
}
