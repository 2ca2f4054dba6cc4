package io.github.longwing.spark.files;

import java.io.Serializable;
import java.net.URI;
import java.util.List;

/**
 * A file of the input.
 *
 * @param location for local files a URI whose escapes are the bytes of the name, so that names survive whatever charset
 *     the process believes in; for others what Hadoop calls the path
 * @param length in bytes, as it is stored
 * @param modified milliseconds since 1970
 * @param partition the values of the {@code key=value} folders, in the order of {@link FileListing#partitionColumns()};
 *     null where the file lies in no such folder
 */
public record SourceFile(String location, long length, long modified, List<String> partition) implements Serializable {
    private static final String LOCAL = "file:";

    /** Whether the file system of this machine has it. */
    public boolean isLocal() {
        return location.startsWith(LOCAL);
    }

    /** The path as users know it; for a local file without a scheme. */
    public String shown() {
        return isLocal() ? URI.create(location).getPath() : location;
    }

    /** The last part of the path. */
    public String name() {
        String path = shown();
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
