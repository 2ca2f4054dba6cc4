package io.github.longwing.jobs.output;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Where a file or directory really lies: symbolic links resolved, {@code .} and {@code ..} gone, different spellings of
 * a scheme made equal. Of a path that does not exist, the part that does is resolved.
 *
 * @param path absolute, without a slash at its end
 */
record RealLocation(String scheme, String authority, String path) {
    private static final String LOCAL = "file";
    private static final Set<String> S3 = Set.of("s3", "s3n", "s3a");
    private static final Set<String> AZURE = Set.of("abfs", "abfss");

    /** Databricks shows the files of its own system under these local directories too. */
    private static final String DBFS = "dbfs";

    private static final String DBFS_MOUNT = "/dbfs/";
    private static final String VOLUMES = "/Volumes/";

    static RealLocation of(Path named, Configuration hadoop) throws IOException {
        FileSystem fileSystem = named.getFileSystem(hadoop);
        Path qualified = fileSystem.makeQualified(named);
        URI uri = qualified.toUri();
        String scheme = Objects.requireNonNullElse(uri.getScheme(), LOCAL).toLowerCase(Locale.ROOT);
        if (scheme.equals(LOCAL)) {
            return of(new File(uri.getPath()).toPath());
        }
        URI resolved = resolved(fileSystem, qualified).toUri();
        return new RealLocation(
                kind(Objects.requireNonNullElse(resolved.getScheme(), scheme).toLowerCase(Locale.ROOT)),
                Objects.requireNonNullElse(resolved.getAuthority(), "").toLowerCase(Locale.ROOT),
                withoutSlash(resolved.getPath()));
    }

    /** Of a file of this machine. */
    static RealLocation of(java.nio.file.Path local) {
        String path = real(local.toAbsolutePath()).toString().replace(File.separatorChar, '/');
        if (path.startsWith(DBFS_MOUNT)) {
            return new RealLocation(DBFS, "", withoutSlash(path.substring(DBFS_MOUNT.length() - 1)));
        }
        return path.startsWith(VOLUMES) && Files.isDirectory(java.nio.file.Path.of(DBFS_MOUNT))
                ? new RealLocation(DBFS, "", withoutSlash(path))
                : new RealLocation(LOCAL, "", withoutSlash(path));
    }

    /** Whether the other is this place or lies below it. */
    boolean holds(RealLocation other) {
        return scheme.equals(other.scheme)
                && authority.equals(other.authority)
                && (other.path + "/").startsWith(path + "/");
    }

    boolean overlaps(RealLocation other) {
        return holds(other) || other.holds(this);
    }

    boolean isLocal() {
        return scheme.equals(LOCAL);
    }

    /** For messages: as users write it. */
    @Override
    public String toString() {
        String shown = path.isEmpty() ? "/" : path;
        return isLocal() ? shown : scheme + ":" + (authority.isEmpty() ? "" : "//" + authority) + shown;
    }

    private static Path resolved(FileSystem fileSystem, Path qualified) {
        try {
            return fileSystem.resolvePath(qualified);
        } catch (IOException | UnsupportedOperationException e) { // it does not exist, or links are unknown there
            return qualified;
        }
    }

    private static java.nio.file.Path real(java.nio.file.Path absolute) {
        java.nio.file.Path existing = absolute;
        while (existing != null) {
            try {
                java.nio.file.Path rest = existing.relativize(absolute);
                return existing.toRealPath().resolve(rest).normalize();
            } catch (IOException e) {
                existing = existing.getParent();
            }
        }
        return absolute.normalize();
    }

    private static String kind(String scheme) {
        return S3.contains(scheme) ? "s3a" : AZURE.contains(scheme) ? "abfs" : scheme;
    }

    private static String withoutSlash(String path) {
        return path.replaceAll("/+$", "");
    }
}
