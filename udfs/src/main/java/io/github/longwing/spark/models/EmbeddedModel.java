package io.github.longwing.spark.models;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** The small model that the jar carries, as a transformers directory. */
public final class EmbeddedModel {
    static final String NAME = "starter-summarizer";

    private static final List<String> DESCRIPTION =
            List.of("config.json", "generation_config.json", "spiece.model");
    private static final List<String> FILES =
            List.of("config.json", "generation_config.json", "model.safetensors", "spiece.model");

    private EmbeddedModel() {}

    /** Changes with the files, so that a newer jar does not use the model of an older one in the cache. */
    static String contentHash() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[1 << 16];
            for (String file : FILES) {
                try (InputStream in = open(file)) {
                    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                        digest.update(buffer, 0, n);
                    }
                }
            }
            return HexFormat.of().formatHex(digest.digest(), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JVM has it
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the model that Longwing carries", e);
        }
    }

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
