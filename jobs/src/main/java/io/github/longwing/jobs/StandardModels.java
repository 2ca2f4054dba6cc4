package io.github.longwing.jobs;

import io.github.longwing.config.Precision;
import io.github.longwing.config.RandomBlocks;
import io.github.longwing.error.UserException;
import io.github.longwing.runtime.ImportOptions;
import io.github.longwing.runtime.ModelDirectory;
import io.github.longwing.runtime.ModelImporter;
import io.github.longwing.spark.ModelReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The models that this build can find: directories on this machine. */
final class StandardModels implements Models {
    @Override
    public ModelReference pin(ModelReference reference) {
        return reference;
    }

    @Override
    public Path smallFiles(ModelReference pinned) {
        return directory(pinned);
    }

    @Override
    public Path modelDirectory(ModelReference pinned) {
        return directory(pinned);
    }

    @Override
    public void importInto(ModelReference pinned, Path target) {
        Path source = directory(pinned);
        if (ModelDirectory.isModelDirectory(source)) {
            throw new UserException("Cannot import " + source
                    + ": it is a model directory already, expected a transformers directory or a Hub id; "
                    + "name it with --model as it is");
        }
        ImportOptions options = new ImportOptions(
                source.toAbsolutePath().normalize().getFileName().toString(),
                Optional.ofNullable(pinned.precision()).orElse(Precision.FLOAT32),
                Optional.ofNullable(pinned.randomBlocks()).orElse(RandomBlocks.REFERENCE));
        ModelImporter.run(source, target, options);
    }

    private static Path directory(ModelReference pinned) {
        if (pinned.location() != null && Files.isDirectory(Path.of(pinned.location()))) {
            return Path.of(pinned.location());
        }
        throw new UnsupportedOperationException("The cache of models is not part of this build yet");
    }
}
