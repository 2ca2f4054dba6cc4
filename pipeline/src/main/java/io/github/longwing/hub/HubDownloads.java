package io.github.longwing.hub;

import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.github.longwing.checkpoint.ModelFiles;
import io.github.longwing.config.BigBirdPegasusConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The models of Longwing's family that lie in the Hub's cache, whoever downloaded them. The cache belongs to Python
 * programs too: other models are left alone, and of these only what Longwing fetched itself is removed.
 */
public final class HubDownloads {
    private static final Logger LOG = LoggerFactory.getLogger(HubDownloads.class);

    /** The directory of a repository with a note for each blob that Longwing fetched. */
    static final String OWN_BLOBS = ".longwing";

    private static final String FOLDER_PREFIX = "models--";

    private final Path cache;

    public HubDownloads(HubOptions settings) {
        this.cache = settings.cache();
    }

    /** Every commit, by repository. */
    public List<HubDownload> list() {
        List<HubDownload> downloads = new ArrayList<>();
        for (Path folder : children(cache)) {
            if (!folder.getFileName().toString().startsWith(FOLDER_PREFIX)) {
                continue;
            }
            for (Path snapshot : children(folder.resolve("snapshots"))) {
                if (isOfTheFamily(snapshot)) {
                    downloads.add(new HubDownload(
                            repository(folder), snapshot.getFileName().toString(), bytes(snapshot)));
                }
            }
        }
        return downloads;
    }

    /**
     * Removes of the models that {@link #list} gives the files that Longwing fetched, and gives the commits of which
     * nothing is left. What other programs fetched stays, and what they link to. A repository that Longwing is
     * downloading, or whose locks another program holds, is left alone, and the log says so.
     */
    public List<HubDownload> clear() {
        List<HubDownload> before = list();
        for (String repository :
                new TreeSet<>(before.stream().map(HubDownload::repository).toList())) {
            try {
                Path folder = cache.resolve(FOLDER_PREFIX + repository.replace("/", "--"));
                if (!new HubCache(cache, repository).runAlone(() -> removeOwn(folder))) {
                    LOG.warn("{} is being downloaded, so it is not removed", repository);
                }
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot remove downloads of " + repository, e);
            }
        }
        List<HubDownload> after = list();
        return before.stream()
                .filter(download -> after.stream()
                        .noneMatch(left -> left.repository().equals(download.repository())
                                && left.commit().equals(download.commit())))
                .toList();
    }

    /** A link to a blob of Longwing's own goes, then the blob once nothing links to it, then what is empty. */
    private static void removeOwn(Path folder) throws IOException {
        Path notes = folder.resolve(OWN_BLOBS);
        Path blobs = folder.resolve("blobs");
        Set<Path> own = new HashSet<>();
        children(notes)
                .forEach(note -> own.add(
                        blobs.resolve(note.getFileName()).toAbsolutePath().normalize()));
        List<Path> links = links(folder.resolve("snapshots"));
        for (Path link : links) {
            if (own.contains(target(link))) {
                Files.delete(link);
            }
        }
        Set<Path> linked = new HashSet<>();
        for (Path link : links(folder.resolve("snapshots"))) {
            linked.add(target(link));
        }
        for (Path blob : own) {
            if (!linked.contains(blob)) {
                Files.deleteIfExists(blob);
                Files.deleteIfExists(notes.resolve(blob.getFileName()));
            }
        }
        for (Path snapshot : children(folder.resolve("snapshots"))) {
            if (removeEmpty(snapshot)) {
                forget(folder, snapshot.getFileName().toString());
            }
        }
        for (String part : List.of("snapshots", "blobs", "refs", ".no_exist", OWN_BLOBS)) {
            removeEmpty(folder.resolve(part));
        }
        removeEmpty(folder);
    }

    /** What the cache knows of a commit that is not there any more. */
    private static void forget(Path folder, String commit) throws IOException {
        for (Path absent : children(folder.resolve(".no_exist").resolve(commit))) {
            Files.delete(absent);
        }
        removeEmpty(folder.resolve(".no_exist").resolve(commit));
        for (Path ref : children(folder.resolve("refs"))) {
            if (Files.isRegularFile(ref) && Files.readString(ref).strip().equals(commit)) {
                Files.delete(ref);
            }
        }
    }

    private static List<Path> links(Path snapshots) throws IOException {
        if (!Files.isDirectory(snapshots)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(snapshots)) {
            return files.filter(Files::isSymbolicLink).toList();
        }
    }

    private static Path target(Path link) throws IOException {
        return link.getParent()
                .resolve(Files.readSymbolicLink(link))
                .toAbsolutePath()
                .normalize();
    }

    private static boolean removeEmpty(Path directory) throws IOException {
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)
                || !children(directory).isEmpty()) {
            return false;
        }
        Files.delete(directory);
        return true;
    }

    private static String repository(Path folder) {
        String name = folder.getFileName().toString().substring(FOLDER_PREFIX.length());
        return name.replaceFirst("--", "/");
    }

    private static boolean isOfTheFamily(Path snapshot) {
        Path config = snapshot.resolve(ModelFiles.CONFIG);
        if (!Files.isRegularFile(config)) {
            return false;
        }
        try {
            JsonElement json = JsonParser.parseString(Files.readString(config));
            JsonElement type = json.isJsonObject() ? json.getAsJsonObject().get("model_type") : null;
            return type != null && type.isJsonPrimitive() && type.getAsString().equals(BigBirdPegasusConfig.MODEL_TYPE);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + config, e);
        } catch (JsonParseException e) { // some other program's
            return false;
        }
    }

    private static long bytes(Path snapshot) {
        return children(snapshot).stream()
                .filter(Files::isRegularFile)
                .mapToLong(HubDownloads::size)
                .sum();
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file, e);
        }
    }

    private static List<Path> children(Path directory) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(directory)) {
            return children.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot list " + directory, e);
        }
    }
}
