package io.github.longwing.jobs.commit;

import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Renames on Hadoop file systems, which report failures in two ways and differ where the target exists. */
final class Moves {
    private static final Logger LOG = LoggerFactory.getLogger(Moves.class);

    private Moves() {}

    /** Into a name that nothing has, or that this file has already. */
    static void move(FileSystem fileSystem, Path from, Path to) throws IOException {
        fileSystem.mkdirs(to.getParent());
        if (!fileSystem.rename(from, to)) {
            throw new IOException("the file system does not move " + shown(from) + " to " + shown(to));
        }
    }

    /** In the place of what is there; in one step on local file systems. */
    static void replace(FileSystem fileSystem, Path from, Path to) throws IOException {
        boolean done;
        try {
            done = fileSystem.rename(from, to);
        } catch (FileAlreadyExistsException e) {
            done = false;
        }
        if (!done) { // HDFS and object stores refuse to rename onto a file
            fileSystem.delete(to, false);
            move(fileSystem, from, to);
        }
    }

    /**
     * Lets a file, or the names in a directory, outlive a loss of power, where the disk is one of this machine's. Other file
     * systems see to that when a file is closed.
     */
    static void flush(FileSystem fileSystem, Path path) throws IOException {
        if (!(fileSystem instanceof RawLocalFileSystem local)) {
            return;
        }
        File file = local.pathToFile(path);
        try (FileChannel channel = FileChannel.open(file.toPath(), StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            if (file.isFile()) {
                throw e;
            }
            LOG.debug("{} is not flushed: this system opens no directory", path, e);
        }
    }

    /** Without checksum files, which cannot be renamed together with their files. */
    static FileSystem withoutChecksums(FileSystem fileSystem) {
        return fileSystem instanceof LocalFileSystem local ? local.getRawFileSystem() : fileSystem;
    }

    /** The length of a file; -1 where there is none. */
    static long length(FileSystem fileSystem, Path path) throws IOException {
        try {
            return fileSystem.getFileStatus(path).getLen();
        } catch (FileNotFoundException e) {
            return -1;
        }
    }

    static String shown(Path path) {
        return "file".equals(path.toUri().getScheme()) ? path.toUri().getPath() : path.toString();
    }
}
