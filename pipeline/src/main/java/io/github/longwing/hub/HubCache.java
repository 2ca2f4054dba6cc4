package io.github.longwing.hub;

import io.github.longwing.checkpoint.CheckpointFormat;
import io.github.longwing.checkpoint.ModelFiles;
import io.github.longwing.checkpoint.ShardIndex;
import io.github.longwing.error.UserException;
import io.github.longwing.io.ProcessLock;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of one repository in the layout of huggingface_hub, which Python programs share:
 *
 * <pre>
 * models--owner--name/refs/REVISION            the commit that a branch or tag stood for
 *                     blobs/ETAG               the files by content
 *                     snapshots/COMMIT/NAME    links to blobs
 *                     .no_exist/COMMIT/NAME    files that the commit is known not to have
 *                     .longwing/ETAG           the blobs that Longwing fetched; all others are not its to delete
 * .locks/models--owner--name/ETAG.lock         held while a blob is downloaded
 *                           /longwing.lock     shared while Longwing downloads, held alone to delete the repository
 * </pre>
 */
final class HubCache {
    private static final Logger LOG = LoggerFactory.getLogger(HubCache.class);
    private static final String FOLDER_SEPARATOR = "--";
    private static final String REPOSITORY_LOCK = "longwing.lock";

    private final Path repository;
    private final Path locks;

    HubCache(Path cache, String repositoryId) {
        String folder = ("models/" + repositoryId).replace("/", FOLDER_SEPARATOR);
        this.repository = cache.resolve(folder);
        this.locks = cache.resolve(".locks").resolve(folder);
    }

    Path snapshot(String commit) {
        return repository.resolve("snapshots").resolve(commit);
    }

    Path blob(String etag) {
        return repository.resolve("blobs").resolve(etag);
    }

    /** The part of a blob that has been received. */
    Path incompleteBlob(String etag) {
        return repository.resolve("blobs").resolve(etag + ".incomplete");
    }

    Path lock(String etag) {
        return locks.resolve(etag + ".lock");
    }

    /**
     * Keeps {@link #runAlone} from the repository until the lock is closed; no lock where the cache is read-only, and so
     * safe from deletion.
     */
    Optional<ProcessLock> lockForDownload() throws IOException {
        try {
            return Optional.of(ProcessLock.shared(locks.resolve(REPOSITORY_LOCK)));
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            LOG.debug("Cannot lock {}", repository, e);
            return Optional.empty();
        }
    }

    /** Changes the files of a repository. */
    interface Change {
        void run() throws IOException;
    }

    /** Runs a change unless the repository is being downloaded; false where it is. */
    boolean runAlone(Change change) throws IOException {
        List<ProcessLock> held = new ArrayList<>();
        try {
            List<Path> all = new ArrayList<>(List.of(locks.resolve(REPOSITORY_LOCK)));
            all.addAll(blobLocks());
            for (Path file : all) {
                Optional<ProcessLock> lock = ProcessLock.tryExclusive(file);
                if (lock.isEmpty()) {
                    return false;
                }
                held.add(lock.get());
            }
            change.run();
            return true;
        } finally {
            held.forEach(ProcessLock::close);
        }
    }

    private List<Path> blobLocks() throws IOException {
        if (!Files.isDirectory(locks)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(locks)) {
            return files.filter(file -> !file.endsWith(REPOSITORY_LOCK))
                    .sorted()
                    .toList();
        }
    }

    /** The commit that the revision stood for when it was last resolved. */
    Optional<String> commit(String revision) {
        Path ref = repository.resolve("refs").resolve(revision);
        if (!Files.isRegularFile(ref)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Files.readString(ref).strip()).filter(HubId::isCommit);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + ref, e);
        }
    }

    /** Does nothing in a cache that is read-only: the model can be used without. */
    void rememberCommit(String revision, String commit) {
        if (commit(revision).equals(Optional.of(commit))) {
            return;
        }
        Path ref = repository.resolve("refs").resolve(revision);
        try {
            Files.createDirectories(ref.getParent());
            Path fresh = fresh(ref);
            Files.writeString(fresh, commit);
            Files.move(fresh, ref, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            LOG.info("Cannot remember in {} that {} is {}: {}", ref, revision, commit, e.toString());
        }
    }

    void rememberAbsent(String commit, String name) {
        Path marker = absence(commit, name);
        if (!Files.exists(marker)) {
            writing(marker, () -> {
                Files.createDirectories(marker.getParent());
                Files.write(marker, new byte[0]);
            });
        }
    }

    /** Notes that Longwing fetched a blob, so that it may delete it one day. */
    void rememberOwn(String etag) {
        Path note = repository.resolve(HubDownloads.OWN_BLOBS).resolve(etag);
        try {
            Files.createDirectories(note.getParent());
            Files.write(note, new byte[0]);
        } catch (IOException e) {
            LOG.info("Cannot note in {} that Longwing fetched it: {}", note, e.toString());
        }
    }

    /** Whether the file is there, with its content. */
    boolean has(String commit, String name) {
        return Files.isRegularFile(snapshot(commit).resolve(name));
    }

    boolean isKnownAbsent(String commit, String name) {
        return Files.exists(absence(commit, name));
    }

    /** Whether config.json and all weights of the commit are in the cache. */
    boolean hasModel(String commit) {
        return has(commit, ModelFiles.CONFIG) && hasWeights(commit);
    }

    /** Whether all files of the commit that Longwing reads are in the cache. */
    boolean isComplete(String commit) {
        return hasModel(commit) && hasDescription(commit);
    }

    /** Whether all files but the weights are here, or known not to exist. */
    boolean hasDescription(String commit) {
        return ModelFiles.SMALL.stream().allMatch(name -> has(commit, name) || isKnownAbsent(commit, name));
    }

    /** Makes the blob a file of the snapshot, by a link where the file system knows them. */
    void link(String commit, HubFile file) {
        Path name = snapshot(commit).resolve(file.name());
        Path blob = blob(file.etag());
        writing(name, () -> {
            Files.createDirectories(name.getParent());
            Path fresh = fresh(name);
            Files.deleteIfExists(fresh);
            try {
                Files.createSymbolicLink(fresh, name.getParent().relativize(blob));
            } catch (UnsupportedOperationException | IOException e) {
                Files.copy(blob, fresh);
            }
            Files.move(fresh, name, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        });
    }

    /** The commits that are here, for messages. */
    List<String> commits() {
        Path snapshots = repository.resolve("snapshots");
        if (!Files.isDirectory(snapshots)) {
            return List.of();
        }
        try (var list = Files.list(snapshots)) {
            return new ArrayList<>(
                    new TreeSet<>(list.map(p -> p.getFileName().toString()).toList()));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot list " + snapshots, e);
        }
    }

    private boolean hasWeights(String commit) {
        for (CheckpointFormat format : CheckpointFormat.values()) {
            if (has(commit, format.fileName())) {
                return true;
            }
            if (has(commit, format.indexName())) {
                Path index = snapshot(commit).resolve(format.indexName());
                return ShardIndex.fileNames(index).values().stream().allMatch(shard -> has(commit, shard));
            }
        }
        return false;
    }

    private Path absence(String commit, String name) {
        return repository.resolve(".no_exist").resolve(commit).resolve(name);
    }

    /** A name that no other thread uses, beside the file that it will become. */
    private static Path fresh(Path file) {
        return file.resolveSibling("." + file.getFileName() + "."
                + ProcessHandle.current().pid() + "-" + Thread.currentThread().getId() + ".tmp");
    }

    private interface Writing {
        void run() throws IOException;
    }

    private static void writing(Path path, Writing writing) {
        try {
            writing.run();
        } catch (IOException e) {
            throw notWritable(path, e);
        }
    }

    static UserException notWritable(Path path, IOException cause) {
        return new UserException(
                "Cannot write " + path + ": " + cause
                        + ", expected a writable cache of models; set HF_HOME to a directory with room",
                cause);
    }
}
