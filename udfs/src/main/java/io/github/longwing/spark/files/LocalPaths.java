package io.github.longwing.spark.files;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;

/** Whether what users name as an input is a local file, on any operating system. */
public final class LocalPaths {
    /** A scheme of one letter is a drive of Windows. */
    private static final Pattern URI = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:/.*", Pattern.DOTALL);

    private LocalPaths() {}

    /** Whether a path without a scheme means a local file. */
    public static boolean isDefault(Configuration hadoop) {
        return FileSystem.getDefaultUri(hadoop).getScheme().equals("file");
    }

    static boolean isUri(String path) {
        return URI.matcher(path).matches();
    }

    /** The local file of that very name, absolute; empty where there is none. */
    public static Optional<Path> existing(String path) {
        return existing(path, Path::of);
    }

    /** With the rule for names of a file system, which may refuse some: that of Windows refuses URIs. */
    static Optional<Path> existing(String path, Function<String, Path> names) {
        try {
            return Optional.of(names.apply(path))
                    .filter(named -> Files.exists(named, LinkOption.NOFOLLOW_LINKS))
                    .map(named -> named.toAbsolutePath().normalize());
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    /** A local path or a {@code file:} URI as a path with slashes, on Windows with its drive in front. */
    static String plain(String path, char separator) {
        String plain = path.replaceFirst("^file:/*(?=/)", "").replaceFirst("^file:", "");
        return separator == '/' ? plain : plain.replace(separator, '/').replaceFirst("^/+(?=[A-Za-z]:)", "");
    }

    /** A pattern of Hadoop that matches this file and no other. */
    public static String pattern(Path file) {
        return pattern(file.toString(), file.getFileSystem().getSeparator().charAt(0));
    }

    static String pattern(String absolute, char separator) {
        String slashed = separator == '/' ? absolute : absolute.replace(separator, '/');
        return "file:" + (slashed.startsWith("/") ? "" : "/") + slashed.replaceAll("[\\\\\\[\\]{}*?]", "\\\\$0");
    }
}
