package io.github.longwing.spark.models;

import io.github.longwing.error.UserException;
import io.github.longwing.spark.options.ModelReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Finds the files of a model. A location is, in this order: an existing path; a URI with a scheme; a Hub id; else an
 * error. Thread-safe.
 */
public final class ModelLocator {
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

    /**
     * On the driver: decides which form a location has, so that it means the same on every executor. A path becomes
     * absolute, the revision of a Hub id becomes a commit, a URI is looked at.
     *
     * @throws UserException if the location names nothing
     */
    public ModelReference pin(ModelReference reference) {
        String location = reference.location();
        if (location == null) {
            return reference;
        }
        Optional<Path> path = existingPath(location);
        if (path.isPresent()) {
            return reference.movedTo(path.get().toAbsolutePath().normalize().toString());
        }
        if (hasScheme(location)) {
            RemoteDirectory unused = RemoteDirectory.list(location);
            return reference;
        }
        return reference.movedTo(store.pinHubId(location).orElseThrow(() -> unknown(location)));
    }

    /**
     * On any machine: the model directory of a reference; copied, downloaded, imported where it is not in the cache of
     * this machine. May take minutes.
     *
     * @throws UserException if there is no such model, or it cannot be used
     */
    public LocatedModel locate(ModelReference reference) {
        String location = reference.location();
        if (location == null) {
            return store.embedded(reference);
        }
        Optional<Path> path = existingPath(location);
        if (path.isPresent()) {
            return store.fromDirectory(path.get().toAbsolutePath().normalize(), reference);
        }
        if (hasScheme(location)) {
            return store.fromRemote(RemoteDirectory.list(location), reference);
        }
        return store.pinHubId(location)
                .map(pinned -> store.fromHub(pinned, reference))
                .orElseThrow(() -> unknown(location));
    }

    private static Optional<Path> existingPath(String location) {
        if (location.isBlank()) {
            return Optional.empty(); // as a path it would be the working directory
        }
        Optional<Path> existing = path(location).filter(Files::exists);
        existing.filter(path -> !Files.isDirectory(path)).ifPresent(path -> {
            throw new UserException("Cannot use the model " + location
                    + ": it is a file, expected a model directory or a transformers directory");
        });
        return existing;
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
