package io.github.longwing.batching;

import io.github.longwing.config.RandomBlocks;
import io.github.longwing.error.DocumentException;
import io.github.longwing.generation.GeneratedSequence;
import io.github.longwing.generation.ScoreKind;
import io.github.longwing.generation.StepOutput;
import io.github.longwing.runtime.Cancellation;
import io.github.longwing.runtime.DecoderSession;
import io.github.longwing.runtime.DecodingDocument;
import io.github.longwing.runtime.EncodedDocument;
import io.github.longwing.runtime.HiddenStates;
import io.github.longwing.runtime.ModelBundle;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/**
 * Generates for many documents at once. One thread does all native work, with all the threads of the sessions behind
 * it: a waiting document is encoded as soon as the decoder has a place for it, and all documents in the decoder step
 * together, so that the weights are read once for all of them. A finished document's place goes to the next in line.
 *
 * <p>Thread-safe: any number of threads submit. {@link #close} cancels what is under way and waits for the thread.
 */
public final class GenerationEngine implements AutoCloseable {
    private final ModelBundle bundle;
    private final RandomBlocks randomBlocks;
    private final ScoreKind scores;
    private final EngineLimits limits;
    private final BlockingQueue<Job> waiting = new LinkedBlockingQueue<>();
    private final List<ActiveJob> active = new ArrayList<>(); // of the engine's thread alone
    private final Thread thread;
    private final Set<Cancellation> underWay = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    private record Job(GenerationRequest request, CompletableFuture<List<GeneratedSequence>> result) {}

    private record ActiveJob(Job job, DecodingDocument document) {
        GenerationRequest request() {
            return job.request();
        }
    }

    /** Starts the engine's thread; the bundle stays the caller's to close, after the engine. */
    public GenerationEngine(ModelBundle bundle, RandomBlocks randomBlocks, ScoreKind scores, EngineLimits limits) {
        this.bundle = bundle;
        this.randomBlocks = randomBlocks;
        this.scores = scores;
        this.limits = limits;
        this.thread = new Thread(this::work, "longwing-engine");
        this.thread.setDaemon(true);
        this.thread.start();
    }

    /**
     * Puts a document in line. The future fails with a {@link DocumentException} where the document is to blame, with a
     * {@link CancellationException} where it was cancelled, and with anything else for a bug or a broken machine.
     */
    public CompletableFuture<List<GeneratedSequence>> submit(GenerationRequest request) {
        if (closed) {
            throw new IllegalStateException("Cannot generate: the model is closed");
        }
        Job job = new Job(request, new CompletableFuture<>());
        underWay.add(request.cancellation());
        waiting.add(job);
        if (closed) { // since the check above: the engine's thread may have looked at the line for the last time
            job.result().completeExceptionally(new CancellationException("the model was closed"));
        }
        return job.result().whenComplete((sequences, failure) -> underWay.remove(request.cancellation()));
    }

    private void work() {
        try {
            while (!closed) {
                admit();
                active.removeIf(this::endedEarly);
                if (!active.isEmpty()) {
                    step();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            List<Job> left = new ArrayList<>();
            waiting.drainTo(left);
            left.forEach(job -> job.result().completeExceptionally(new CancellationException("the model was closed")));
            active.forEach(
                    a -> end(a, f -> f.completeExceptionally(new CancellationException("the model was closed"))));
            active.clear();
        }
    }

    /** Lets documents into the decoder while there is room; waits for one where there is nothing else to do. */
    private void admit() throws InterruptedException {
        Job next = active.isEmpty() ? waiting.take() : waiting.peek();
        if (active.isEmpty()) {
            encode(next);
            next = waiting.peek();
        }
        while (next != null && !closed && hasRoomFor(next)) {
            encode(waiting.take());
            next = waiting.peek();
        }
    }

    private boolean hasRoomFor(Job job) {
        int tokens = active.stream().mapToInt(a -> a.document().sourceTokens()).sum();
        return active.isEmpty()
                || (active.size() < bundle.decoder().slots()
                        && tokens + job.request().inputIds().length <= limits.maxSourceTokens());
    }

    private void encode(Job job) {
        try {
            GenerationRequest request = job.request();
            active.add(new ActiveJob(job, begin(request)));
        } catch (RuntimeException | Error e) {
            job.result().completeExceptionally(e);
        }
    }

    private DecodingDocument begin(GenerationRequest request) {
        int rows = request.search().rows();
        if (!bundle.directory().config().architecture().hasEncoder()) {
            return bundle.prompt().read(request.inputIds(), rows, request.cancellation());
        }
        EncodedDocument source = encode(request);
        try {
            return bundle.decoder().begin(source, rows);
        } catch (RuntimeException | Error e) {
            source.close();
            throw e;
        }
    }

    private EncodedDocument encode(GenerationRequest request) {
        try (HiddenStates states = bundle.encoder().encode(request.inputIds(), randomBlocks, request.cancellation())) {
            return bundle.crossAttention().project(states, request.cancellation());
        }
    }

    private void step() {
        DecoderSession.Step step;
        try {
            step = bundle.decoder()
                    .step(active.stream()
                            .map(a -> new DecoderSession.StepInput(
                                    a.document(),
                                    a.request().search().tokens(),
                                    a.request().search().parents()))
                            .toList());
        } catch (RuntimeException | Error e) {
            active.forEach(a -> end(a, f -> f.completeExceptionally(e)));
            active.clear();
            return;
        }
        int vocabSize = bundle.directory().config().vocabSize();
        int firstRow = 0;
        List<ActiveJob> finished = new ArrayList<>();
        for (ActiveJob a : active) {
            StepOutput output =
                    new StepOutput(scores == ScoreKind.LOGITS ? step.logits() : step.logProbs(), firstRow, vocabSize);
            firstRow += a.document().rows();
            if (isFinishedAfter(a, output)) {
                finished.add(a);
            }
        }
        active.removeAll(finished);
    }

    private boolean isFinishedAfter(ActiveJob a, StepOutput output) {
        try {
            a.request().search().advance(output);
            if (!a.request().search().isFinished()) {
                return false;
            }
            List<GeneratedSequence> sequences = a.request().search().sequences();
            end(a, f -> f.complete(sequences));
        } catch (RuntimeException | Error e) {
            end(a, f -> f.completeExceptionally(e));
        }
        return true;
    }

    private boolean endedEarly(ActiveJob a) {
        if (!a.request().cancellation().isCancelled()) {
            return false;
        }
        end(a, f -> f.completeExceptionally(new CancellationException("the document was cancelled")));
        return true;
    }

    /** Gives a document's native memory back before anyone hears of its result. */
    private static void end(ActiveJob a, Consumer<CompletableFuture<List<GeneratedSequence>>> outcome) {
        a.document().close();
        outcome.accept(a.job().result());
    }

    @Override
    public void close() {
        closed = true;
        underWay.forEach(Cancellation::cancel);
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
