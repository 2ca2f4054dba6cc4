package io.github.longwing.jobs;

import io.github.longwing.spark.ModelLocator;
import io.github.longwing.spark.ModelReference;
import java.nio.file.Files;
import java.nio.file.Path;

/** The models that {@link ModelLocator} finds. */
final class StandardModels implements Models {
    @Override
    public ModelReference pin(ModelReference reference) {
        return ModelLocator.ofThisMachine().pin(reference);
    }

    @Override
    public Path smallFiles(ModelReference pinned) {
        if (pinned.location() != null && Files.isDirectory(Path.of(pinned.location()))) {
            return Path.of(pinned.location());
        }
        // held until this process ends, as are the files that are read from it
        return ModelLocator.ofThisMachine().locate(pinned).directory();
    }
}
