package io.github.longwing.task.generate;

import io.github.longwing.batching.GenerationEngine;
import io.github.longwing.batching.GenerationRequest;
import io.github.longwing.config.Architecture;
import io.github.longwing.config.AttentionType;
import io.github.longwing.config.GenerationConfig;
import io.github.longwing.config.GenerationOption;
import io.github.longwing.config.Passes;
import io.github.longwing.error.UserException;
import io.github.longwing.generation.GeneratedSequence;
import io.github.longwing.generation.SearchFactory;
import io.github.longwing.generation.logits.SearchInput;
import io.github.longwing.runtime.Cancellation;
import io.github.longwing.task.Document;
import io.github.longwing.task.DocumentResult;
import io.github.longwing.task.DocumentWork;
import io.github.longwing.task.GeneratedText;
import io.github.longwing.task.GeneratedTexts;
import io.github.longwing.task.LoadedTask;
import io.github.longwing.task.LongDocuments;
import io.github.longwing.task.Resources;
import io.github.longwing.task.ResultBasis;
import io.github.longwing.task.TaskModel;
import io.github.longwing.task.WindowOptions;
import io.github.longwing.task.WindowReader;
import io.github.longwing.tokenizer.TokenizedDocument;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Continues prompts. The model reads a prompt without an eos; of one that is too long, its end. */
public final class TextGenerator implements DocumentWork<GeneratedTexts> {
    private final TaskModel model;
    private final WindowReader reader;
    private final SearchFactory searches;
    private final ResultBasis basis;
    private final GeneratorOptions options;
    private final int maxPromptTokens;
    private final GenerationEngine engine;

    private TextGenerator(TaskModel model, GeneratorOptions options) {
        GenerationConfig generation = model.generationConfig().with(options.generation());
        if (generation.get(GenerationOption.EXTRACTIVE)) {
            throw new UserException("Cannot generate: extractive is true, expected false: a prompt has no sentences to"
                    + " choose from; leave it out");
        }
        this.model = model;
        this.reader = new WindowReader(model, WindowOptions.of(LongDocuments.TRUNCATE));
        this.basis = ResultBasis.of(generation);
        this.searches = new SearchFactory(generation, model.config());
        this.options = options;
        this.maxPromptTokens = maxPromptTokens(generation, options);
        this.engine = new GenerationEngine(
                model.sessions(),
                model.sessions().directory().randomBlocks(),
                searches.scores(),
                model.limits(generation));
    }

    /** As the other {@code open}, with so many threads and the memory of this machine. */
    public static LoadedTask<GeneratedTexts> open(Path modelDirectory, GeneratorOptions options, int threads) {
        return open(modelDirectory, options, Resources.ofThisMachine(threads));
    }

    /** Opens a model for this task, as {@link LoadedTask#open} does. */
    public static LoadedTask<GeneratedTexts> open(Path modelDirectory, GeneratorOptions options, Resources resources) {
        return LoadedTask.open(
                modelDirectory,
                resources,
                "generate",
                Set.of(Architecture.CAUSAL_LM),
                Passes.PROMPT_AND_STEPS,
                model -> new TextGenerator(model, options));
    }

    private int maxPromptTokens(GenerationConfig generation, GeneratorOptions wanted) {
        int positions = model.config().maxPositionEmbeddings();
        if (wanted.maxPromptTokens() >= positions) {
            throw new UserException("Cannot generate: max-prompt-tokens is " + wanted.maxPromptTokens()
                    + ", expected less than " + positions + ", the positions of the model");
        }
        int room = generation.promptLimit(positions);
        return wanted.maxPromptTokens() == WindowOptions.ALL_POSITIONS
                ? room
                : Math.min(room, wanted.maxPromptTokens());
    }

    @Override
    public ResultBasis basis() {
        return basis;
    }

    @Override
    public CompletableFuture<DocumentResult.Success<GeneratedTexts>> begin(
            Document document, Cancellation cancellation) {
        TokenizedDocument tokens = reader.tokenize(document.text());
        int end = tokens.length() - 1; // without the eos
        int begin = Math.max(0, end - maxPromptTokens);
        int[] prompt = Arrays.copyOfRange(tokens.ids(), begin, end);
        DocumentResult.Truncation truncation =
                begin == 0 ? DocumentResult.Truncation.WHOLE : DocumentResult.Truncation.TRUNCATED;
        GenerationRequest request = new GenerationRequest(
                prompt, searches.start(SearchInput.decoderOnly(document.id(), prompt)), cancellation);
        return engine.submit(request)
                .thenApply(sequences -> new DocumentResult.Success<>(
                        tokens.length(), truncation, 1, AttentionType.ORIGINAL_FULL, texts(sequences)));
    }

    private GeneratedTexts texts(List<GeneratedSequence> sequences) {
        return new GeneratedTexts(sequences.stream()
                .map(sequence -> GeneratedText.of(sequence, model.tokenizer(), options.newlines()))
                .toList());
    }

    @Override
    public void close() {
        engine.close();
    }
}
