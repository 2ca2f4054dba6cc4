package io.github.longwing.jobs.commit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.util.Arrays;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.util.Progressable;

/**
 * Local files under {@code faulty:} as a poor object store has them: renaming copies, refuses a name that exists, and fails
 * when a test says so.
 */
public final class FaultyFileSystem extends RawLocalFileSystem {
    private static volatile Fault fault = Fault.NONE;

    /** What goes wrong. */
    enum Fault {
        NONE,
        /** No file of rows takes its place. */
        RENAME_ROWS,
        /** Half of a file takes its place. */
        RENAME_HALF,
        /** Whether a name is free is looked at when its file is closed. */
        LATE_CREATE
    }

    /** From now on, in all instances. */
    static void fail(Fault how) {
        fault = how;
    }

    @Override
    public URI getUri() {
        return URI.create("faulty:///");
    }

    @Override
    public String getScheme() {
        return "faulty";
    }

    @Override
    public FileStatus getFileStatus(Path path) throws IOException {
        return withoutPermissions(super.getFileStatus(path));
    }

    @Override
    public FileStatus[] listStatus(Path path) throws IOException {
        return Arrays.stream(super.listStatus(path))
                .map(FaultyFileSystem::withoutPermissions)
                .toArray(FileStatus[]::new);
    }

    @Override
    public FSDataOutputStream create(
            Path path, boolean overwrite, int bufferSize, short replication, long blockSize, Progressable progress)
            throws IOException {
        if (fault != Fault.LATE_CREATE || overwrite || !exists(path)) {
            return super.create(path, overwrite, bufferSize, replication, blockSize, progress);
        }
        OutputStream refused = new ByteArrayOutputStream() {
            @Override
            public void close() throws IOException {
                throw new IOException(path + " is there, status 412");
            }
        };
        return new FSDataOutputStream(refused, /* statistics */ null);
    }

    /** Hadoop asks the system for the permissions of a path that must begin with file:. */
    private static FileStatus withoutPermissions(FileStatus status) {
        return new FileStatus(
                status.getLen(),
                status.isDirectory(),
                status.getReplication(),
                status.getBlockSize(),
                status.getModificationTime(),
                status.getPath());
    }

    @Override
    public boolean rename(Path from, Path to) throws IOException {
        if (!getFileStatus(from).isFile()) {
            return super.rename(from, to);
        }
        if (exists(to)) {
            return false;
        }
        if (to.getName().endsWith(".parquet") && (fault == Fault.RENAME_ROWS || fault == Fault.RENAME_HALF)) {
            if (fault == Fault.RENAME_HALF) {
                copy(from, to, getFileStatus(from).getLen() / 2);
            }
            throw new IOException("the store does not answer");
        }
        copy(from, to, getFileStatus(from).getLen());
        return delete(from, false);
    }

    private void copy(Path from, Path to, long bytes) throws IOException {
        try (var in = open(from);
                var out = create(to, /* overwrite */ true)) {
            out.write(in.readNBytes((int) bytes));
        }
    }
}
