package io.github.longwing.task;

import java.nio.file.Path;
import java.util.concurrent.Future;

/** Continues prompts. */
public final class TextGenerator implements DocumentTask<GeneratedTexts> {
    private TextGenerator() {}

    /**
     * Loads a model directory and starts its engine.
     *
     * @param threads of ONNX Runtime, at least 1
     * @throws io.github.longwing.error.UserException if the directory is incomplete or damaged, or an option does not
     *     fit the model
     */
    public static TextGenerator open(Path modelDirectory, GeneratorOptions options, int threads) {
        return new TextGenerator();
    }

    @Override
    public String model() {
        return "";
    }

    @Override
    public Future<DocumentResult<GeneratedTexts>> submit(Document document) {
        return new java.util.concurrent.CompletableFuture<>();
    }

    @Override
    public void close() {}
}
