package io.github.longwing.task.summarize;

import io.github.longwing.batching.EngineLimits;
import io.github.longwing.batching.FairnessKey;
import io.github.longwing.batching.Generation;
import io.github.longwing.batching.GenerationEngine;
import io.github.longwing.batching.GenerationRequest;
import io.github.longwing.batching.WindowScheduler;
import io.github.longwing.config.Architecture;
import io.github.longwing.config.BigBirdPegasusConfig;
import io.github.longwing.config.GenerationConfig;
import io.github.longwing.generation.SearchFactory;
import io.github.longwing.generation.logits.SearchInput;
import io.github.longwing.runtime.Cancellation;
import io.github.longwing.segmentation.CodePointText;
import io.github.longwing.segmentation.Window;
import io.github.longwing.task.Document;
import io.github.longwing.task.DocumentResult;
import io.github.longwing.task.DocumentWork;
import io.github.longwing.task.LoadedTask;
import io.github.longwing.task.LongDocuments;
import io.github.longwing.task.Passage;
import io.github.longwing.task.ResultBasis;
import io.github.longwing.task.TaskModel;
import io.github.longwing.task.WindowReader;
import io.github.longwing.task.WindowedText;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/**
 * Summarizes documents. One that is longer than the model is cut at its end, or read in windows, whose summaries are
 * joined, and summarized again until they fit into one window where the options say so.
 */
public final class Summarizer implements DocumentWork<Summaries> {
    /**
     * The maximum ratio of the windows of a level to those of the level before, so that all levels together have at most
     * ten times the windows of the first. Where summaries do not get that much shorter, for example because of a large
     * {@code min_length}, the last level reads their beginning and the document counts as truncated.
     */
    private static final double MAX_LEVEL_RATIO = 0.9;

    private final TaskModel model;
    private final WindowReader reader;
    private final SummarizerOptions options;
    private final SearchFactory searches;
    private final ResultBasis basis;
    private final int startTokenId;
    private final GenerationEngine engine;

    private Summarizer(TaskModel model, SummarizerOptions options) {
        BigBirdPegasusConfig config = model.config();
        GenerationConfig generation = model.generationConfig().with(options.generation());
        this.model = model;
        this.reader = new WindowReader(model, options.reading());
        this.options = options;
        this.basis = ResultBasis.of(generation);
        this.searches = new SearchFactory(generation, config);
        this.startTokenId = generation.startTokenId().orElse(config.decoderStartTokenId());
        this.engine = new GenerationEngine(
                model.sessions(),
                model.sessions().directory().randomBlocks(),
                searches.scores(),
                EngineLimits.of(config));
    }

    /** Opens a model for this task, as {@link LoadedTask#open} does. */
    public static LoadedTask<Summaries> open(Path modelDirectory, SummarizerOptions options, int threads) {
        return LoadedTask.open(
                modelDirectory,
                threads,
                "summarize",
                Set.of(Architecture.CONDITIONAL_GENERATION),
                model -> new Summarizer(model, options));
    }

    @Override
    public ResultBasis basis() {
        return basis;
    }

    @Override
    public CompletableFuture<DocumentResult.Success<Summaries>> begin(Document document, Cancellation cancellation) {
        return new Work(document.id(), cancellation).begin(document.text());
    }

    /** The work on one document. */
    private final class Work {
        private final String id;
        private final Cancellation cancellation;
        private final FairnessKey fairnessKey = new FairnessKey();

        private Work(String id, Cancellation cancellation) {
            this.id = id;
            this.cancellation = cancellation;
        }

        private CompletableFuture<DocumentResult.Success<Summaries>> begin(String text) {
            WindowedText document = reader.read(text);
            return summarize(document, 1)
                    .thenCompose(level -> condense(SummaryTree.of(level, model.tokenizer(), options)))
                    .thenApply(tree -> success(document, tree));
        }

        /** Summarizes every window of a text. */
        private CompletableFuture<SummaryLevel> summarize(WindowedText reading, int level) {
            return WindowScheduler.of(
                            IntStream.range(0, reading.windows().size()).boxed().toList(),
                            w -> generate(reading, w, drawId(reading, level, w)))
                    .thenApply(generations -> new SummaryLevel(reading, generations));
        }

        /** Adds levels until one window holds all, or until it would take too long. */
        private CompletableFuture<SummaryTree> condense(SummaryTree tree) {
            if (options.reading().longDocuments() != LongDocuments.HIERARCHICAL
                    || tree.top().isOneWindow()) {
                return CompletableFuture.completedFuture(tree);
            }
            String joined = tree.joined();
            if (CodePointText.isBlank(joined)) {
                return CompletableFuture.completedFuture(tree);
            }
            WindowedText next = reader.read(joined);
            if (next.windows().size()
                    > MAX_LEVEL_RATIO * tree.top().generations().size()) {
                next = reader.beginning(joined);
            }
            return summarize(next, tree.levels() + 1).thenCompose(level -> condense(tree.under(level)));
        }

        private CompletableFuture<Generation> generate(WindowedText reading, int windowIndex, String drawId) {
            Window window = reading.windows().get(windowIndex);
            int[] inputIds = reading.inputIds(window);
            GenerationRequest request = new GenerationRequest(
                    fairnessKey,
                    inputIds,
                    searches.start(SearchInput.encoderDecoder(drawId, startTokenId, inputIds)),
                    cancellation);
            return options.evidence() > 0
                    ? engine.submitForEvidence(request)
                    : engine.submit(request).thenApply(sequences -> new Generation(sequences, new float[0]));
        }

        /** The key of the random draws: for a document in one window its id alone. */
        private String drawId(WindowedText reading, int level, int window) {
            return level == 1 && reading.windows().size() == 1 ? id : id + " level " + level + " window " + window;
        }
    }

    private DocumentResult.Success<Summaries> success(WindowedText document, SummaryTree tree) {
        List<Passage> evidence = options.evidence() == 0
                ? List.of()
                : tree.evidence().passages(options.evidence(), options.reading().locale());
        return new DocumentResult.Success<>(
                document.tokens().length(),
                tree.truncation(),
                document.windows().size(),
                document.attention(model.config()),
                new Summaries(tree.texts(), tree.levels(), evidence));
    }

    @Override
    public void close() {
        engine.close();
    }
}
