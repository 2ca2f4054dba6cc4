package io.github.longwing.task;

import java.nio.file.Path;
import java.util.concurrent.Future;

/** Answers questions about documents. */
public final class QuestionAnswerer implements DocumentTask<Answers> {
    private QuestionAnswerer() {}

    /**
     * Loads a model directory and starts its engine.
     *
     * @param threads of ONNX Runtime, at least 1
     * @throws io.github.longwing.error.UserException if the directory is incomplete or damaged, or an option does not
     *     fit the model
     */
    public static QuestionAnswerer open(Path modelDirectory, AnswererOptions options, int threads) {
        return new QuestionAnswerer();
    }

    @Override
    public String model() {
        return "";
    }

    @Override
    public Future<DocumentResult<Answers>> submit(Document document) {
        return new java.util.concurrent.CompletableFuture<>();
    }

    @Override
    public void close() {}
}
