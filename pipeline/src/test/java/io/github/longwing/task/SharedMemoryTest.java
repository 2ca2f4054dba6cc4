package io.github.longwing.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.longwing.batching.MemoryPool;
import io.github.longwing.config.Architecture;
import io.github.longwing.config.GenerationOverrides;
import io.github.longwing.config.MemoryPlan;
import io.github.longwing.config.Passes;
import io.github.longwing.config.Precision;
import io.github.longwing.error.UserException;
import io.github.longwing.model.Graph;
import io.github.longwing.runtime.ModelSessions;
import io.github.longwing.runtime.SessionSettings;
import io.github.longwing.store.ModelDirectory;
import io.github.longwing.task.classify.ClassifierOptions;
import io.github.longwing.task.classify.DocumentClassifier;
import io.github.longwing.task.embed.Embedder;
import io.github.longwing.task.embed.EmbedderOptions;
import io.github.longwing.task.summarize.Summarizer;
import io.github.longwing.task.summarize.SummarizerOptions;
import io.github.longwing.tokenizer.Newlines;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models of one process take what they need from one pool, and give it back. */
class SharedMemoryTest {
    private static final long ALL = 1L << 30;
    private static final WindowOptions READING = new WindowOptions(LongDocuments.TRUNCATE, 48, 0, Locale.ENGLISH);
    private static final EmbedderOptions EMBEDDING =
            new EmbedderOptions(READING, EmbedderOptions.StatePooling.MEAN, EmbedderOptions.Norm.UNIT);

    @TempDir
    private Path directory;

    private final MemoryPool memory = new MemoryPool(ALL);
    private final Resources resources = new Resources(1, memory);

    @Test
    void modelsThatAreOpenAtTheSameTimeLeaveEachOtherTheRest() {
        Path summarization = TinyFamily.model(directory, Architecture.CONDITIONAL_GENERATION);
        Path labels = TinyFamily.model(directory, Architecture.SEQUENCE_CLASSIFICATION);
        SummarizerOptions options =
                new SummarizerOptions(GenerationOverrides.parse(Map.of()), READING, Newlines.NEWLINE, 3);
        long summarizer = bytes(summarization, Passes.ENCODER_AND_STEPS);
        long classifier = bytes(labels, Passes.ENCODER_AND_DECODER);
        try (var one = Summarizer.open(summarization, options, resources)) {
            assertThat(ALL - memory.free()).as(one.model()).isEqualTo(summarizer);
            ClassifierOptions labelling = new ClassifierOptions(READING, Pooling.MEAN, 0, 0.5, 0);
            try (var other = DocumentClassifier.open(labels, labelling, resources)) {
                assertThat(ALL - memory.free()).as(other.model()).isEqualTo(summarizer + classifier);
            }
            assertThat(ALL - memory.free()).isEqualTo(summarizer);
        }
        assertThat(memory.free()).isEqualTo(ALL);
    }

    @Test
    void embeddingBySummarizationModelsLeavesTheirDecoderClosed() {
        Path model = TinyFamily.model(directory, Architecture.CONDITIONAL_GENERATION);
        try (var embedder = Embedder.open(model, EMBEDDING, resources)) {
            assertThat(ALL - memory.free()).as(embedder.model()).isEqualTo(bytes(model, Passes.ENCODER));
        }
        try (ModelSessions sessions = ModelSessions.open(
                ModelDirectory.open(model), SessionSettings.ofThreads(1), Graph.neededBy(Passes.ENCODER))) {
            assertThat(sessions.encoder()).isNotNull();
            assertThatThrownBy(sessions::decoder).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aModelThatCannotBeOpenedTakesNothing() {
        Path model = TinyFamily.model(directory, Architecture.CAUSAL_LM);

        assertThatThrownBy(() -> Embedder.open(model, EMBEDDING, resources)).isInstanceOf(UserException.class);
        assertThat(memory.free()).isEqualTo(ALL);
    }

    private static long bytes(Path model, Passes passes) {
        MemoryPlan plan =
                new MemoryPlan(ModelDirectory.open(model).config(), Precision.FLOAT32, passes, Optional.empty());
        return plan.modelBytes(TinyFamily.POSITIONS);
    }
}
