package io.github.longwing.jobs;

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
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * A summarizer without a model: a text becomes {@code "N words"}. A text that begins with "fail" is a document that
 * cannot be processed; one that begins with "slow" never ends until it is cancelled, and one that begins with "deaf"
 * not even then. A path behind these two becomes a file as soon as the document is under way. One that begins with
 * "broken" fails its task as long as there is no file of the path behind it, where it leaves the marker of a document that
 * ended its process.
 */
public final class CountingSummarizer implements DocumentTask<Summaries> {
    public static final String MODEL = "counting@0123456789ab";

    private final int sequences;

    private CountingSummarizer(int sequences) {
        this.sequences = sequences;
    }

    /** Loads it on an executor. */
    record Loader(int sequences) implements TaskLoader<Summaries> {
        @Override
        public DocumentTask<Summaries> load(ThreadBudget threads) {
            return new CountingSummarizer(sequences);
        }
    }

    @Override
    public String model() {
        return MODEL;
    }

    @Override
    public CompletableFuture<DocumentResult<Summaries>> submit(Document document) {
        String text = document.text();
        if (text.startsWith("slow")) {
            begin(text);
            return new CompletableFuture<>();
        }
        if (text.startsWith("deaf")) {
            begin(text);
            while (true) {
                LockSupport.park();
                Thread.interrupted(); // forgets it, as a native call would
            }
        }
        if (text.startsWith("broken") && leavesMarker(text)) {
            return CompletableFuture.failedFuture(new IllegalStateException("the process of this document ended"));
        }
        return CompletableFuture.completedFuture(
                text.startsWith("fail")
                        ? new DocumentResult.Failure<>(new DocumentError(
                                DocumentException.Kind.NonFiniteOutput,
                                "Cannot summarize document " + document.id() + ": its scores are not numbers"))
                        : summarize(text));
    }

    @Override
    public void close() {
        // holds nothing
    }

    private static void begin(String text) {
        String[] words = text.split(" ", -1);
        if (words.length > 1) {
            try {
                Files.createFile(Path.of(words[1]));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static boolean leavesMarker(String text) {
        Path marker = Path.of(text.split(" ", -1)[1]);
        if (Files.exists(marker)) {
            return false;
        }
        try {
            Files.createDirectories(marker.getParent());
            Files.writeString(
                    marker,
                    "id=x\napplication=x\nexecutor=1\ntask=0.0\nattempt=1\nhost=elsewhere\npid=1\nstarted=x\ndeaths=0\n");
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private DocumentResult<Summaries> summarize(String text) {
        int words = text.split("\\s+", -1).length;
        List<GeneratedText> texts = IntStream.range(0, sequences)
                .mapToObj(n ->
                        new GeneratedText(words + " words", OptionalDouble.of(-0.25 * (n + 1)), 3, FinishReason.EOS))
                .toList();
        return new DocumentResult.Success<>(
                words + 1,
                DocumentResult.Truncation.WHOLE,
                1,
                AttentionType.ORIGINAL_FULL,
                new Summaries(texts, 1, List.of()));
    }
}
