package io.github.longwing.hub;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/** The hash that an ETag of the Hub is: SHA-256 for files in LFS, git's SHA-1 of a blob for others. */
enum ContentHash {
    SHA_256("SHA-256", 64),
    GIT_SHA_1("SHA-1", 40);

    private static final int BUFFER_BYTES = 1 << 20;

    private final String algorithm;
    private final int digits;

    ContentHash(String algorithm, int digits) {
        this.algorithm = algorithm;
        this.digits = digits;
    }

    /** Empty where the ETag is of another kind, as mirrors may send, and says nothing about the content. */
    static Optional<ContentHash> of(String etag) {
        for (ContentHash hash : values()) {
            if (etag.matches("[0-9a-f]{" + hash.digits + "}")) {
                return Optional.of(hash);
            }
        }
        return Optional.empty();
    }

    /** In lower-case hexadecimal digits. */
    String digest(Path file) throws IOException {
        MessageDigest digest = messageDigest();
        if (this == GIT_SHA_1) {
            digest.update(("blob " + Files.size(file) + "\0").getBytes(StandardCharsets.US_ASCII));
        }
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream bytes = Files.newInputStream(file)) {
            for (int n = bytes.read(buffer); n >= 0; n = bytes.read(buffer)) {
                digest.update(buffer, 0, n);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private MessageDigest messageDigest() {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has " + algorithm, e);
        }
    }
}
