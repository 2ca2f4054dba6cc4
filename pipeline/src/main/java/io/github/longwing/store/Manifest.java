package io.github.longwing.store;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import io.github.longwing.config.Precision;
import io.github.longwing.config.RandomBlocks;
import io.github.longwing.error.UserException;
import io.github.longwing.io.JsonFields;
import io.github.longwing.io.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The list of a model directory's files, written last and checked before anything is loaded.
 *
 * @param name what the column {@code model} calls it
 * @param files by name relative to the directory
 */
record Manifest(
        String name,
        Precision precision,
        RandomBlocks randomBlocks,
        int decoderSlots,
        SortedMap<String, FileRecord> files) {
    static final String FILE_NAME = "longwing.json";

    /** Raised whenever graphs or layout change so that older directories must be imported again. */
    static final int FORMAT_VERSION = 5;

    private static final int FINGERPRINT_DIGITS = 12;
    private static final Logger LOG = LoggerFactory.getLogger(Manifest.class);

    /** Identity and hash of each file that this process has verified. */
    private static final Set<String> VERIFIED = ConcurrentHashMap.newKeySet();

    private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();

    /** Size in bytes and SHA-256 in hexadecimal. */
    record FileRecord(long bytes, String sha256) {
        private static FileRecord of(String file, JsonFields records) {
            JsonFields record = records.findObject(file)
                    .orElseThrow(() -> records.unexpected(file, null, "a record; import the model again"));
            return new FileRecord(
                    record.findLong("bytes").orElse(0L),
                    record.findString("sha256").orElse("missing"));
        }
    }

    /** Twelve hexadecimal digits that change with any file or option of the model. */
    String fingerprint() {
        StringBuilder all = new StringBuilder()
                .append(FORMAT_VERSION)
                .append(precision)
                .append(randomBlocks)
                .append(decoderSlots);
        files.forEach((file, record) -> all.append(file).append(record.sha256()));
        return Sha256.of(all.toString().getBytes(StandardCharsets.UTF_8)).substring(0, FINGERPRINT_DIGITS);
    }

    void write(Path directory) throws IOException {
        JsonObject json = new JsonObject();
        json.addProperty("format_version", FORMAT_VERSION);
        json.addProperty("name", name);
        json.addProperty("fingerprint", fingerprint());
        json.addProperty("precision", precision.configName());
        json.addProperty("random_blocks", randomBlocks.configName());
        json.addProperty("decoder_slots", decoderSlots);
        json.add("files", GSON.toJsonTree(files));
        Files.writeString(directory.resolve(FILE_NAME), GSON.toJson(json) + "\n");
    }

    static Manifest read(Path directory) {
        JsonFields json = JsonFields.read(directory.resolve(FILE_NAME));
        int version = json.findInt("format_version").orElse(0);
        if (version != FORMAT_VERSION) {
            throw json.unexpected(
                    "format_version", version, FORMAT_VERSION + "; import the model again with this Longwing");
        }
        SortedMap<String, FileRecord> files = new TreeMap<>();
        JsonFields entries = json.findObject("files")
                .orElseThrow(() -> json.unexpected("files", "missing", "an object; import the model again"));
        for (String file : entries.names()) {
            files.put(file, FileRecord.of(file, entries));
        }
        Manifest manifest = new Manifest(
                json.findString("name").orElse("model"),
                parse(Precision.class, json, "precision"),
                parse(RandomBlocks.class, json, "random_blocks"),
                json.findInt("decoder_slots").orElse(1),
                files);
        String recorded = json.findString("fingerprint").orElse("missing");
        if (!recorded.equals(manifest.fingerprint())) {
            throw json.unexpected(
                    "fingerprint", recorded, manifest.fingerprint() + "; the file was changed, import the model again");
        }
        return manifest;
    }

    /**
     * Compares every file with its record; a damaged or half-written directory is refused by the file's name. Files that
     * this process has verified are not read again while their identity stays the same.
     *
     * @return how many files were read
     */
    int verify(Path directory) {
        return files.entrySet().stream()
                .mapToInt(entry -> verify(directory, entry.getKey(), entry.getValue()))
                .sum();
    }

    private static int verify(Path directory, String file, FileRecord record) {
        Path path = directory.resolve(file);
        Optional<FileIdentity> identity = identity(path);
        Optional<String> verified = identity.map(found -> found.digest() + " " + record.sha256());
        if (verified.filter(VERIFIED::contains).isPresent()) {
            return 0;
        }
        FileRecord found = record(path);
        if (!found.equals(record)) {
            throw new UserException("Cannot load the model in " + directory + ": " + file + " has " + found.bytes()
                    + " bytes with SHA-256 " + found.sha256() + ", expected " + record.bytes() + " bytes with "
                    + record.sha256() + "; import the model again");
        }
        if (identity.filter(FileIdentity::isSettled).isPresent()) {
            VERIFIED.add(verified.orElseThrow());
        }
        return 1;
    }

    /** Taken before the file is read; empty for a file that is missing, which {@link #record} then reports. */
    private static Optional<FileIdentity> identity(Path file) {
        try {
            return Optional.of(FileIdentity.of(file));
        } catch (IOException e) {
            LOG.debug("Cannot identify {}", file, e);
            return Optional.empty();
        }
    }

    static FileRecord record(Path file) {
        try {
            return new FileRecord(Files.size(file), Sha256.of(file));
        } catch (IOException e) {
            throw new UserException(
                    "Cannot load the model in " + file.getParent() + ": " + file.getFileName() + " cannot be read (" + e
                            + "), expected a complete model directory; import the model again",
                    e);
        }
    }

    private static <E extends Enum<E>> E parse(Class<E> type, JsonFields json, String field) {
        String found = json.findString(field).orElse("missing");
        try {
            return Enum.valueOf(type, found.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            UserException unexpected =
                    json.unexpected(field, found, "one of " + java.util.Arrays.toString(type.getEnumConstants()));
            unexpected.initCause(e);
            throw unexpected;
        }
    }
}
