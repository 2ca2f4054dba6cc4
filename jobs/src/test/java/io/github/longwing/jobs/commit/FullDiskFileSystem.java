package io.github.longwing.jobs.commit;

import java.io.IOException;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/** The local disk under another scheme, on which records of slices cannot be written from some time on. */
public final class FullDiskFileSystem extends RawLocalFileSystem {
    static final String SCHEME = "fulldisk";

    /** How many records of slices can be written still. */
    static final AtomicInteger RECORDS_LEFT = new AtomicInteger(Integer.MAX_VALUE);

    @Override
    public URI getUri() {
        return URI.create(SCHEME + ":///");
    }

    @Override
    public String getScheme() {
        return SCHEME;
    }

    @Override
    public FSDataOutputStream create(
            Path path,
            FsPermission permission,
            boolean overwrite,
            int bufferSize,
            short replication,
            long blockSize,
            Progressable progress)
            throws IOException {
        fail(path);
        return super.create(path, permission, overwrite, bufferSize, replication, blockSize, progress);
    }

    @Override
    public FSDataOutputStream create(
            Path path, boolean overwrite, int bufferSize, short replication, long blockSize, Progressable progress)
            throws IOException {
        fail(path);
        return super.create(path, overwrite, bufferSize, replication, blockSize, progress);
    }

    private static void fail(Path path) throws IOException {
        if (path.getParent().getName().equals("slices") && RECORDS_LEFT.getAndDecrement() <= 0) {
            throw new IOException("No space left on device");
        }
    }
}
