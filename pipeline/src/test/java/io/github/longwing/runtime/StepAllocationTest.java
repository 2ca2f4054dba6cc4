package io.github.longwing.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.github.longwing.config.RandomBlocks;
import io.github.longwing.fixture.Goldens;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A step of the decoder writes its scores to native memory that the next one writes again. */
class StepAllocationTest {
    private static final ThreadMXBean THREADS = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
    private static final int WARM_UP = 5;
    private static final int STEPS = 20;

    @TempDir
    private Path directory;

    @Test
    void aRowCostsTheHeapLessThanItsScores() {
        try (ModelSessions sessions =
                TestModels.open(Goldens.goldens("summarization"), directory.resolve("model"), 1)) {
            long one = bytesPerStep(sessions, 1);
            long nine = bytesPerStep(sessions, 9);

            long scores = (long) Float.BYTES * sessions.directory().config().vocabSize();
            assertThat((nine - one) / 8)
                    .as("bytes on the heap for each further row, %d for one", one)
                    .isLessThan(scores / 2);
        }
    }

    private static long bytesPerStep(ModelSessions sessions, int rows) {
        int[] ids = new Random(3).ints(60, 4, 900).toArray();
        ids[ids.length - 1] = 1;
        Cancellation cancellation = new Cancellation();
        int[] tokens = new int[rows];
        Arrays.fill(tokens, 5);
        try (HiddenStates states = sessions.encoder().encode(ids, RandomBlocks.REFERENCE, cancellation);
                DecodingDocument document =
                        sessions.decoder().begin(sessions.crossAttention().project(states, cancellation), rows)) {
            int[] parents = IntStream.range(0, rows).toArray();
            List<DecoderSession.StepInput> inputs = List.of(new DecoderSession.StepInput(document, tokens, parents));
            step(sessions, inputs, WARM_UP);
            long before = THREADS.getCurrentThreadAllocatedBytes();
            step(sessions, inputs, STEPS);
            return (THREADS.getCurrentThreadAllocatedBytes() - before) / STEPS;
        }
    }

    private static void step(ModelSessions sessions, List<DecoderSession.StepInput> inputs, int times) {
        for (int i = 0; i < times; i++) {
            var unused = sessions.decoder().step(inputs);
        }
    }
}
