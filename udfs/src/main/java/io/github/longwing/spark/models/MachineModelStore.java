package io.github.longwing.spark.models;

import io.github.longwing.config.Precision;
import io.github.longwing.config.RandomBlocks;
import io.github.longwing.hub.HubId;
import io.github.longwing.hub.HubModel;
import io.github.longwing.hub.ModelHub;
import io.github.longwing.spark.options.ModelReference;
import io.github.longwing.store.ImportOptions;
import io.github.longwing.store.ModelCache;
import io.github.longwing.store.ModelDirectory;
import io.github.longwing.store.ModelImporter;
import io.github.longwing.store.ModelKey;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * The models of this machine: the cache, filled once by whichever process comes first. Where cache and Hub are is what
 * the environment says, and neither is touched before it is needed.
 */
final class MachineModelStore implements ModelStore {

    @Override
    public Optional<String> pinHubId(String text) {
        return HubId.parse(text)
                .map(ModelHub.fromEnvironment()::resolve)
                .map(model -> new HubId(model.id().repository(), model.commit()).toString());
    }

    @Override
    public LocatedModel embedded(ModelReference reference) {
        ImportOptions options = importOptions(EmbeddedModel.NAME, reference);
        String key = EmbeddedModel.NAME + "-" + EmbeddedModel.contentHash() + "-" + options.version();
        return imported(key, "the model that Longwing carries", EmbeddedModel::copyTo, options);
    }

    @Override
    public LocatedModel fromDirectory(Path directory, ModelReference reference) {
        if (ModelDirectory.isModelDirectory(directory)) {
            requireSettings(directory, reference);
            return LocatedModel.ofUser(directory);
        }
        ImportOptions options = importOptions(name(directory.toString()), reference);
        ModelCache cache = ModelCache.fromEnvironment();
        String key = ModelKey.of(directory, cache) + "-" + options.version();
        return LocatedModel.of(
                cache.obtain(key, directory.toString(), target -> ModelImporter.run(directory, target, options)));
    }

    @Override
    public LocatedModel fromRemote(RemoteDirectory remote, ModelReference reference) {
        if (remote.isModelDirectory()) {
            LocatedModel copy = cached(remote.version(), remote.uri(), remote::copyTo);
            try {
                requireSettings(copy.directory(), reference);
                return copy;
            } catch (RuntimeException e) {
                copy.close();
                throw e;
            }
        }
        ImportOptions options = importOptions(name(remote.uri()), reference);
        return imported(remote.version() + "-" + options.version(), remote.uri(), remote::copyTo, options);
    }

    @Override
    public LocatedModel fromHub(String pinned, ModelReference reference) {
        ModelHub hub = ModelHub.fromEnvironment();
        HubModel model = hub.resolve(HubId.parse(pinned).orElseThrow());
        ImportOptions options = importOptions(model.id().repository(), reference);
        String repository = model.id().repository().replaceAll("[^A-Za-z0-9]", "-");
        return cached(
                "hub-" + repository + "-" + model.commit() + "-" + options.version(),
                pinned,
                target -> ModelImporter.run(hub.download(model), target, options));
    }

    private interface Fetch {
        void into(Path emptyDirectory) throws IOException;
    }

    /** Imports what has to be fetched first, and keeps no second copy of it. */
    private static LocatedModel imported(String key, String source, Fetch fetch, ImportOptions options) {
        return cached(key, source, target -> {
            Path fetched = Files.createDirectory(target.resolveSibling("fetched")); // goes with the rest on a failure
            fetch.into(fetched);
            ModelImporter.run(fetched, target, options);
            deleteFlat(fetched);
        });
    }

    private static LocatedModel cached(String key, String source, ModelCache.Builder builder) {
        return LocatedModel.of(ModelCache.fromEnvironment().obtain(key, source, builder));
    }

    private static ImportOptions importOptions(String name, ModelReference reference) {
        return new ImportOptions(
                name,
                Objects.requireNonNullElse(reference.precision(), Precision.FLOAT32),
                Objects.requireNonNullElse(reference.randomBlocks(), RandomBlocks.REFERENCE));
    }

    private static void requireSettings(Path modelDirectory, ModelReference reference) {
        ModelDirectory.requireSettings(
                modelDirectory,
                Optional.ofNullable(reference.precision()),
                Optional.ofNullable(reference.randomBlocks()));
    }

    /** The last part of a path or URI, which is what people call a model. */
    private static String name(String location) {
        String trimmed = location.replaceAll("[/\\\\]+$", "");
        String last = trimmed.replaceAll("^.*[/\\\\:]", "");
        return last.isEmpty() ? "model" : last;
    }

    private static void deleteFlat(Path directory) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }
}
