package io.github.longwing.jobs.input;

import io.github.longwing.error.UserException;
import io.github.longwing.jobs.conf.Redaction;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * The input paths of a job, found to exist.
 *
 * @param forSpark what Spark's readers are given
 * @param found files and directories that the paths name
 */
public record InputPaths(List<String> forSpark, List<FileStatus> found) {
    /** Enough to know a directory by. */
    private static final int MAX_FILES_EXAMINED = 1_000;

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
                Path hadoopPath = new Path(pattern);
                FileStatus[] matches = hadoopPath.getFileSystem(hadoop).globStatus(hadoopPath);
                if (matches == null || matches.length == 0) {
                    throw missing(path);
                }
                forSpark.add(pattern);
                found.addAll(List.of(matches));
            } catch (FileNotFoundException e) {
                throw missing(path);
            } catch (IOException | IllegalArgumentException e) {
                throw new UserException(
                        "Cannot read --input " + Redaction.show("input", path) + ": " + e.getMessage()
                                + ", expected a path or a URI that Hadoop's file systems read",
                        e);
            }
        }
        return new InputPaths(forSpark, found);
    }

    /** The format that the names of all files agree on. */
    String guessFormat(Configuration hadoop) {
        Map<String, FileStatus> formats = new LinkedHashMap<>();
        for (FileStatus status : found) {
            for (FileStatus file : filesToLookAt(status, hadoop)) {
                format(file, hadoop).ifPresent(format -> formats.putIfAbsent(format, file));
            }
        }
        String known = "a name that ends in .parquet, .json, .jsonl, .csv, .txt, .orc or .avro";
        if (formats.isEmpty()) {
            throw new UserException("Cannot guess the format of "
                    + Redaction.show("input", found.get(0).getPath().toString())
                    + ": expected " + known + "; name it with --format");
        }
        if (formats.size() > 1) {
            String list = formats.entrySet().stream()
                    .map(e -> e.getValue().getPath().getName() + " is " + e.getKey())
                    .collect(Collectors.joining(" and "));
            throw new UserException("Cannot guess the format of the input: " + list
                    + ", expected one format; name it with --format or give the files to runs of their own");
        }
        return formats.keySet().iterator().next();
    }

    /** The files of the input, as many as are needed to know it by. */
    List<FileStatus> filesToLookAt(Configuration hadoop) {
        return found.stream()
                .flatMap(status -> filesToLookAt(status, hadoop).stream())
                .filter(FileStatus::isFile)
                .toList();
    }

    /** Files without a byte, which Spark's readers pass over. */
    List<FileStatus> emptyFiles(Configuration hadoop) {
        List<FileStatus> empty = new ArrayList<>();
        for (FileStatus status : found) {
            try {
                FileStatus[] files = status.isFile()
                        ? new FileStatus[] {status}
                        : status.getPath().getFileSystem(hadoop).listStatus(status.getPath());
                Arrays.stream(files)
                        .filter(file -> file.isFile() && file.getLen() == 0 && !InputFile.isHidden(file))
                        .forEach(empty::add);
            } catch (IOException e) {
                throw unlistable(status, e);
            }
        }
        return empty;
    }

    private static List<FileStatus> filesToLookAt(FileStatus status, Configuration hadoop) {
        if (status.isFile() || isDelta(status, hadoop)) {
            return List.of(status);
        }
        List<FileStatus> files = new ArrayList<>();
        try {
            RemoteIterator<LocatedFileStatus> all =
                    status.getPath().getFileSystem(hadoop).listFiles(status.getPath(), true);
            while (all.hasNext() && files.size() < MAX_FILES_EXAMINED) {
                FileStatus file = all.next();
                if (!InputFile.isHidden(file)) {
                    files.add(file);
                }
            }
        } catch (IOException e) {
            throw unlistable(status, e);
        }
        return files;
    }

    private static UserException unlistable(FileStatus status, IOException e) {
        return new UserException(
                "Cannot read --input " + status.getPath() + ": " + e.getMessage()
                        + ", expected a directory that can be listed",
                e);
    }

    private static Optional<String> format(FileStatus status, Configuration hadoop) {
        return isDelta(status, hadoop)
                ? Optional.of("delta")
                : InputFile.format(status.getPath().getName());
    }

    private static boolean isDelta(FileStatus status, Configuration hadoop) {
        try {
            return status.isDirectory()
                    && status.getPath().getFileSystem(hadoop).exists(new Path(status.getPath(), "_delta_log"));
        } catch (IOException e) {
            throw new UserException("Cannot read --input " + status.getPath() + ": " + e.getMessage(), e);
        }
    }

    /** A local file that exists is taken as it is named, whatever its name would mean as a pattern or a URI. */
    private static String pattern(String path, Configuration hadoop) {
        boolean localByDefault = FileSystem.getDefaultUri(hadoop).getScheme().equals("file");
        return localByDefault && Files.exists(java.nio.file.Path.of(path))
                ? "file:"
                        + java.nio.file.Path.of(path)
                                .toAbsolutePath()
                                .normalize()
                                .toString()
                                .replaceAll("[\\\\\\[\\]{}*?]", "\\\\$0")
                : path;
    }

    private static UserException missing(String path) {
        return new UserException("Cannot read --input " + Redaction.show("input", path)
                + ": there is no such file or directory, expected one that exists; check the name");
    }
}
