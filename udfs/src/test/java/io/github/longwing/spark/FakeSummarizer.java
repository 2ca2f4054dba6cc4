package io.github.longwing.spark;

import io.github.longwing.config.AttentionType;
import io.github.longwing.error.DocumentException;
import io.github.longwing.generation.FinishReason;
import io.github.longwing.spark.executor.TaskLoader;
import io.github.longwing.spark.executor.ThreadBudget;
import io.github.longwing.task.Document;
import io.github.longwing.task.DocumentError;
import io.github.longwing.task.DocumentResult;
import io.github.longwing.task.DocumentTask;
import io.github.longwing.task.GeneratedText;
import io.github.longwing.task.summarize.Summaries;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;

/**
 * A summarizer without a model. What it does with a document is written in the document: "fail" gives an error of the
 * document, "throw" an error of the document through the future, "bug" an exception, "hang" a run that ends only when
 * cancelled or completed by the test, "stuck" one that does not even end when cancelled; any other text is summarized by its upper-case form, twice over for the second
 * sequence.
 */
public final class FakeSummarizer implements DocumentTask<Summaries> {
    static final String MODEL = "fake 0123abcd";
    private static final Map<String, Journal> JOURNALS = new ConcurrentHashMap<>();

    /** What happened to the summarizers of one name, over all loads in this JVM. */
    public static final class Journal {
        public final Queue<ThreadBudget> loads = new ConcurrentLinkedQueue<>();
        public final Queue<Document> submitted = new ConcurrentLinkedQueue<>();
        public final Queue<String> cancelled = new ConcurrentLinkedQueue<>();
        public final Queue<String> closed = new ConcurrentLinkedQueue<>();

        /** The documents whose runs hang, by id; a test may complete them. */
        public final Map<String, CompletableFuture<DocumentResult<Summaries>>> hanging = new ConcurrentHashMap<>();

        /** Documents that may be under way at once; the next submission blocks. */
        public final Semaphore places = new Semaphore(1_000_000);
    }

    /** Loads a fake under a name of the test's own, since models outlive tests. */
    public record Loader(String name, int sequences) implements TaskLoader<Summaries> {
        @Override
        public DocumentTask<Summaries> load(ThreadBudget threads) {
            journal().loads.add(threads);
            return new FakeSummarizer(journal(), sequences);
        }

        public Journal journal() {
            return JOURNALS.computeIfAbsent(name, n -> new Journal());
        }
    }

    private final Journal journal;
    private final int sequences;

    private FakeSummarizer(Journal journal, int sequences) {
        this.journal = journal;
        this.sequences = sequences;
    }

    @Override
    public String model() {
        return MODEL;
    }

    @Override
    public CompletableFuture<DocumentResult<Summaries>> submit(Document document) throws InterruptedException {
        journal.submitted.add(document);
        journal.places.acquire();
        return switch (document.text()) {
            case "fail" ->
                done(new DocumentResult.Failure<>(new DocumentError(
                        DocumentException.Kind.NonFiniteOutput, "Cannot summarize: the logits are NaN")));
            case "throw" ->
                CompletableFuture.failedFuture(
                        new DocumentException(DocumentException.Kind.TextTooLong, "Cannot summarize: too long"));
            case "bug" -> CompletableFuture.failedFuture(new ArithmeticException("a bug in the runtime"));
            case "hang" -> hang(document.id());
            case "stuck" -> new Stuck(document.id());
            default -> done(summarize(document.text()));
        };
    }

    @Override
    public void close() {
        journal.closed.add(MODEL);
    }

    private CompletableFuture<DocumentResult<Summaries>> hang(String id) {
        Hanging hanging = new Hanging(id);
        journal.hanging.put(id, hanging);
        return hanging;
    }

    private final class Hanging extends CompletableFuture<DocumentResult<Summaries>> {
        private final String id;

        Hanging(String id) {
            this.id = id;
        }

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            boolean first = completeExceptionally(new CancellationException());
            if (first) {
                journal.cancelled.add(id);
                journal.places.release();
            }
            return first;
        }
    }

    private final class Stuck extends CompletableFuture<DocumentResult<Summaries>> {
        private final String id;

        Stuck(String id) {
            this.id = id;
        }

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            journal.cancelled.add(id);
            return false;
        }
    }

    private CompletableFuture<DocumentResult<Summaries>> done(DocumentResult<Summaries> result) {
        journal.places.release();
        return CompletableFuture.completedFuture(result);
    }

    private DocumentResult<Summaries> summarize(String text) {
        int tokens = text.split(" ", -1).length + 1;
        List<GeneratedText> texts = IntStream.rangeClosed(1, sequences)
                .mapToObj(n -> new GeneratedText(
                        text.toUpperCase(Locale.ROOT).repeat(n),
                        sequences == 1 ? OptionalDouble.empty() : OptionalDouble.of(-0.5 * n),
                        10 * n,
                        n == 1 ? FinishReason.EOS : FinishReason.LENGTH))
                .toList();
        return new DocumentResult.Success<>(
                tokens,
                tokens > 4 ? DocumentResult.Truncation.TRUNCATED : DocumentResult.Truncation.WHOLE,
                1,
                AttentionType.ORIGINAL_FULL,
                new Summaries(texts, 1, List.of()));
    }
}
