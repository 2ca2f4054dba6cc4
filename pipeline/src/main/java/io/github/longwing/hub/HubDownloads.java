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
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The models of Longwing's family that lie in the Hub's cache, whoever downloaded them. The cache belongs to Python
 * programs too; other models are left alone.
 */
public final class HubDownloads {
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

    /** Removes what {@link #list} gives, and gives what was removed. */
    public List<HubDownload> clear() {
        List<HubDownload> removed = list();
        for (String repository :
                new TreeSet<>(removed.stream().map(HubDownload::repository).toList())) {
            delete(cache.resolve(FOLDER_PREFIX + repository.replace("/", "--")));
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

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot remove " + folder, e);
        }
    }
}
