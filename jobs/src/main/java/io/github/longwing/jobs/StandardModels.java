package io.github.longwing.jobs;

import io.github.longwing.spark.ModelReference;
import java.nio.file.Files;
import java.nio.file.Path;

/** The models that this build can find: directories on this machine. */
final class StandardModels implements Models {
    @Override
    public ModelReference pin(ModelReference reference) {
        return reference;
    }

    @Override
    public Path smallFiles(ModelReference pinned) {
        if (pinned.location() != null && Files.isDirectory(Path.of(pinned.location()))) {
            return Path.of(pinned.location());
        }
        throw new UnsupportedOperationException("The cache of models is not part of this build yet");
    }
}
