package io.github.longwing.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Gives documents to tasks and waits for what becomes of them. */
public final class Submitting {
    private static final long PATIENCE = 300; // seconds

    private Submitting() {}

    static <T> DocumentResult<T> result(DocumentTask<T> task, Document document) throws Exception {
        return task.submit(document).get(PATIENCE, TimeUnit.SECONDS);
    }

    public static <T> DocumentResult.Success<T> success(DocumentTask<T> task, Document document) throws Exception {
        DocumentResult<T> result = result(task, document);
        assertThat(result).isInstanceOf(DocumentResult.Success.class);
        return (DocumentResult.Success<T>) result;
    }

    public static <T> DocumentResult.Success<T> success(DocumentTask<T> task, String text) throws Exception {
        return success(task, new Document("document", text));
    }

    public static <T> DocumentError failure(DocumentTask<T> task, Document document) throws Exception {
        DocumentResult<T> result = result(task, document);
        assertThat(result).isInstanceOf(DocumentResult.Failure.class);
        return ((DocumentResult.Failure<T>) result).error();
    }

    /** One after the other. */
    static <T> List<DocumentResult<T>> alone(DocumentTask<T> task, List<Document> documents) throws Exception {
        List<DocumentResult<T>> results = new ArrayList<>();
        for (Document document : documents) {
            results.add(result(task, document));
        }
        return results;
    }

    /** All under way at the same time. */
    static <T> List<DocumentResult<T>> together(DocumentTask<T> task, List<Document> documents) throws Exception {
        List<CompletableFuture<DocumentResult<T>>> futures = new ArrayList<>();
        for (Document document : documents) {
            futures.add(task.submit(document));
        }
        List<DocumentResult<T>> results = new ArrayList<>();
        for (CompletableFuture<DocumentResult<T>> future : futures) {
            results.add(future.get(PATIENCE, TimeUnit.SECONDS));
        }
        return results;
    }
}
