package io.github.longwing.task;

import java.nio.file.Path;
import java.util.concurrent.Future;

/** Turns documents into vectors. */
public final class Embedder implements DocumentTask<Embedding> {
    private Embedder() {}

    /**
     * Loads a model directory and starts its engine.
     *
     * @param threads of ONNX Runtime, at least 1
     * @throws io.github.longwing.error.UserException if the directory is incomplete or damaged, or an option does not
     *     fit the model
     */
    public static Embedder open(Path modelDirectory, EmbedderOptions options, int threads) {
        return new Embedder();
    }

    @Override
    public String model() {
        return "";
    }

    @Override
    public Future<DocumentResult<Embedding>> submit(Document document) {
        return new java.util.concurrent.CompletableFuture<>();
    }

    @Override
    public void close() {}
}
