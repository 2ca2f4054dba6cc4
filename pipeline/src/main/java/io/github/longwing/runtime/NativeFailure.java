package io.github.longwing.runtime;

import ai.onnxruntime.OrtException;
import io.github.longwing.error.DocumentException;
import io.github.longwing.error.UserException;
import io.github.longwing.store.ModelDirectory;

/** ONNX Runtime's exceptions in Longwing's words; layers above know nothing of ONNX Runtime. */
final class NativeFailure {
    private NativeFailure() {}

    /** For a run that served one document: most often there was not enough memory for it. */
    static DocumentException ofDocument(String act, int tokens, OrtException cause) {
        return new DocumentException(
                DocumentException.Kind.NativeFailure,
                "Cannot " + act + " a document of " + tokens + " tokens: " + cause.getMessage(),
                cause);
    }

    /** For a model that cannot be opened. */
    static UserException ofModel(ModelDirectory model, OrtException cause) {
        return new UserException(
                "Cannot load the model in " + model.path() + ": ONNX Runtime refused it (" + cause.getMessage()
                        + "); import the model again with this Longwing",
                cause);
    }

    /** For everything else: a bug or a broken machine. */
    static IllegalStateException of(String act, OrtException cause) {
        return new IllegalStateException("Cannot " + act + ": " + cause.getMessage(), cause);
    }
}
