package io.github.longwing.store;

import io.github.longwing.io.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;

/**
 * Everything by which the file system tells that a file is still the same: path, size, times and inode.
 *
 * @param digest SHA-256 over them, fit for a file name
 * @param bytes the size of the file
 * @param lastModified when its content was changed last
 */
record FileIdentity(String digest, long bytes, Instant lastModified) {
    /** A file that changes again within the granularity of its times keeps its identity. */
    private static final Duration SETTLED = Duration.ofSeconds(2);

    static FileIdentity of(Path file) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        String changed = file.getFileSystem().supportedFileAttributeViews().contains("unix")
                ? Files.getAttribute(file, "unix:ctime").toString()
                : "";
        String identity = String.join(
                "\n",
                file.toRealPath().toString(),
                Long.toString(attributes.size()),
                attributes.lastModifiedTime().toString(),
                changed,
                String.valueOf(attributes.fileKey()));
        return new FileIdentity(
                Sha256.of(identity.getBytes(StandardCharsets.UTF_8)),
                attributes.size(),
                attributes.lastModifiedTime().toInstant());
    }

    /** Whether any later change of the file changes its identity. */
    boolean isSettled() {
        return lastModified.isBefore(Instant.now().minus(SETTLED));
    }
}
