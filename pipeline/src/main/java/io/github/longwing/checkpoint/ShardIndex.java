package io.github.longwing.checkpoint;

import com.google.gson.JsonElement;
import io.github.longwing.error.UserException;
import io.github.longwing.io.JsonFields;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The {@code .index.json} of a sharded checkpoint: which file holds which tensor. */
public final class ShardIndex {
    /** Far more than any checkpoint needs; keeps a hostile index from filling the heap. */
    private static final int MAX_BYTES = 16 << 20;

    private ShardIndex() {}

    /** The shard of every tensor, in the order of the index; shards are existing files beside it. */
    static Map<String, Path> read(Path index) {
        Map<String, Path> shards = new LinkedHashMap<>();
        fileNames(index).forEach((tensor, fileName) -> {
            Path shard = index.resolveSibling(fileName);
            if (!Files.isRegularFile(shard)) {
                throw new UserException("Cannot read " + index + ": its shard " + UntrustedText.text(fileName)
                        + " is missing, expected it beside the index; fetch the model again");
            }
            shards.put(tensor, shard);
        });
        return shards;
    }

    /** The name of every tensor's shard, which need not be there. */
    public static Map<String, String> fileNames(Path index) {
        requireReasonableSize(index);
        JsonFields json = JsonFields.read(index);
        JsonElement weightMap = json.find("weight_map")
                .filter(JsonElement::isJsonObject)
                .orElseThrow(() -> json.unexpected("weight_map", "missing", "an object of file names by tensor name"));
        Map<String, String> fileNames = new LinkedHashMap<>();
        weightMap.getAsJsonObject().entrySet().forEach(entry -> {
            JsonElement value = entry.getValue();
            if (!value.isJsonPrimitive() || !value.getAsJsonPrimitive().isString()) {
                throw json.unexpected(
                        "weight_map of " + UntrustedText.text(entry.getKey()), "not a text", "a file name");
            }
            requirePlain(index, value.getAsString(), entry.getKey());
            fileNames.put(entry.getKey(), value.getAsString());
        });
        return fileNames;
    }

    /** A name that leads elsewhere could make any file of the machine part of the model. */
    private static void requirePlain(Path index, String fileName, String tensor) {
        String shown = UntrustedText.text(fileName);
        try {
            Path name = Path.of(fileName);
            if (name.getRoot() != null || name.getNameCount() != 1 || fileName.isEmpty() || fileName.startsWith(".")) {
                throw new UserException("Cannot read " + index + ": the shard of " + UntrustedText.text(tensor) + " is "
                        + shown + ", expected the name of a file beside the index");
            }
        } catch (InvalidPathException e) {
            throw new UserException("Cannot read " + index + ": " + shown + " is not a file name", e);
        }
    }

    private static void requireReasonableSize(Path index) {
        try {
            if (Files.size(index) > MAX_BYTES) {
                throw new UserException("Cannot read " + index + ": it has " + Files.size(index)
                        + " bytes, expected at most " + MAX_BYTES + " for an index of shards");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + index, e);
        }
    }
}
