package io.github.longwing.spark.models;

import io.github.longwing.config.Precision;
import io.github.longwing.config.RandomBlocks;
import io.github.longwing.hub.HubId;
import io.github.longwing.hub.HubModel;
import io.github.longwing.hub.ModelHub;
import io.github.longwing.io.FileTree;
import io.github.longwing.spark.options.EmbeddedModel;
import io.github.longwing.spark.options.ModelReference;
import io.github.longwing.store.CachedModel;
import io.github.longwing.store.ImportOptions;
import io.github.longwing.store.ModelCache;
import io.github.longwing.store.ModelDirectory;
import io.github.longwing.store.ModelImporter;
import io.github.longwing.store.ModelKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * The models of this machine: the cache, filled once by whichever process comes first. Where cache and Hub are is what
 * the environment says, and neither is touched before it is needed.
 */
final class MachineModelStore implements ModelStore {
    /** In the cache, the name of a description beside that of the imports of the same model. */
    private static final String DESCRIPTION = "-description";

    @Override
    public Optional<String> pinHubId(String text) {
        return HubId.parse(text)
                .map(ModelHub.fromEnvironment()::resolve)
                .map(model -> new HubId(model.id().repository(), model.commit()).toString());
    }

    @Override
    public LocatedModel embedded(EmbeddedModel model, ModelReference reference, Extent extent) {
        EmbeddedFiles files = new EmbeddedFiles(model);
        ImportOptions options = importOptions(model.modelName(), reference);
        String key = model.modelName() + "-" + files.contentHash();
        String source = model.modelName() + ", which Longwing carries";
        return switch (extent) {
            case DESCRIPTION -> cached(key + DESCRIPTION, source, files::copyDescriptionTo, options);
            case MODEL_DIRECTORY -> imported(key, source, files::copyTo, options);
        };
    }

    @Override
    public LocatedModel fromDirectory(Path directory, ModelReference reference, Extent extent) {
        if (ModelDirectory.isModelDirectory(directory)) {
            return modelDirectory(directory, reference, Optional.empty());
        }
        ImportOptions options = importOptions(name(directory.toString()), reference);
        if (extent == Extent.DESCRIPTION) {
            return new LocatedModel(directory, options.precision(), options.randomBlocks(), Optional.empty());
        }
        ModelCache cache = ModelCache.fromEnvironment();
        String key = ModelKey.of(directory, cache) + "-" + options.version();
        return cached(key, directory.toString(), target -> ModelImporter.run(directory, target, options), options);
    }

    @Override
    public LocatedModel fromRemote(RemoteDirectory remote, ModelReference reference, Extent extent) {
        ImportOptions options = importOptions(name(remote.uri()), reference);
        String key = remote.version();
        if (extent == Extent.DESCRIPTION) {
            LocatedModel copy = cached(key + DESCRIPTION, remote.uri(), remote::copyDescriptionTo, options);
            return remote.isModelDirectory() ? modelDirectory(copy.directory(), reference, copy.cached()) : copy;
        }
        if (remote.isModelDirectory()) {
            LocatedModel copy = cached(key, remote.uri(), remote::copyTo, options);
            return modelDirectory(copy.directory(), reference, copy.cached());
        }
        return imported(key, remote.uri(), remote::copyTo, options);
    }

    @Override
    public LocatedModel fromHub(String pinned, ModelReference reference, Extent extent) {
        ModelHub hub = ModelHub.fromEnvironment();
        HubModel model = hub.resolve(HubId.parse(pinned).orElseThrow());
        ImportOptions options = importOptions(model.id().repository(), reference);
        if (extent == Extent.DESCRIPTION) {
            Path snapshot = hub.downloadDescription(model);
            return new LocatedModel(snapshot, options.precision(), options.randomBlocks(), Optional.empty());
        }
        String repository = model.id().repository().replaceAll("[^A-Za-z0-9]", "-");
        return cached(
                "hub-" + repository + "-" + model.commit() + "-" + options.version(),
                pinned,
                target -> ModelImporter.run(hub.download(model), target, options),
                options);
    }

    @Override
    public void importDirectory(Path directory, ModelReference reference, Path target) {
        ModelImporter.run(directory, target, importOptions(name(directory.toString()), reference));
    }

    @Override
    public void importHub(String pinned, ModelReference reference, Path target) {
        HubId id = HubId.parse(pinned).orElseThrow();
        Path source = ModelHub.fromEnvironment().download(id);
        ModelImporter.run(source, target, importOptions(id.repository(), reference));
    }

    /** A model directory, refused if it was imported with other options than those that the reference names. */
    private static LocatedModel modelDirectory(Path directory, ModelReference reference, Optional<CachedModel> cached) {
        try {
            ModelDirectory.requireSettings(
                    directory,
                    Optional.ofNullable(reference.precision()),
                    Optional.ofNullable(reference.randomBlocks()));
            ModelDirectory model = ModelDirectory.read(directory);
            return new LocatedModel(directory, model.precision(), model.randomBlocks(), cached);
        } catch (RuntimeException | Error e) {
            cached.ifPresent(CachedModel::close);
            throw e;
        }
    }

    private interface Fetch {
        void into(Path emptyDirectory) throws IOException;
    }

    /** Imports what has to be fetched first, and keeps no second copy of it. */
    private static LocatedModel imported(String key, String source, Fetch fetch, ImportOptions options) {
        return cached(
                key + "-" + options.version(),
                source,
                target -> {
                    // beside the target, so that a failure removes it with the rest
                    Path fetched = Files.createDirectory(target.resolveSibling("fetched"));
                    fetch.into(fetched);
                    ModelImporter.run(fetched, target, options);
                    FileTree.delete(fetched);
                },
                options);
    }

    private static LocatedModel cached(String key, String source, ModelCache.Builder builder, ImportOptions options) {
        CachedModel model = ModelCache.fromEnvironment().obtain(key, source, builder);
        return new LocatedModel(model.directory(), options.precision(), options.randomBlocks(), Optional.of(model));
    }

    /** The only place that knows how a model is imported if the user does not say. */
    private static ImportOptions importOptions(String name, ModelReference reference) {
        return new ImportOptions(
                name,
                Objects.requireNonNullElse(reference.precision(), Precision.FLOAT32),
                Objects.requireNonNullElse(reference.randomBlocks(), RandomBlocks.REFERENCE));
    }

    /** The last part of a path or URI, which is what people call a model. */
    private static String name(String location) {
        String trimmed = location.replaceAll("[/\\\\]+$", "");
        String last = trimmed.replaceAll("^.*[/\\\\:]", "");
        return last.isEmpty() ? "model" : last;
    }
}
