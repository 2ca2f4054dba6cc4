package io.github.longwing.spark.models;

import io.github.longwing.io.Sha256;
import io.github.longwing.spark.options.EmbeddedModel;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The files of a model that the jar carries, those of a transformers directory. */
public final class EmbeddedFiles {
    /** 128 bits. */
    private static final int HASH_DIGITS = 32;

    private static final List<String> DESCRIPTION = List.of("config.json", "generation_config.json", "spiece.model");
    private static final List<String> FILES =
            List.of("config.json", "generation_config.json", "model.safetensors", "spiece.model");

    /** Computed once for each process, when first asked for. */
    private static final Map<EmbeddedModel, String> HASHES = new ConcurrentHashMap<>();

    private final EmbeddedModel model;

    public EmbeddedFiles(EmbeddedModel model) {
        this.model = model;
    }

    /** Changes with the files, so that a newer jar does not use the model of an older one in the cache. */
    String contentHash() {
        return HASHES.computeIfAbsent(model, unused -> {
            List<InputStream> streams = FILES.stream().map(this::open).toList();
            try (InputStream all = new SequenceInputStream(Collections.enumeration(streams))) {
                return Sha256.of(all).substring(0, HASH_DIGITS);
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot read the model that Longwing carries", e);
            }
        });
    }

    /** Copies all files into an empty directory. */
    public void copyTo(Path directory) throws IOException {
        copy(FILES, directory);
    }

    /** Without the weights. */
    void copyDescriptionTo(Path directory) throws IOException {
        copy(DESCRIPTION, directory);
    }

    private void copy(List<String> files, Path directory) throws IOException {
        for (String file : files) {
            try (InputStream in = open(file)) {
                Files.copy(in, directory.resolve(file));
            }
        }
    }

    private InputStream open(String file) {
        String resource = "/io/github/longwing/models/" + model.modelName() + "/" + file;
        InputStream in = EmbeddedFiles.class.getResourceAsStream(resource);
        if (in == null) {
            throw new IllegalStateException("The jar of Longwing has no " + resource + ", it was not built completely");
        }
        return in;
    }
}
