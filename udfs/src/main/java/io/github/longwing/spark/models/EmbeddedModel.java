package io.github.longwing.spark.models;

import io.github.longwing.io.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;

/** The small model that the jar carries, as a transformers directory. */
public final class EmbeddedModel {
    static final String NAME = "starter-summarizer";

    /** 128 bits. */
    private static final int HASH_DIGITS = 32;

    private static final List<String> DESCRIPTION = List.of("config.json", "generation_config.json", "spiece.model");
    private static final List<String> FILES =
            List.of("config.json", "generation_config.json", "model.safetensors", "spiece.model");

    private EmbeddedModel() {}

    /** Changes with the files, so that a newer jar does not use the model of an older one in the cache. */
    static String contentHash() {
        return ContentHash.VALUE;
    }

    /** Computed once for each process, when it is first used. */
    private static final class ContentHash {
        static final String VALUE = compute();

        private static String compute() {
            List<InputStream> streams = FILES.stream().map(EmbeddedModel::open).toList();
            try (InputStream all = new SequenceInputStream(Collections.enumeration(streams))) {
                return Sha256.of(all).substring(0, HASH_DIGITS);
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot read the model that Longwing carries", e);
            }
        }
    }

    /** Copies all files into an empty directory. */
    public static void copyTo(Path directory) throws IOException {
        copy(FILES, directory);
    }

    /** Without the weights. */
    static void copyDescriptionTo(Path directory) throws IOException {
        copy(DESCRIPTION, directory);
    }

    private static void copy(List<String> files, Path directory) throws IOException {
        for (String file : files) {
            try (InputStream in = open(file)) {
                Files.copy(in, directory.resolve(file));
            }
        }
    }

    private static InputStream open(String file) {
        String resource = "/io/github/longwing/models/" + NAME + "/" + file;
        InputStream in = EmbeddedModel.class.getResourceAsStream(resource);
        if (in == null) {
            throw new IllegalStateException("The jar of Longwing has no " + resource + ", it was not built completely");
        }
        return in;
    }
}
