package io.github.longwing.task.answer;

import io.github.longwing.batching.FairnessKey;
import io.github.longwing.batching.ForwardEngine;
import io.github.longwing.batching.WindowScheduler;
import io.github.longwing.config.AnswerPreset;
import io.github.longwing.config.Architecture;
import io.github.longwing.config.Passes;
import io.github.longwing.error.DocumentException;
import io.github.longwing.runtime.Cancellation;
import io.github.longwing.runtime.HiddenStates;
import io.github.longwing.runtime.ModelSessions;
import io.github.longwing.runtime.SpanLogits;
import io.github.longwing.segmentation.CodePointText;
import io.github.longwing.segmentation.Window;
import io.github.longwing.task.Document;
import io.github.longwing.task.DocumentResult;
import io.github.longwing.task.DocumentWork;
import io.github.longwing.task.LoadedTask;
import io.github.longwing.task.Resources;
import io.github.longwing.task.TaskModel;
import io.github.longwing.task.WindowReader;
import io.github.longwing.task.WindowedText;
import io.github.longwing.tokenizer.TokenizedDocument;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Answers questions by parts of a document. The model reads the question, the document or a window of it, and the eos;
 * answers are looked for in the document alone. The tokens of the last document are kept for its next question: all else
 * depends on the question, since every token of the document sees it.
 */
public final class QuestionAnswerer implements DocumentWork<Answers> {
    private final TaskModel model;
    private final WindowReader reader;
    private final AnswererOptions options;
    private final ForwardEngine engine;

    private volatile Optional<Tokenized> last = Optional.empty();

    /** A text and its tokens. */
    private record Tokenized(String text, TokenizedDocument tokens) {}

    /** The logits of a window's tokens of the document, and the score of there being no answer in it. */
    private record WindowLogits(float[] start, float[] end, double noAnswer) {}

    private QuestionAnswerer(TaskModel model, AnswererOptions options) {
        this.model = model;
        this.reader = new WindowReader(model, options.reading());
        this.options =
                options.completed(AnswerPreset.read(model.sessions().directory().path()));
        this.engine = new ForwardEngine();
    }

    /** As the other {@code open}, with so many threads and the memory of this machine. */
    public static LoadedTask<Answers> open(Path modelDirectory, AnswererOptions options, int threads) {
        return open(modelDirectory, options, Resources.ofThisMachine(threads));
    }

    /** Opens a model for this task, as {@link LoadedTask#open} does. */
    public static LoadedTask<Answers> open(Path modelDirectory, AnswererOptions options, Resources resources) {
        return LoadedTask.open(
                modelDirectory,
                resources,
                "answer",
                Set.of(Architecture.QUESTION_ANSWERING),
                Passes.ENCODER_AND_DECODER,
                model -> new QuestionAnswerer(model, options));
    }

    @Override
    public CompletableFuture<DocumentResult.Success<Answers>> begin(Document document, Cancellation cancellation) {
        TokenizedDocument tokens = tokens(document.text());
        int[] question = question(document.question());
        WindowedText reading = reader.read(document.text(), tokens, question.length + 1);
        FairnessKey fairnessKey = new FairnessKey();
        return WindowScheduler.of(
                        reading.windows(),
                        cancellation.progress(),
                        window -> engine.submit(
                                fairnessKey,
                                cancellation,
                                () -> logits(question, reading.inputIds(window), cancellation)))
                .thenApply(logits -> reading.success(model.config(), answers(reading, logits)));
    }

    private TokenizedDocument tokens(String text) {
        return last.filter(known -> known.text().equals(text))
                .map(Tokenized::tokens)
                .orElseGet(() -> {
                    TokenizedDocument tokens = reader.tokenize(text);
                    last = Optional.of(new Tokenized(text, tokens));
                    return tokens;
                });
    }

    /** The question's ids, without an eos. */
    private int[] question(Optional<String> text) {
        int[] ids = text.filter(t -> !CodePointText.isBlank(t))
                .map(t -> model.tokenizer().tokenize(t).ids())
                .filter(found -> found.length > 1)
                .orElseThrow(() -> new DocumentException(
                        DocumentException.Kind.EmptyQuestion,
                        "Cannot answer: the question is " + (text.isEmpty() ? "null" : "empty") + ", expected words"));
        int max = (reader.maxSourceTokens() - 1) / 2; // without the eos
        if (ids.length - 1 > max) {
            throw new DocumentException(
                    DocumentException.Kind.TextTooLong,
                    "Cannot answer: the question has " + (ids.length - 1) + " tokens, expected at most " + max
                            + ", half of what the model reads at once; shorten it");
        }
        return Arrays.copyOf(ids, ids.length - 1);
    }

    /** @param document the window's tokens and the eos */
    private WindowLogits logits(int[] question, int[] document, Cancellation cancellation) {
        int[] inputIds = Arrays.copyOf(question, question.length + document.length);
        System.arraycopy(document, 0, inputIds, question.length, document.length);
        ModelSessions sessions = model.sessions();
        try (HiddenStates states =
                sessions.encoder().encode(inputIds, sessions.directory().randomBlocks(), cancellation)) {
            SpanLogits logits = sessions.head().answer(states, inputIds, cancellation);
            requireFinite("start", logits.start());
            requireFinite("end", logits.end());
            return new WindowLogits(
                    Arrays.copyOfRange(logits.start(), question.length, inputIds.length - 1),
                    Arrays.copyOfRange(logits.end(), question.length, inputIds.length - 1),
                    (double) logits.start()[0] + logits.end()[0]);
        }
    }

    private static void requireFinite(String name, float[] logits) {
        for (float logit : logits) {
            if (!Float.isFinite(logit)) {
                throw new DocumentException(
                        DocumentException.Kind.NonFiniteOutput,
                        "Cannot answer: a " + name + " logit is " + logit + ", expected a finite number");
            }
        }
    }

    private Answers answers(WindowedText reading, List<WindowLogits> logits) {
        AnswerSearch search = new AnswerSearch(reading.text(), reading.tokens(), options.maxAnswerTokens());
        double noAnswer = Double.POSITIVE_INFINITY;
        for (int i = 0; i < logits.size(); i++) {
            Window window = reading.windows().get(i);
            search.add(window.firstToken(), logits.get(i).start(), logits.get(i).end());
            noAnswer = Math.min(noAnswer, logits.get(i).noAnswer());
        }
        List<Answer> nBest = new ArrayList<>();
        for (Optional<Answer> next = search.next();
                next.isPresent() && nBest.size() < options.nBest();
                next = search.next()) {
            nBest.add(next.get());
        }
        double threshold = noAnswer - options.noAnswerThreshold();
        Optional<Answer> best = nBest.stream().findFirst().filter(answer -> answer.score() >= threshold);
        return new Answers(best, nBest, noAnswer);
    }

    @Override
    public void close() {
        engine.close();
    }
}
