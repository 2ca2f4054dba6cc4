package io.github.longwing.benchmarks;

import io.github.longwing.config.MemoryPlan;
import io.github.longwing.config.Passes;
import io.github.longwing.config.RandomBlocks;
import io.github.longwing.model.Graph;
import io.github.longwing.runtime.Cancellation;
import io.github.longwing.runtime.HiddenStates;
import io.github.longwing.runtime.ModelSessions;
import io.github.longwing.runtime.SessionSettings;
import io.github.longwing.store.ModelDirectory;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.Optional;

/** What a process needs besides its heap for one document of a task, beside what {@link MemoryPlan} says. */
final class TaskMemory {
    private final ModelDirectory model;
    private final SessionSettings settings;

    TaskMemory(ModelDirectory model, SessionSettings settings) {
        this.model = model;
        this.settings = settings;
    }

    /** What is run; the class of the model follows from it, except for embeddings, which any encoder gives. */
    enum Task {
        GENERATION(Passes.ENCODER_AND_STEPS),
        CLASSIFICATION(Passes.ENCODER_AND_DECODER),
        ANSWERS(Passes.ENCODER_AND_DECODER),
        CONTINUATIONS(Passes.PROMPT_AND_STEPS),
        EMBEDDINGS(Passes.ENCODER);

        private final Passes passes;

        Task(Passes passes) {
            this.passes = passes;
        }
    }

    /**
     * Bytes at the peak of this process.
     *
     * @param residentBytes all of it, the heap among it
     * @param heapBytes the largest heap, which is resident from the start where the JVM runs with {@code -XX:+AlwaysPreTouch}
     * @param nativeBytes the rest
     * @param plannedBytes what the plan says of the rest
     */
    record Result(
            String task,
            String precision,
            int tokens,
            long residentBytes,
            long heapBytes,
            long nativeBytes,
            long plannedBytes) {}

    /** Runs one document. */
    Result measure(Task task, int[] document, int beams, int newTokens) {
        try (ModelSessions sessions = ModelSessions.open(model, settings, Graph.neededBy(task.passes))) {
            Optional<ForcedLength> length = length(task, beams, newTokens);
            run(task, sessions, document, length);
            long resident = PeakMemory.bytes();
            long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getMax();
            MemoryPlan plan = plan(task, length);
            return new Result(
                    task.name().toLowerCase(Locale.ROOT),
                    model.precision().configName(),
                    document.length,
                    resident,
                    heap,
                    resident - heap,
                    plan.executorBytes(document.length, 1));
        }
    }

    /** The plan of such a document. */
    MemoryPlan plan(Task task, int beams, int newTokens) {
        return plan(task, length(task, beams, newTokens));
    }

    private MemoryPlan plan(Task task, Optional<ForcedLength> length) {
        return new MemoryPlan(model.config(), model.precision(), task.passes, length.map(ForcedLength::generation));
    }

    private Optional<ForcedLength> length(Task task, int beams, int newTokens) {
        return task.passes.hasSteps() ? Optional.of(new ForcedLength(model, beams, newTokens)) : Optional.empty();
    }

    private static void run(Task task, ModelSessions sessions, int[] document, Optional<ForcedLength> length) {
        switch (task) {
            case GENERATION, CONTINUATIONS -> {
                var unused = new EngineBenchmark(sessions, length.orElseThrow()).measureDocument(document);
            }
            case CLASSIFICATION, ANSWERS -> {
                var unused = new HeadBenchmark(sessions).measure(document, 1);
            }
            case EMBEDDINGS -> {
                try (HiddenStates states =
                        sessions.encoder().encode(document, RandomBlocks.REFERENCE, new Cancellation())) {
                    var unused = states.toArray();
                }
            }
        }
    }
}
