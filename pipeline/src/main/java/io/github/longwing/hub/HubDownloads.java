package io.github.longwing.hub;

import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.github.longwing.checkpoint.ModelFiles;
import io.github.longwing.config.BigBirdPegasusConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The models of Longwing's family in the Hub's cache, whichever program downloaded them. Python programs share the
 * cache; other models are left alone.
 */
public final class HubDownloads {
    private static final Logger LOG = LoggerFactory.getLogger(HubDownloads.class);
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
     * Removes what {@link #list} gives, and gives what was removed. A repository that is being downloaded, by Longwing or
     * by a Python program that locks its files as Longwing does, is left alone, and the log says so.
     */
    public List<HubDownload> clear() {
        List<HubDownload> removed = new ArrayList<>();
        for (Map.Entry<String, List<HubDownload>> found : list().stream()
                .collect(Collectors.groupingBy(HubDownload::repository, TreeMap::new, Collectors.toList()))
                .entrySet()) {
            try {
                if (new HubCache(cache, found.getKey()).delete()) {
                    removed.addAll(found.getValue());
                } else {
                    LOG.warn("{} is being downloaded, so it is not removed", found.getKey());
                }
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot remove " + found.getKey() + " from " + cache, e);
            }
        }
        return removed;
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
