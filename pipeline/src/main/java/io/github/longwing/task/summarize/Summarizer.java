package io.github.longwing.task.summarize;

import io.github.longwing.batching.FairnessKey;
import io.github.longwing.batching.Generation;
import io.github.longwing.batching.GenerationEngine;
import io.github.longwing.batching.GenerationRequest;
import io.github.longwing.batching.SearchStart;
import io.github.longwing.batching.WindowScheduler;
import io.github.longwing.config.Architecture;
import io.github.longwing.config.BigBirdPegasusConfig;
import io.github.longwing.config.GenerationConfig;
import io.github.longwing.config.GenerationOption;
import io.github.longwing.config.Passes;
import io.github.longwing.error.UserException;
import io.github.longwing.generation.FinishReason;
import io.github.longwing.generation.SearchFactory;
import io.github.longwing.generation.SearchStrategy;
import io.github.longwing.generation.logits.SearchInput;
import io.github.longwing.runtime.Cancellation;
import io.github.longwing.runtime.HiddenStates;
import io.github.longwing.segmentation.CodePointText;
import io.github.longwing.segmentation.Window;
import io.github.longwing.task.Document;
import io.github.longwing.task.DocumentResult;
import io.github.longwing.task.DocumentWork;
import io.github.longwing.task.GeneratedText;
import io.github.longwing.task.LoadedTask;
import io.github.longwing.task.LongDocuments;
import io.github.longwing.task.Passage;
import io.github.longwing.task.Resources;
import io.github.longwing.task.ResultBasis;
import io.github.longwing.task.TaskModel;
import io.github.longwing.task.WindowReader;
import io.github.longwing.task.WindowedText;
import io.github.longwing.task.summarize.SourceSentences.Placed;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/**
 * Summarizes documents. One that is longer than the model is cut at its end, or read in windows, whose summaries are
 * joined, and summarized again until they fit into one window where the options say so. An extractive summary is made of
 * sentences of the document, which keep their places through all levels.
 */
public final class Summarizer implements DocumentWork<Summaries> {
    /**
     * The maximum ratio of the windows of a level to those of the level before, so that all levels together have at most
     * ten times the windows of the first. Where summaries do not get that much shorter, for example because of a large
     * {@code min_length}, the last level reads their beginning and the document counts as truncated.
     */
    private static final double MAX_LEVEL_RATIO = 0.9;

    /** A level keeps up to as many tokens as so many summaries have, for the next one to choose from. */
    private static final int MAX_KEPT_SUMMARIES = 4;

    private final TaskModel model;
    private final WindowReader reader;
    private final SummarizerOptions options;
    private final SearchFactory searches;
    private final ResultBasis basis;
    private final boolean extractive;
    private final SentenceWeights weights;
    private final int startTokenId;
    private final GenerationEngine engine;

    private Summarizer(TaskModel model, SummarizerOptions options) {
        BigBirdPegasusConfig config = model.config();
        GenerationConfig generation = model.generationConfig().with(options.generation());
        requireEnd(generation);
        this.model = model;
        this.reader = new WindowReader(model, options.reading());
        this.options = options;
        this.basis = ResultBasis.of(generation);
        this.searches = new SearchFactory(generation, config);
        this.extractive = generation.get(GenerationOption.EXTRACTIVE);
        this.weights = SentenceWeights.of(generation, model.sessions().directory());
        this.startTokenId = generation.startTokenId().orElse(config.decoderStartTokenId());
        this.engine = new GenerationEngine(
                model.sessions(),
                model.sessions().directory().randomBlocks(),
                searches.scores(),
                model.limits(generation));
    }

    /** Without an eos a summary could only end within a sentence. */
    private static void requireEnd(GenerationConfig generation) {
        if (generation.get(GenerationOption.EXTRACTIVE)
                && generation.get(GenerationOption.EOS_TOKEN_ID).isEmpty()) {
            throw new UserException(
                    "Cannot summarize: eos_token_id is not set, expected a token that ends an extractive"
                            + " summary after its last sentence; set eos_token_id, or extractive to false");
        }
    }

    /** As the other {@code open}, with so many threads and the memory of this machine. */
    public static LoadedTask<Summaries> open(Path modelDirectory, SummarizerOptions options, int threads) {
        return open(modelDirectory, options, Resources.ofThisMachine(threads));
    }

    /** Opens a model for this task, as {@link LoadedTask#open} does. */
    public static LoadedTask<Summaries> open(Path modelDirectory, SummarizerOptions options, Resources resources) {
        return LoadedTask.open(
                modelDirectory,
                resources,
                "summarize",
                Set.of(Architecture.CONDITIONAL_GENERATION),
                Passes.ENCODER_AND_STEPS,
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
            return extractive
                    ? extract(document).thenApply(extraction -> success(document, extraction))
                    : summarize(document, 1)
                            .thenCompose(level -> condense(SummaryTree.of(level)))
                            .thenApply(tree -> success(document, tree));
        }

        /** Summarizes every window of a text. */
        private CompletableFuture<SummaryLevel> summarize(WindowedText reading, int level) {
            return WindowScheduler.of(
                            IntStream.range(0, reading.windows().size()).boxed().toList(),
                            cancellation.progress(),
                            w -> generate(reading, w, states -> searches.start(input(reading, level, w))))
                    .thenApply(generations -> SummaryLevel.of(reading, generations, model.tokenizer()));
        }

        /** Adds levels until one window holds all, or until it would take too long. */
        private CompletableFuture<SummaryTree> condense(SummaryTree tree) {
            if (isLast(tree)) {
                return CompletableFuture.completedFuture(tree);
            }
            return summarize(next(tree), tree.levels() + 1).thenCompose(level -> condense(tree.under(level)));
        }

        private boolean isLast(SummaryTree tree) {
            return options.reading().longDocuments() != LongDocuments.HIERARCHICAL
                    || tree.top().isOneWindow()
                    || CodePointText.isBlank(tree.joined());
        }

        private WindowedText next(SummaryTree tree) {
            String joined = tree.joined();
            WindowedText next = reader.read(joined);
            return next.windows().size()
                            > MAX_LEVEL_RATIO * tree.top().generations().size()
                    ? reader.beginning(joined)
                    : next;
        }

        /** Chooses sentences of a document, or the best span where it has none that fits. */
        private CompletableFuture<Extraction> extract(WindowedText document) {
            SourceSentences sentences = SourceSentences.of(document.text());
            List<List<Placed>> placed = sentences.inDocument(document);
            if (placed.stream().flatMap(List::stream).anyMatch(p -> p.length() <= searches.sentenceRoom())) {
                return extract(sentences, document, placed, 1)
                        .thenCompose(found -> condense(Extraction.of(
                                sentences, FinishReason.EOS, document, placed, found, roomToKeep(document))));
            }
            SourceSentences span = SourceSentences.bestSpan(document, searches.sentenceRoom());
            List<List<Placed>> spanPlaced = span.inDocument(document);
            return extract(span, document, spanPlaced, 1)
                    .thenApply(found -> Extraction.of(
                            span, FinishReason.LENGTH, document, spanPlaced, found, roomToKeep(document)));
        }

        private CompletableFuture<Extraction> condense(Extraction extraction) {
            if (isLast(extraction.tree())) {
                return CompletableFuture.completedFuture(extraction);
            }
            WindowedText next = next(extraction.tree());
            List<List<Placed>> placed = extraction.inJoined(next);
            return extract(
                            extraction.sentences(),
                            next,
                            placed,
                            extraction.tree().levels() + 1)
                    .thenCompose(found -> condense(extraction.under(next, placed, found, roomToKeep(next))));
        }

        /** Chooses sentences in every window of a text. */
        private CompletableFuture<List<Extraction.OfWindow>> extract(
                SourceSentences sentences, WindowedText reading, List<List<Placed>> placed, int level) {
            List<Integer> windows = IntStream.range(0, placed.size()).boxed().toList();
            return WindowScheduler.of(windows, cancellation.progress(), w -> {
                List<Placed> ofWindow = placed.get(w);
                if (ofWindow.isEmpty()) {
                    return CompletableFuture.completedFuture(Extraction.OfWindow.nothing());
                }
                Choice choice = new Choice(sentences, reading, w, ofWindow, input(reading, level, w));
                return generate(reading, w, choice).thenApply(choice::found);
            });
        }

        private CompletableFuture<Generation> generate(WindowedText reading, int window, SearchStart start) {
            GenerationRequest request = new GenerationRequest(
                    fairnessKey, reading.inputIds(reading.windows().get(window)), searches.rows(), start, cancellation);
            return options.evidence() > 0
                    ? engine.submitForEvidence(request)
                    : engine.submit(request).thenApply(sequences -> new Generation(sequences, new float[0]));
        }

        /** The key of the random draws is, for a document in one window, its id alone. */
        private SearchInput input(WindowedText reading, int level, int window) {
            String drawId =
                    level == 1 && reading.windows().size() == 1 ? id : id + " level " + level + " window " + window;
            return SearchInput.encoderDecoder(
                    drawId, startTokenId, reading.inputIds(reading.windows().get(window)));
        }
    }

    /** The choice among the sentences of a window, which are scored once it is read. */
    private final class Choice implements SearchStart {
        private final SourceSentences sentences;
        private final WindowedText reading;
        private final Window window;
        private final List<Placed> placed;
        private final SearchInput input;

        // of the engine's thread until it completes the generation
        private List<Double> scores = List.of();
        private SearchInput held;

        private Choice(
                SourceSentences sentences, WindowedText reading, int window, List<Placed> placed, SearchInput input) {
            this.sentences = sentences;
            this.reading = reading;
            this.window = reading.windows().get(window);
            this.placed = placed;
            this.input = input;
        }

        @Override
        public SearchStrategy search(Optional<HiddenStates> states) {
            scores = weights.scores(sentences, placed, window, states.orElseThrow());
            held = input.heldTo(SourceSentences.trie(reading, placed, scores));
            return searches.start(held);
        }

        private Extraction.OfWindow found(Generation generation) {
            List<Integer> chosen = searches
                    .sentences(held, generation.sequences().get(0))
                    .stream()
                    .map(i -> placed.get(i).sentence())
                    .toList();
            return new Extraction.OfWindow(generation, chosen, scores);
        }
    }

    /** What a window keeps for the next level: all windows together fit into one, and none keeps much more than it needs. */
    private int roomToKeep(WindowedText reading) {
        int share = (int) (0.9 * reader.maxSourceTokens() / reading.windows().size());
        return Math.min(share, MAX_KEPT_SUMMARIES * searches.sentenceRoom());
    }

    private DocumentResult.Success<Summaries> success(WindowedText document, SummaryTree tree) {
        List<GeneratedText> texts = tree.texts(model.tokenizer(), options.newlines());
        return success(document, tree, new Summaries(texts, tree.levels(), evidence(tree)));
    }

    private DocumentResult.Success<Summaries> success(WindowedText document, Extraction extraction) {
        SummaryTree tree = extraction.tree();
        return success(
                document,
                tree,
                new Summaries(
                        List.of(extraction.text(options.newlines())),
                        tree.levels(),
                        extraction.extracted(),
                        evidence(tree)));
    }

    private DocumentResult.Success<Summaries> success(WindowedText document, SummaryTree tree, Summaries summaries) {
        return new DocumentResult.Success<>(
                document.tokens().length(),
                tree.truncation(),
                document.windows().size(),
                document.attention(model.config()),
                summaries);
    }

    private List<Passage> evidence(SummaryTree tree) {
        return options.evidence() == 0
                ? List.of()
                : tree.evidence().passages(options.evidence(), options.reading().locale());
    }

    @Override
    public void close() {
        engine.close();
    }
}
