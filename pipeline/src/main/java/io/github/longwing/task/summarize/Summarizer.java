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
import io.github.longwing.error.UserException;
import io.github.longwing.generation.SearchFactory;
import io.github.longwing.generation.logits.SearchInput;
import io.github.longwing.runtime.Cancellation;
import io.github.longwing.segmentation.CodePointText;
import io.github.longwing.segmentation.Window;
import io.github.longwing.task.Document;
import io.github.longwing.task.DocumentResult;
import io.github.longwing.task.DocumentTask;
import io.github.longwing.task.DocumentWork;
import io.github.longwing.task.LongDocuments;
import io.github.longwing.task.Passage;
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
public final class Summarizer implements DocumentTask<Summaries> {
    /**
     * The windows that a level may have of those of the level before, so that all levels together come to ten times the
     * first at most. Where summaries do not get that much shorter, as a large {@code min_length} can have it, the last
     * level reads their beginning and the document counts as truncated.
     */
    private static final double MAX_LEVEL_RATIO = 0.9;

    private final TaskModel model;
    private final WindowReader reader;
    private final SummarizerOptions options;
    private final SearchFactory searches;
    private final int startTokenId;
    private final GenerationEngine engine;

    private Summarizer(TaskModel model, GenerationConfig generation, SummarizerOptions options) {
        BigBirdPegasusConfig config = model.config();
        this.model = model;
        this.reader = new WindowReader(model, options.reading());
        this.options = options;
        this.searches = new SearchFactory(generation, config);
        this.startTokenId = generation.startTokenId().orElse(config.decoderStartTokenId());
        this.engine = new GenerationEngine(
                model.bundle(), model.bundle().directory().randomBlocks(), searches.scores(), EngineLimits.of(config));
    }

    /**
     * Loads a model directory and starts its engine.
     *
     * @param threads of ONNX Runtime, at least 1
     * @throws UserException if the directory is incomplete or damaged, or an option does not fit the model
     */
    public static Summarizer open(Path modelDirectory, SummarizerOptions options, int threads) {
        TaskModel model =
                TaskModel.open(modelDirectory, threads, "summarize", Set.of(Architecture.CONDITIONAL_GENERATION));
        try {
            return new Summarizer(model, GenerationConfig.read(modelDirectory).with(options.generation()), options);
        } catch (RuntimeException | Error e) {
            model.close();
            throw e;
        }
    }

    @Override
    public String model() {
        return model.label();
    }

    @Override
    public CompletableFuture<DocumentResult<Summaries>> submit(Document document) {
        return DocumentWork.submit(cancellation -> new Work(document.id(), cancellation).begin(document.text()));
    }

    /** What is being done for one document. */
    private final class Work {
        private final String id;
        private final Cancellation cancellation;
        private final FairnessKey turn = new FairnessKey();

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

        /** Goes on until one window holds all, or until it would take too long. */
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
                    turn,
                    inputIds,
                    searches.start(SearchInput.encoderDecoder(drawId, startTokenId, inputIds)),
                    cancellation);
            return options.evidence() > 0
                    ? engine.submitForEvidence(request)
                    : engine.submit(request).thenApply(sequences -> new Generation(sequences, new float[0]));
        }

        /** What decides the draws of sampling: of a document in one window the id alone. */
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
        model.close();
    }
}
