package io.github.longwing.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import io.github.longwing.config.RandomBlocks;
import io.github.longwing.generation.ScoreKind;
import io.github.longwing.generation.SearchStrategy;
import io.github.longwing.generation.StepOutput;
import io.github.longwing.runtime.Cancellation;
import io.github.longwing.runtime.DecoderSession;
import io.github.longwing.runtime.DecodingDocument;
import io.github.longwing.runtime.EncodedDocument;
import io.github.longwing.runtime.HiddenStates;
import io.github.longwing.runtime.ModelSessions;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/** Times beam search on one document, step by step: what {@code GenerationEngine} does, with a clock between. */
final class GenerationBenchmark {
    private static final ThreadMXBean THREADS = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);

    private static final OperatingSystemMXBean SYSTEM =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    private final ModelSessions bundle;

    GenerationBenchmark(ModelSessions bundle) {
        this.bundle = bundle;
    }

    /**
     * Where the time of a document went.
     *
     * @param encoderProcessorSeconds of all threads together
     * @param stepSeconds of each generated token: decoder, cache and search
     * @param processorSecondsPerStep of all threads together, on average
     * @param allocatedBytesPerStep of the Java heap, on average
     * @param sequence the best one, with the start token
     */
    record Result(
            int inputTokens,
            double encoderSeconds,
            double encoderProcessorSeconds,
            double crossAttentionSeconds,
            List<Double> stepSeconds,
            double medianStepSeconds,
            double processorSecondsPerStep,
            long allocatedBytesPerStep,
            List<Integer> sequence) {}

    Result measure(int[] inputIds, ForcedLength length) {
        SearchStrategy search = length.start(inputIds);
        Cancellation cancellation = new Cancellation();
        long start = System.nanoTime();
        long encoderBefore = SYSTEM.getProcessCpuTime();
        double encoderSeconds;
        double encoderProcessorSeconds;
        EncodedDocument source;
        long projection;
        try (HiddenStates states = bundle.encoder().encode(inputIds, RandomBlocks.REFERENCE, cancellation)) {
            encoderSeconds = Timings.secondsSince(start);
            encoderProcessorSeconds = (SYSTEM.getProcessCpuTime() - encoderBefore) / 1e9;
            projection = System.nanoTime();
            source = bundle.crossAttention().project(states, cancellation);
        }
        double crossAttentionSeconds = Timings.secondsSince(projection);
        Timings steps;
        long allocated;
        long processor;
        try (DecodingDocument document = bundle.decoder().begin(source, search.rows())) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            long processorBefore = SYSTEM.getProcessCpuTime();
            steps = generate(document, search, length.searches().scores());
            processor = SYSTEM.getProcessCpuTime() - processorBefore;
            allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
        }
        return new Result(
                inputIds.length,
                encoderSeconds,
                encoderProcessorSeconds,
                crossAttentionSeconds,
                steps.seconds(),
                steps.median(),
                processor / 1e9 / steps.seconds().size(),
                allocated / steps.seconds().size(),
                ForcedLength.bestSequence(search));
    }

    private Timings generate(DecodingDocument document, SearchStrategy search, ScoreKind scores) {
        int vocabSize = bundle.directory().config().vocabSize();
        List<Double> seconds = new ArrayList<>();
        while (!search.isFinished()) {
            seconds.add(Timings.secondsOf(() -> {
                DecoderSession.Step step = bundle.decoder()
                        .step(List.of(new DecoderSession.StepInput(document, search.tokens(), search.parents())));
                search.advance(
                        new StepOutput(scores == ScoreKind.LOGITS ? step.logits() : step.logProbs(), 0, vocabSize));
            }));
        }
        return new Timings(seconds);
    }
}
