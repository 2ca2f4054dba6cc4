package io.github.longwing.spark.models;

import static java.util.stream.Collectors.joining;

import io.github.longwing.error.UserException;
import io.github.longwing.spark.models.ModelStore.Extent;
import io.github.longwing.spark.options.EmbeddedModel;
import io.github.longwing.spark.options.ModelReference;
import io.github.longwing.store.ModelDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds the files of a model. A location is, in this order: a model in the jar; an existing path; a URI with a scheme; a
 * Hub id; else an error.
 */
public final class ModelLocator implements Models {
    /** One letter and a colon is a drive of Windows. */
    private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]+):.*", Pattern.DOTALL);

    private final ModelStore store;

    ModelLocator(ModelStore store) {
        this.store = store;
    }

    /** With the cache of this machine and the Hub, as the environment says where they are. */
    public static ModelLocator ofThisMachine() {
        return new ModelLocator(new MachineModelStore());
    }

    @Override
    public ModelReference pin(ModelReference reference) {
        String location = reference.location();
        if (embedded(location).isPresent()) {
            return reference;
        }
        Optional<Path> path = existingPath(location);
        if (path.isPresent()) {
            if (ModelDirectory.isModelDirectory(path.get())) {
                ModelDirectory.requireSettings(
                        path.get(),
                        Optional.ofNullable(reference.precision()),
                        Optional.ofNullable(reference.randomBlocks()));
            }
            return reference.movedTo(path.get().toString());
        }
        if (hasScheme(location)) {
            RemoteDirectory unused = RemoteDirectory.list(location);
            return reference;
        }
        return reference.movedTo(store.pinHubId(location).orElseThrow(() -> unknown(location)));
    }

    @Override
    public LocatedModel describe(ModelReference pinned) {
        return find(pinned, Extent.DESCRIPTION);
    }

    @Override
    public LocatedModel locate(ModelReference reference) {
        return find(reference, Extent.MODEL_DIRECTORY);
    }

    @Override
    public LocatedModel check(ModelReference pinned) {
        LocatedModel model = locate(pinned);
        try {
            ModelDirectory unused = ModelDirectory.open(model.directory());
            return model;
        } catch (RuntimeException | Error e) {
            model.close();
            throw e;
        }
    }

    @Override
    public void importInto(ModelReference pinned, Path target) {
        Optional<Path> path = Optional.ofNullable(pinned.location()).flatMap(ModelLocator::existingPath);
        if (path.filter(ModelDirectory::isModelDirectory).isPresent()) {
            throw new UserException("Cannot import " + path.get()
                    + ": it is a model directory already, expected a transformers directory or a Hub id; "
                    + "name it with --model as it is");
        }
        if (path.isPresent()) {
            store.importDirectory(path.get(), pinned, target);
        } else if (pinned.location() == null || hasScheme(pinned.location())) {
            try (LocatedModel model = locate(pinned)) {
                copy(model.directory(), target);
            }
        } else {
            String location = pinned.location();
            store.importHub(store.pinHubId(location).orElseThrow(() -> unknown(location)), pinned, target);
        }
    }

    private LocatedModel find(ModelReference reference, Extent extent) {
        String location = reference.location();
        Optional<EmbeddedModel> embedded = embedded(location);
        if (embedded.isPresent()) {
            return store.embedded(embedded.get(), reference, extent);
        }
        Optional<Path> path = existingPath(location);
        if (path.isPresent()) {
            return store.fromDirectory(path.get(), reference, extent);
        }
        if (hasScheme(location)) {
            return store.fromRemote(RemoteDirectory.list(location), reference, extent);
        }
        return store.pinHubId(location)
                .map(pinned -> store.fromHub(pinned, reference, extent))
                .orElseThrow(() -> unknown(location));
    }

    /** The model in the jar that a location names, which all do that name none. */
    private static Optional<EmbeddedModel> embedded(String location) {
        if (location == null) {
            return Optional.of(EmbeddedModel.SENTENCE_SUMMARIZER);
        }
        Optional<EmbeddedModel> embedded = EmbeddedModel.at(location);
        if (embedded.isEmpty() && location.startsWith(EmbeddedModel.SCHEME)) {
            throw new UserException("Cannot find the model " + location + ": the jar carries no such model, expected "
                    + Arrays.stream(EmbeddedModel.values())
                            .map(EmbeddedModel::location)
                            .collect(joining(" or ")));
        }
        return embedded;
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

    /** The directory that the location is on this machine, as an absolute path. */
    private static Optional<Path> existingPath(String location) {
        if (location.isBlank()) {
            return Optional.empty(); // as a path it would be the working directory
        }
        Optional<Path> existing = path(location).filter(Files::exists);
        existing.filter(path -> !Files.isDirectory(path)).ifPresent(path -> {
            throw new UserException("Cannot use the model " + location
                    + ": it is a file, expected a model directory or a transformers directory");
        });
        return existing.map(path -> path.toAbsolutePath().normalize());
    }

    private static Optional<Path> path(String location) {
        try {
            boolean isFileUri = location.toLowerCase(Locale.ROOT).startsWith("file:");
            return Optional.of(Path.of(
                    isFileUri ? new org.apache.hadoop.fs.Path(location).toUri().getPath() : location));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // no path here, but it may be a URI
        }
    }

    private static boolean hasScheme(String location) {
        return SCHEME.matcher(location).matches();
    }

    private static UserException unknown(String location) {
        return new UserException("Cannot find the model " + location
                + ": expected a directory that every machine of the cluster sees under this path, a URI such as"
                + " hdfs://host/path, a Hub id such as owner/name@revision, or no --model at all for the one that"
                + " Longwing carries");
    }
}
