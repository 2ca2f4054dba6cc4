package io.github.longwing.task;

import io.github.longwing.batching.EngineLimits;
import io.github.longwing.batching.GenerationEngine;
import io.github.longwing.batching.GenerationRequest;
import io.github.longwing.config.BigBirdPegasusConfig;
import io.github.longwing.config.GenerationConfig;
import io.github.longwing.error.DocumentException;
import io.github.longwing.error.UserException;
import io.github.longwing.generation.GeneratedSequence;
import io.github.longwing.generation.SearchFactory;
import io.github.longwing.generation.SearchInput;
import io.github.longwing.runtime.Cancellation;
import io.github.longwing.runtime.ModelBundle;
import io.github.longwing.runtime.ModelDirectory;
import io.github.longwing.tokenizer.Newlines;
import io.github.longwing.tokenizer.TokenizedDocument;
import io.github.longwing.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;

/** Summarizes documents. A document longer than the model is cut, with its eos kept, and says so. */
public final class Summarizer implements DocumentTask<Summaries> {
    /** Longer texts are refused: their tokens alone would fill an executor. */
    private static final int MAX_CHARACTERS = 100_000_000;

    private final ModelBundle bundle;
    private final Tokenizer tokenizer;
    private final SearchFactory searches;
    private final GenerationEngine engine;
    private final int startTokenId;
    private final int maxSourceTokens;
    private final Newlines newlines;

    private Summarizer(
            ModelBundle bundle, Tokenizer tokenizer, GenerationConfig generation, SummarizerOptions options) {
        BigBirdPegasusConfig config = bundle.directory().config();
        this.bundle = bundle;
        this.tokenizer = tokenizer;
        this.searches = new SearchFactory(generation, config);
        this.startTokenId = generation.startTokenId().orElse(config.decoderStartTokenId());
        this.maxSourceTokens = maxSourceTokens(config, options);
        this.newlines = options.newlines();
        this.engine = new GenerationEngine(
                bundle, bundle.directory().randomBlocks(), searches.scores(), EngineLimits.of(config));
    }

    /**
     * Loads a model directory and starts its engine.
     *
     * @param threads of ONNX Runtime, at least 1
     * @throws UserException if the directory is incomplete or damaged, or an option does not fit the model
     */
    public static Summarizer open(Path modelDirectory, SummarizerOptions options, int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads is " + threads + ", expected at least 1");
        }
        ModelDirectory directory = ModelDirectory.open(modelDirectory);
        GenerationConfig generation = GenerationConfig.read(modelDirectory).with(options.generation());
        Tokenizer tokenizer = Tokenizer.load(modelDirectory);
        try {
            requireKnownIds(tokenizer, directory);
            ModelBundle bundle = ModelBundle.open(directory, threads);
            try {
                return new Summarizer(bundle, tokenizer, generation, options);
            } catch (RuntimeException e) {
                bundle.close();
                throw e;
            }
        } catch (RuntimeException e) {
            tokenizer.close();
            throw e;
        }
    }

    @Override
    public String model() {
        return bundle.directory().label();
    }

    @Override
    public Future<DocumentResult<Summaries>> submit(Document document) {
        Cancellation cancellation = new Cancellation();
        CompletableFuture<DocumentResult<Summaries>> result;
        try {
            result = begin(document, cancellation);
        } catch (DocumentException e) {
            result = CompletableFuture.completedFuture(failure(e));
        }
        return new PendingResult<>(result, cancellation);
    }

    private CompletableFuture<DocumentResult<Summaries>> begin(Document document, Cancellation cancellation) {
        TokenizedDocument tokens = tokenizer.tokenize(readableText(document));
        int[] ids = tokens.ids();
        int[] inputIds = truncated(ids);
        GenerationRequest request = new GenerationRequest(
                inputIds,
                searches.start(SearchInput.encoderDecoder(document.id(), startTokenId, inputIds)),
                cancellation);
        return engine.submit(request)
                .<DocumentResult<Summaries>>thenApply(sequences -> new DocumentResult.Success<>(
                        ids.length,
                        inputIds.length < ids.length
                                ? DocumentResult.Truncation.TRUNCATED
                                : DocumentResult.Truncation.WHOLE,
                        1,
                        bundle.directory().config().attentionFor(inputIds.length),
                        summaries(sequences)))
                .exceptionally(Summarizer::failureOrThrow);
    }

    private static String readableText(Document document) {
        String text = document.text();
        if (text == null || text.isBlank()) {
            throw new DocumentException(
                    DocumentException.Kind.EmptyText,
                    "Cannot summarize: the text is " + (text == null ? "null" : "empty") + ", expected words");
        }
        if (text.length() > MAX_CHARACTERS) {
            throw new DocumentException(
                    DocumentException.Kind.TextTooLong,
                    "Cannot summarize: the text has " + text.length() + " characters, expected at most "
                            + MAX_CHARACTERS + "; split the document");
        }
        return text;
    }

    private int[] truncated(int[] ids) {
        if (ids.length <= maxSourceTokens) {
            return ids;
        }
        int[] cut = Arrays.copyOf(ids, maxSourceTokens);
        cut[maxSourceTokens - 1] = ids[ids.length - 1]; // the eos
        return cut;
    }

    private Summaries summaries(List<GeneratedSequence> sequences) {
        return new Summaries(
                sequences.stream()
                        .map(s -> new GeneratedText(
                                tokenizer.decode(
                                        s.newIds().stream()
                                                .mapToInt(Integer::intValue)
                                                .toArray(),
                                        newlines),
                                s.score(),
                                s.newIds().size(),
                                s.finishReason()))
                        .toList(),
                1,
                List.of());
    }

    private static DocumentResult<Summaries> failureOrThrow(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause instanceof DocumentException e) {
            return failure(e);
        }
        throw new CompletionException(cause);
    }

    private static DocumentResult<Summaries> failure(DocumentException e) {
        return new DocumentResult.Failure<>(new DocumentError(e.kind(), e.getMessage()));
    }

    private static void requireKnownIds(Tokenizer tokenizer, ModelDirectory directory) {
        int known = directory.config().vocabSize();
        if (tokenizer.vocabularySize() > known) {
            throw new UserException("Cannot use the model in " + directory.path() + ": its tokenizer has "
                    + tokenizer.vocabularySize() + " ids, expected at most vocab_size, which is " + known
                    + "; the tokenizer belongs to another model");
        }
    }

    private static int maxSourceTokens(BigBirdPegasusConfig config, SummarizerOptions options) {
        int positions = config.maxPositionEmbeddings();
        int tokens = options.reading().maxSourceTokens() == ReadingOptions.ALL_POSITIONS
                ? positions
                : options.reading().maxSourceTokens();
        if (tokens < 2 || tokens > positions) {
            throw new UserException("Cannot summarize: max-source-tokens is " + tokens + ", expected 2 to " + positions
                    + ", the positions of the model");
        }
        return tokens;
    }

    @Override
    public void close() {
        engine.close();
        bundle.close();
        tokenizer.close();
    }
}
