package io.github.longwing.jobs.console;

import java.io.FileNotFoundException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What went wrong with files, in words of the user's: no names of classes, no numbers of tasks. */
public final class FileFailure {
    private static final Pattern FULL = Pattern.compile(
            "(?i)no space left on device|disk quota exceeded|not enough space on the disk|quota of .{0,200} is exceeded|"
                    + "DSQuotaExceededException");
    private static final Pattern NOT_CREATED = Pattern.compile("Mkdirs failed to create (\\S+)");
    private static final Pattern DENIED = Pattern.compile(
            "(\\S+) \\(Permission denied\\)|AccessDeniedException: (\\S+)|Permission denied: ([^\\n]{1,200})");
    private static final Pattern READ_ONLY = Pattern.compile("(?i)(\\S+) ?[:(] ?read-only file system");

    /** Spark's words for a file that was there when the run began. */
    private static final Pattern GONE =
            Pattern.compile("FAILED_READ_FILE\\.FILE_NOT_EXIST\\][^\\n]*? (?:reading file|file) ([^\\s]+?)\\.?(?:\\s|$)"
                    + "|(?:File|Path) (\\S+) does not exist");

    private static final Pattern UNREADABLE =
            Pattern.compile("FAILED_READ_FILE\\.[A-Z_]+\\][^\\n]*? while reading file ([^\\s]+?)\\.?(?:\\s|$)");

    private FileFailure() {}

    /** Why a file could not be read or written, without the name of a class. */
    public static String reason(Throwable failure) {
        if (failure instanceof NoSuchFileException || failure instanceof FileNotFoundException) {
            return "there is no such file or directory";
        }
        if (failure instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (failure instanceof CharacterCodingException) {
            return "it is not UTF-8";
        }
        if (failure instanceof FileSystemException system && system.getReason() != null) {
            return system.getReason().toLowerCase(Locale.ROOT);
        }
        return Failures.firstLine(failure);
    }

    /** A whole sentence about a job that a file or disk has ended; empty where it was something else. */
    public static Optional<String> sentence(Throwable failure) {
        StringBuilder messages = new StringBuilder();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            messages.append(cause instanceof AccessDeniedException ? "AccessDeniedException: " : "")
                    .append(cause.getMessage())
                    .append('\n');
        }
        String all = messages.toString();
        if (FULL.matcher(all).find()) {
            return Optional.of("Cannot write the result: there is no space left on the disk of the output or of Spark's"
                    + " temporary files, expected room for both; make room, or name other places with --output and"
                    + " --conf spark.local.dir=DIRECTORY");
        }
        return found(READ_ONLY, all)
                .map(path -> "Cannot write the result: " + path + " lies on a file system that is read-only, expected"
                        + " one that can be written; name another --output")
                .or(() -> found(NOT_CREATED, all)
                        .map(path -> "Cannot write the result: the directory " + path + " cannot be made, expected a"
                                + " place that can be written; mend its permissions or name another --output"))
                .or(() -> found(DENIED, all)
                        .map(path -> "Cannot go on: permission is denied for " + path
                                + ", expected files and directories that this user may use; mend their permissions"))
                .or(() -> found(GONE, all)
                        .map(path -> "Cannot go on: " + path + " is gone since the run began, expected it to stay until"
                                + " the end; run again once nothing changes it"))
                .or(() -> found(UNREADABLE, all)
                        .map(path -> "Cannot read " + path + ": " + innermost(failure)
                                + ", expected a whole file of its format; mend it or leave it out"));
    }

    private static String innermost(Throwable failure) {
        Throwable deepest = failure;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        String reason = reason(deepest);
        return UNREADABLE.matcher(reason).find() ? "it is damaged or of another format" : reason;
    }

    private static Optional<String> found(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            return Optional.empty();
        }
        for (int group = 1; group <= matcher.groupCount(); group++) {
            if (matcher.group(group) != null) {
                return Optional.of(
                        matcher.group(group).replaceFirst("^file:/+", "/").replaceFirst("[:;,.]$", ""));
            }
        }
        return Optional.empty();
    }
}
