package io.github.longwing.jobs.input;

import io.github.longwing.error.UserException;
import io.github.longwing.jobs.conf.Redaction;
import io.github.longwing.spark.files.FileLister;
import io.github.longwing.spark.files.LocalPaths;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The input paths of a job, found to exist.
 *
 * @param forSpark what Spark's readers are given
 * @param found files and directories that the paths name
 */
public record InputPaths(List<String> forSpark, List<FileStatus> found) {
    public InputPaths {
        forSpark = List.copyOf(forSpark);
        found = List.copyOf(found);
    }

    public static InputPaths find(List<String> paths, Configuration hadoop) {
        List<String> forSpark = new ArrayList<>();
        List<FileStatus> found = new ArrayList<>();
        for (String path : paths) {
            try {
                String pattern = pattern(path, hadoop);
                FileStatus[] matches = matches(new Path(pattern), hadoop);
                if (matches == null || matches.length == 0) {
                    throw FileLister.missing(path);
                }
                forSpark.add(pattern);
                found.addAll(List.of(matches));
            } catch (FileNotFoundException e) {
                throw FileLister.missing(path);
            } catch (IOException | IllegalArgumentException e) {
                throw unreadable(path, e);
            }
        }
        return new InputPaths(forSpark, found);
    }

    /** Hadoop's globs fail where a name has a colon; then the folder stands for what is matched in it. */
    private static FileStatus[] matches(Path pattern, Configuration hadoop) throws IOException {
        FileSystem files = pattern.getFileSystem(hadoop);
        try {
            return files.globStatus(pattern);
        } catch (IllegalArgumentException e) {
            Path folder = pattern.getParent();
            if (folder == null) {
                throw e;
            }
            return matches(folder, hadoop);
        }
    }

    /** Whether a path is a table of Delta Lake, whose log says which of its files count. */
    static boolean isDelta(String path, Configuration hadoop) {
        try {
            Path log = new Path(pattern(path, hadoop), "_delta_log");
            return log.getFileSystem(hadoop).exists(log);
        } catch (IOException | IllegalArgumentException e) { // a pattern, or nothing that exists
            return false;
        }
    }

    /** A local file that exists is taken as it is named, whatever its name would mean as a pattern or a URI. */
    private static String pattern(String path, Configuration hadoop) {
        return LocalPaths.isDefault(hadoop)
                ? LocalPaths.existing(path).map(LocalPaths::pattern).orElse(path)
                : path;
    }

    private static UserException unreadable(String path, Exception e) {
        return new UserException(
                "Cannot read --input " + Redaction.show("input", path) + ": " + e.getMessage()
                        + ", expected a path or a URI that Hadoop's file systems read",
                e);
    }
}
