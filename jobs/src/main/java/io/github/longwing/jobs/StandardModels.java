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
        boolean local = pinned.location() != null && Files.exists(Path.of(pinned.location(), "config.json"));
        return local
                ? Path.of(pinned.location())
                : ModelLocator.ofThisMachine().locate(pinned).directory();
    }
}
