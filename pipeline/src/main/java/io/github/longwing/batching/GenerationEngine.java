package io.github.longwing.batching;

import io.github.longwing.config.RandomBlocks;
import io.github.longwing.error.DocumentException;
import io.github.longwing.generation.GeneratedSequence;
import io.github.longwing.generation.ScoreKind;
import io.github.longwing.generation.StepOutput;
import io.github.longwing.runtime.DecoderSession;
import io.github.longwing.runtime.DecodingDocument;
import io.github.longwing.runtime.EncodedDocument;
import io.github.longwing.runtime.HiddenStates;
import io.github.longwing.runtime.ModelSessions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Generates for many documents at once. One thread does all native work, with all the threads of the sessions behind
 * it: a waiting document is encoded as soon as the decoder has a place for it, and all documents in the decoder step
 * together, so that the weights are read once for all of them. A finished document's place goes to the next in line.
 *
 * <p>Thread-safe: any number of threads submit. {@link #close} cancels what is under way and waits for the thread.
 */
public final class GenerationEngine implements AutoCloseable {
    private final ModelSessions bundle;
    private final RandomBlocks randomBlocks;
    private final ScoreKind scores;
    private final EngineLimits limits;
    private final FairQueue<Job> waiting = new FairQueue<>();
    private final List<ActiveJob> active = new ArrayList<>(); // of the engine's thread alone
    private final EngineThread thread = new EngineThread(this::work);

    private record Job(GenerationRequest request, Evidence evidence, CompletableFuture<Generation> result) {}

    /** Whether anyone asks what carried the output. */
    private enum Evidence {
        NONE,
        SOURCE_WEIGHTS
    }

    private record ActiveJob(Job job, DecodingDocument document) {
        GenerationRequest request() {
            return job.request();
        }
    }

    /** Starts the engine's thread; the bundle stays the caller's to close, after the engine. */
    public GenerationEngine(ModelSessions bundle, RandomBlocks randomBlocks, ScoreKind scores, EngineLimits limits) {
        this.bundle = bundle;
        this.randomBlocks = randomBlocks;
        this.scores = scores;
        this.limits = limits;
        thread.start();
    }

    /**
     * Puts a document, or a window of one, in line. The future fails with a {@link DocumentException} where the document
     * is to blame, with a {@link CancellationException} where it was cancelled, and with anything else for a bug or a
     * broken machine.
     */
    public CompletableFuture<List<GeneratedSequence>> submit(GenerationRequest request) {
        return submit(request, Evidence.NONE).thenApply(Generation::sequences);
    }

    /** The same with one more pass over the best sequence, which says what it attended to. */
    public CompletableFuture<Generation> submitForEvidence(GenerationRequest request) {
        return submit(request, Evidence.SOURCE_WEIGHTS);
    }

    private CompletableFuture<Generation> submit(GenerationRequest request, Evidence evidence) {
        if (thread.isClosed()) {
            throw new IllegalStateException("Cannot generate: the model is closed");
        }
        Job job = new Job(request, evidence, new CompletableFuture<>());
        waiting.add(request.document(), job);
        if (thread.isClosed()) {
            // since the check above: the engine's thread may have looked at the line for the last time
            job.result().completeExceptionally(EngineThread.closing());
        }
        return job.result();
    }

    private void work() {
        try {
            while (!thread.isClosed()) {
                admit();
                active.removeIf(this::endedEarly);
                if (!active.isEmpty()) {
                    step();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            waiting.drain().forEach(job -> job.result().completeExceptionally(EngineThread.closing()));
            active.forEach(a -> end(a, f -> f.completeExceptionally(EngineThread.closing())));
            active.clear();
        }
    }

    /** Lets documents into the decoder while there is room; waits for one where there is nothing else to do. */
    private void admit() throws InterruptedException {
        if (active.isEmpty()) {
            encode(waiting.take());
        }
        while (!thread.isClosed() && waiting.peek().filter(this::hasRoomFor).isPresent()) {
            encode(waiting.take());
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
            thread.beginNativeRun(request.cancellation());
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
        thread.beginNativeRun(request.cancellation());
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
            Generation generation = new Generation(sequences, sourceWeights(a, sequences.get(0)));
            end(a, f -> f.complete(generation));
        } catch (RuntimeException | Error e) {
            end(a, f -> f.completeExceptionally(e));
        }
        return true;
    }

    private float[] sourceWeights(ActiveJob a, GeneratedSequence best) {
        return switch (a.job().evidence()) {
            case NONE -> new float[0];
            case SOURCE_WEIGHTS -> {
                thread.beginNativeRun(a.request().cancellation());
                int[] read = best.ids().subList(0, best.ids().size() - 1).stream() // the decoder never read the last
                        .mapToInt(Integer::intValue)
                        .toArray();
                yield bundle.evidence().weights(a.document(), read, a.request().cancellation());
            }
        };
    }

    private boolean endedEarly(ActiveJob a) {
        if (!a.request().cancellation().isCancelled()) {
            return false;
        }
        end(a, f -> f.completeExceptionally(new CancellationException("the document was cancelled")));
        return true;
    }

    /** Gives a document's native memory back before anyone hears of its result. */
    private static void end(ActiveJob a, Consumer<CompletableFuture<Generation>> outcome) {
        a.document().close();
        outcome.accept(a.job().result());
    }

    @Override
    public void close() {
        thread.close();
    }
}
