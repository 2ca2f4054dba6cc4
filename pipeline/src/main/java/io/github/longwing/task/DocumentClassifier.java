package io.github.longwing.task;

import java.nio.file.Path;
import java.util.concurrent.Future;

/** Labels documents. */
public final class DocumentClassifier implements DocumentTask<Classification> {
    private DocumentClassifier() {}

    /**
     * Loads a model directory and starts its engine.
     *
     * @param threads of ONNX Runtime, at least 1
     * @throws io.github.longwing.error.UserException if the directory is incomplete or damaged, or an option does not
     *     fit the model
     */
    public static DocumentClassifier open(Path modelDirectory, ClassifierOptions options, int threads) {
        return new DocumentClassifier();
    }

    @Override
    public String model() {
        return "";
    }

    @Override
    public Future<DocumentResult<Classification>> submit(Document document) {
        return new java.util.concurrent.CompletableFuture<>();
    }

    @Override
    public void close() {}
}
