package io.github.longwing.runtime;

import ai.onnxruntime.OrtException;
import io.github.longwing.error.DocumentException;
import io.github.longwing.error.UserException;
import io.github.longwing.store.ModelDirectory;

/** Turns ONNX Runtime's exceptions into Longwing's, since the layers above do not depend on ONNX Runtime. */
final class NativeFailure {
    private NativeFailure() {}

    /** For a run that served one document: most often there was not enough memory for it. */
    static DocumentException ofDocument(String verb, int tokens, OrtException cause) {
        return new DocumentException(
                DocumentException.Kind.NativeFailure,
                "Cannot " + verb + " a document of " + tokens + " tokens: " + cause.getMessage(),
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
    static IllegalStateException of(String verb, OrtException cause) {
        return new IllegalStateException("Cannot " + verb + ": " + cause.getMessage(), cause);
    }
}
