package io.github.longwing.jobs.run;

import io.github.longwing.config.Precision;
import io.github.longwing.config.RandomBlocks;
import io.github.longwing.error.UserException;
import io.github.longwing.hub.HubId;
import io.github.longwing.hub.ModelHub;
import io.github.longwing.spark.models.LocatedModel;
import io.github.longwing.spark.models.ModelLocator;
import io.github.longwing.spark.options.ModelReference;
import io.github.longwing.store.ImportOptions;
import io.github.longwing.store.ModelDirectory;
import io.github.longwing.store.ModelImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** The models that {@link ModelLocator} finds. */
public final class MachineModels implements Models {
    @Override
    public ModelReference pin(ModelReference reference) {
        ModelReference pinned = ModelLocator.ofThisMachine().pin(reference);
        localDirectory(pinned)
                .filter(ModelDirectory::isModelDirectory)
                .ifPresent(directory -> ModelDirectory.requireSettings(
                        directory,
                        Optional.ofNullable(pinned.precision()),
                        Optional.ofNullable(pinned.randomBlocks())));
        return pinned;
    }

    @Override
    public VerifiedModel describe(ModelReference pinned) {
        return localDirectory(pinned)
                .filter(directory -> !ModelDirectory.isModelDirectory(directory))
                .map(directory -> new VerifiedModel(directory, precision(pinned), randomBlocks(pinned)))
                .orElseGet(() -> check(pinned));
    }

    @Override
    public VerifiedModel check(ModelReference pinned) {
        // not closed: the files are read until this process ends
        ModelDirectory model = ModelDirectory.open(modelDirectory(pinned).directory());
        return new VerifiedModel(model.path(), model.precision(), model.randomBlocks());
    }

    @Override
    public LocatedModel modelDirectory(ModelReference pinned) {
        return ModelLocator.ofThisMachine().locate(pinned);
    }

    @Override
    public void importInto(ModelReference pinned, Path target) {
        Optional<Path> local = localDirectory(pinned);
        Optional<HubId> hub = local.isPresent() ? Optional.empty() : HubId.parse(pinned.location());
        if (local.isPresent()) {
            if (ModelDirectory.isModelDirectory(local.get())) {
                throw new UserException("Cannot import " + local.get()
                        + ": it is a model directory already, expected a transformers directory or a Hub id; "
                        + "name it with --model as it is");
            }
            ModelImporter.run(
                    local.get(), target, options(local.get().getFileName().toString(), pinned));
        } else if (hub.isPresent()) {
            Path source = ModelHub.fromEnvironment().download(hub.get());
            ModelImporter.run(source, target, options(hub.get().repository(), pinned));
        } else {
            try (LocatedModel model = modelDirectory(pinned)) {
                copy(model.directory(), target);
            }
        }
    }

    private static Optional<Path> localDirectory(ModelReference pinned) {
        return Optional.ofNullable(pinned.location()).map(Path::of).filter(Files::isDirectory);
    }

    private static ImportOptions options(String name, ModelReference reference) {
        return new ImportOptions(name, precision(reference), randomBlocks(reference));
    }

    private static Precision precision(ModelReference reference) {
        return Objects.requireNonNullElse(reference.precision(), Precision.FLOAT32);
    }

    private static RandomBlocks randomBlocks(ModelReference reference) {
        return Objects.requireNonNullElse(reference.randomBlocks(), RandomBlocks.REFERENCE);
    }

    private static void copy(Path model, Path target) {
        try (Stream<Path> files = Files.list(model)) {
            List<Path> all = files.toList();
            Files.createDirectories(target);
            for (Path file : all) {
                Files.copy(file, target.resolve(file.getFileName()));
            }
        } catch (IOException e) {
            throw new UserException(
                    "Cannot import into " + target + ": " + e + ", expected a directory that is new or empty", e);
        }
    }
}
