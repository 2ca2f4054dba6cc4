package io.github.longwing.spark;

import io.github.longwing.config.AttentionType;
import io.github.longwing.task.Document;
import io.github.longwing.task.DocumentResult;
import io.github.longwing.task.DocumentTask;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * A task without a model, whose output is a function of the document; a token is a word, and one more is the eos.
 *
 * @param model what the column {@code model} says
 */
public record FakeTask<T>(String model, Function<Document, T> output) implements DocumentTask<T> {

    @Override
    public CompletableFuture<DocumentResult<T>> submit(Document document) {
        return CompletableFuture.completedFuture(new DocumentResult.Success<>(
                document.text().split(" ", -1).length + 1,
                DocumentResult.Truncation.WHOLE,
                1,
                AttentionType.ORIGINAL_FULL,
                output.apply(document)));
    }

    @Override
    public void close() {
        // holds nothing
    }
}
