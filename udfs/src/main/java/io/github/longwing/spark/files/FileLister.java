package io.github.longwing.spark.files;

import io.github.longwing.error.UserException;
import io.github.longwing.spark.files.FileListing.LeftOut;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * Finds the files of an input, in folders of any depth, and counts those that are left out. Local files are found by
 * the JDK, which is faster than Hadoop's client and knows every name; others by Hadoop's file systems.
 */
public final class FileLister {
    private static final Pattern GLOB = Pattern.compile("[*?\\[\\]{}]");
    private static final String HIVE_NULL = "__HIVE_DEFAULT_PARTITION__";

    private final Configuration hadoop;
    private final List<SourceFile> files = new ArrayList<>();
    private final Set<String> locations = new HashSet<>();
    private final EnumMap<LeftOut, Long> leftOut = new EnumMap<>(LeftOut.class);
    private List<String> partitionColumns = List.of();
    private String partitionedFile = "";

    private FileLister(Configuration hadoop) {
        this.hadoop = hadoop;
    }

    /** The keys and values of the {@code key=value} folders that a file lies in. */
    private record Partition(List<String> keys, List<String> values) {
        static final Partition NONE = new Partition(List.of(), null);
    }

    /**
     * Lists files, folders and globs.
     *
     * @param paths as the user wrote them; a local file that exists is taken as it is named, whatever its name would
     *     mean as a pattern or a URI
     * @throws UserException where a path is nothing, or a folder cannot be listed
     */
    public static FileListing list(List<String> paths, Configuration hadoop) {
        FileLister lister = new FileLister(hadoop);
        for (String path : paths) {
            try {
                lister.add(path);
            } catch (FileNotFoundException e) {
                throw missing(path);
            } catch (AccessDeniedException e) {
                throw new UserException(
                        "Cannot read --input " + shown(path) + ": " + e.getMessage()
                                + " may not be read by this user, expected files and folders that may",
                        e);
            } catch (IOException | IllegalArgumentException e) {
                throw new UserException(
                        "Cannot read --input " + shown(path) + ": " + e.getMessage()
                                + ", expected a path or a URI that Hadoop's file systems read",
                        e);
            }
        }
        lister.files.sort(Comparator.comparing(SourceFile::location));
        return new FileListing(lister.files, lister.partitionColumns, lister.leftOut);
    }

    private void add(String path) throws IOException {
        if (path.isBlank()) {
            throw missing(path);
        }
        boolean localByDefault = LocalPaths.isDefault(hadoop);
        Optional<Path> existing = localByDefault ? LocalPaths.existing(path) : Optional.empty();
        if (existing.isPresent()) {
            addLocal(existing.get());
        } else if (path.startsWith("file:") || (localByDefault && !LocalPaths.isUri(path))) {
            addLocalUri(path);
        } else {
            addRemote(path);
        }
    }

    private void addLocalUri(String path) throws IOException {
        String plain = LocalPaths.plain(path, File.separatorChar);
        Optional<Path> existing = LocalPaths.existing(plain).or(() -> decoded(path));
        if (existing.isPresent()) {
            addLocal(existing.get());
        } else if (GLOB.matcher(plain).find()) {
            addLocalGlob(path, plain);
        } else {
            throw missing(path);
        }
    }

    private static Optional<Path> decoded(String path) {
        if (!path.startsWith("file:") || path.indexOf('%') < 0) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(new URI(path).getPath())
                    .map(decoded -> LocalPaths.plain(decoded, File.separatorChar))
                    .flatMap(LocalPaths::existing);
        } catch (URISyntaxException e) { // no URI then, but perhaps a pattern
            return Optional.empty();
        }
    }

    private void addLocalGlob(String path, String pattern) throws IOException {
        String[] parts = splitOutsideBraces(pattern);
        int fixed = 0;
        while (fixed < parts.length && !GLOB.matcher(parts[fixed]).find()) {
            fixed++;
        }
        String begin = String.join("/", List.of(parts).subList(0, fixed)) + (fixed == 0 ? "" : "/");
        Path base = Path.of(pattern.startsWith("/") ? "/" + begin : begin)
                .toAbsolutePath()
                .normalize();
        List<Path> matches = new ArrayList<>(List.of(base));
        for (String part : List.of(parts).subList(fixed, parts.length)) {
            List<Path> next = new ArrayList<>();
            PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + part);
            for (Path folder : matches) {
                if (!Files.isDirectory(folder)) {
                    continue;
                }
                try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
                    for (Path entry : entries) {
                        if (matcher.matches(entry.getFileName())) {
                            next.add(entry);
                        }
                    }
                }
            }
            matches = next;
        }
        if (matches.isEmpty()) {
            throw missing(path);
        }
        matches.sort(Comparator.naturalOrder());
        boolean onePart = GLOB.matcher(parts[parts.length - 1]).find();
        for (Path match : matches) {
            // what only a pattern names may be hidden
            walk(match, base, onePart && isHidden(match.getFileName().toString(), Files.isDirectory(match)));
        }
    }

    private static String[] splitOutsideBraces(String path) {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        int depth = 0;
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            depth += c == '{' ? 1 : c == '}' ? -1 : 0;
            if (c == '/' && depth <= 0) {
                parts.add(part.toString());
                part.setLength(0);
            } else {
                part.append(c);
            }
        }
        parts.add(part.toString());
        parts.removeIf(String::isEmpty);
        return parts.toArray(String[]::new);
    }

    private void addLocal(Path path) throws IOException {
        if (!Files.exists(path)) {
            throw missing(path.toString());
        }
        if (!Files.isDirectory(path) && !Files.isRegularFile(path)) {
            throw new UserException("Cannot read --input " + path
                    + ": it is no regular file, expected one, or a folder; write what it gives to a file before");
        }
        walk(path, Files.isDirectory(path) ? path : path.getParent(), false);
    }

    private void walk(Path root, Path base, boolean hiddenRoot) throws IOException {
        Files.walkFileTree(
                root,
                EnumSet.of(FileVisitOption.FOLLOW_LINKS),
                Integer.MAX_VALUE,
                new LocalVisitor(root, base, hiddenRoot));
    }

    /** Goes through a local folder. */
    private final class LocalVisitor extends SimpleFileVisitor<Path> {
        private final Path root;
        private final Path base;

        /** Folders with hidden names that the walk is in. */
        private int hidden;

        private Path folder;
        private Partition partition;

        private LocalVisitor(Path root, Path base, boolean hiddenRoot) {
            this.root = root;
            this.base = base;
            this.hidden = hiddenRoot ? 1 : 0;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            hidden += isHiddenBelowRoot(directory, true) ? 1 : 0;
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, IOException failure) throws IOException {
            hidden -= isHiddenBelowRoot(directory, true) ? 1 : 0;
            return super.postVisitDirectory(directory, failure);
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            String name = file.getFileName().toString();
            if (hidden > 0 || isHiddenBelowRoot(file, false)) {
                leaveOut(LeftOut.HIDDEN);
            } else if (name.endsWith("._COPYING_")) {
                leaveOut(LeftOut.UNFINISHED);
            } else if (attributes.isSymbolicLink()) {
                leaveOut(LeftOut.DANGLING);
            } else if (!attributes.isRegularFile()) {
                leaveOut(LeftOut.SPECIAL);
            } else {
                if (!file.getParent().equals(folder)) {
                    folder = file.getParent();
                    // as UTF-8, whatever charset the process believes in
                    partition = partition(folder.toUri()
                            .getPath()
                            .substring(base.toUri().getPath().length()));
                }
                found(
                        rawUri(file),
                        attributes.size(),
                        attributes.lastModifiedTime().toMillis(),
                        partition);
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
            if (failure instanceof FileSystemLoopException) {
                leaveOut(LeftOut.LOOP);
                return FileVisitResult.CONTINUE;
            }
            throw failure;
        }

        private boolean isHiddenBelowRoot(Path path, boolean directory) {
            return !path.equals(root) && isHidden(path.getFileName().toString(), directory);
        }
    }

    /** The URI of a file with the bytes of its name, and never a slash at its end. */
    private static String rawUri(Path file) {
        return file.toUri().toString();
    }

    private void addRemote(String path) throws IOException {
        org.apache.hadoop.fs.Path pattern = new org.apache.hadoop.fs.Path(path);
        FileSystem fileSystem = pattern.getFileSystem(hadoop);
        FileStatus[] matches = fileSystem.globStatus(pattern);
        if (matches == null || matches.length == 0) {
            throw missing(path);
        }
        boolean byPattern = GLOB.matcher(pattern.getName()).find();
        org.apache.hadoop.fs.Path base = pattern;
        while (base.getParent() != null && GLOB.matcher(base.toUri().getPath()).find()) {
            base = base.getParent();
        }
        String basePath = fileSystem.makeQualified(base).toUri().getPath();
        for (FileStatus match : matches) {
            String inner = byPattern || match.isDirectory() ? basePath : parent(basePath);
            boolean hidden = byPattern && isHidden(match.getPath().getName(), match.isDirectory());
            walk(fileSystem, match, inner, hidden);
        }
    }

    private record Remote(FileStatus status, boolean hidden) {}

    private void walk(FileSystem fileSystem, FileStatus root, String base, boolean hiddenRoot) throws IOException {
        Deque<Remote> line = new ArrayDeque<>(List.of(new Remote(root, hiddenRoot)));
        while (!line.isEmpty()) {
            Remote next = line.removeLast();
            FileStatus status = next.status();
            if (status.isDirectory()) {
                RemoteIterator<FileStatus> entries = fileSystem.listStatusIterator(status.getPath());
                while (entries.hasNext()) {
                    FileStatus entry = entries.next();
                    boolean hidden = next.hidden() || isHidden(entry.getPath().getName(), entry.isDirectory());
                    line.add(new Remote(entry, hidden));
                }
            } else if (next.hidden()) {
                leaveOut(LeftOut.HIDDEN);
            } else if (status.getPath().getName().endsWith("._COPYING_")) {
                leaveOut(LeftOut.UNFINISHED);
            } else {
                String folder = parent(status.getPath().toUri().getPath());
                found(
                        status.getPath().toString(),
                        status.getLen(),
                        status.getModificationTime(),
                        partition(folder.startsWith(base) ? folder.substring(base.length()) : ""));
            }
        }
    }

    private static String parent(String path) {
        return path.substring(0, Math.max(0, path.lastIndexOf('/')));
    }

    private void found(String location, long length, long modified, Partition partition) {
        if (!locations.add(location)) {
            leaveOut(LeftOut.REPEATED);
            return;
        }
        SourceFile file = new SourceFile(location, length, modified, partition.values());
        if (!partition.keys().isEmpty() && !partition.keys().equals(partitionColumns)) {
            if (!partitionColumns.isEmpty()) {
                throw new UserException("Cannot read the input: " + file.shown() + " lies in folders of "
                        + String.join(", ", partition.keys()) + " and " + partitionedFile + " in folders of "
                        + String.join(", ", partitionColumns)
                        + ", expected the same key=value folders for all files; give them to runs of their own");
            }
            partitionColumns = partition.keys();
            partitionedFile = file.shown();
        }
        files.add(file);
    }

    private void leaveOut(LeftOut reason) {
        leftOut.merge(reason, 1L, Long::sum);
    }

    /** As Spark and Hadoop have it: what begins with a dot or an underscore, but not the folder {@code _key=value}. */
    static boolean isHidden(String name, boolean directory) {
        return name.startsWith(".") || (name.startsWith("_") && !(directory && name.contains("=")));
    }

    private static Partition partition(String folders) {
        List<String> keys = new ArrayList<>();
        List<String> values = new ArrayList<>();
        for (String folder : folders.split("/", -1)) {
            int equals = folder.indexOf('=');
            if (equals > 0) {
                String value = unescape(folder.substring(equals + 1));
                keys.add(unescape(folder.substring(0, equals)));
                values.add(value.equals(HIVE_NULL) ? null : value);
            }
        }
        return keys.isEmpty() ? Partition.NONE : new Partition(keys, values);
    }

    /** The value of a key in the folders of a file's path; null where they have none. */
    public static String partitionValue(String path, String key) {
        Partition partition = partition(path.substring(0, Math.max(0, path.lastIndexOf('/'))));
        int index = partition.keys().lastIndexOf(key);
        return index < 0 ? null : partition.values().get(index);
    }

    /** Hive escapes what a folder's name may not have as {@code %3A}. */
    private static String unescape(String name) {
        if (name.indexOf('%') < 0) {
            return name;
        }
        try {
            return URLDecoder.decode(name.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) { // a percent sign that is one
            return name;
        }
    }

    /** Why nothing was found under a path as the user wrote it. */
    public static UserException missing(String path) {
        if (path.isBlank()) {
            return new UserException("Cannot read --input '" + path
                    + "': it is empty, expected a path; check the variable that it comes from");
        }
        if (LocalPaths.existing(path).isPresent()) { // the link itself
            return new UserException("Cannot read --input " + path
                    + ": it is a link to nothing, expected a file or a folder; mend the link");
        }
        return new UserException("Cannot read --input " + shown(path)
                + ": there is no such file or directory, expected one that exists; check the name" + charsetHint(path));
    }

    /** Java reads the command line in the charset of the locale. */
    private static String charsetHint(String path) {
        String charset = System.getProperty("sun.jnu.encoding", "UTF-8");
        boolean damaged = path.indexOf('\uFFFD') >= 0 || path.indexOf('?') >= 0;
        return damaged && !charset.equals("UTF-8")
                ? "; its letters may be lost, since the locale's charset is " + charset + ": set LC_ALL=C.UTF-8"
                : "";
    }

    private static String shown(String path) {
        return path.replaceFirst("(?<=://)[^/@]*@", "*****@");
    }
}
