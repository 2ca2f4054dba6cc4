package io.github.longwing.hub;

import io.github.longwing.io.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/** The hash that an ETag of the Hub holds: SHA-256 for files in LFS, git's SHA-1 of a blob for others. */
enum ContentHash {
    SHA_256(64),
    GIT_SHA_1(40);

    private final int digits;

    ContentHash(int digits) {
        this.digits = digits;
    }

    /** Empty for an ETag of another kind, as mirrors may send, which does not describe the content. */
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
        return switch (this) {
            case SHA_256 -> Sha256.of(file);
            case GIT_SHA_1 -> gitBlob(file);
        };
    }

    private static String gitBlob(Path file) throws IOException {
        MessageDigest digest = sha1();
        digest.update(("blob " + Files.size(file) + "\0").getBytes(StandardCharsets.US_ASCII));
        try (InputStream bytes = new DigestInputStream(Files.newInputStream(file), digest)) {
            bytes.transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha1() {
        try {
            return MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-1", e);
        }
    }
}
