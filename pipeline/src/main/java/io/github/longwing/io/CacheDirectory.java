package io.github.longwing.io;

import io.github.longwing.error.UserException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory for all that Longwing can make again: LONGWING_CACHE, else {@code longwing} in XDG_CACHE_HOME or
 * {@code ~/.cache}, else, where that cannot be written, a private temporary directory.
 */
public final class CacheDirectory {
    private static final Logger LOG = LoggerFactory.getLogger(CacheDirectory.class);
    public static final String VARIABLE = "LONGWING_CACHE";
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

    private final Map<String, String> environment;
    private final Path userHome;
    private final Path temporary;
    private final String userName;

    /**
     * @param userHome may not exist, as in many containers
     * @param temporary java.io.tmpdir, which others may write to
     */
    CacheDirectory(Map<String, String> environment, Path userHome, Path temporary, String userName) {
        this.environment = environment;
        this.userHome = userHome;
        this.temporary = temporary;
        this.userName = userName;
    }

    public static CacheDirectory ofThisProcess() {
        return new CacheDirectory(
                System.getenv(),
                Path.of(System.getProperty("user.home")),
                Path.of(System.getProperty("java.io.tmpdir")),
                System.getProperty("user.name"));
    }

    /** A directory named by LONGWING_CACHE may be read-only, which is enough for models that are in it. */
    public Path find() {
        Path preferred = preferred();
        if (isChosen() || (preferred.isAbsolute() && isWritable(preferred))) {
            return preferred;
        }
        Path fallback = privateTemporary();
        LOG.warn(
                "Cannot write {}, so models are cached in {} for as long as it lasts; set {} to a directory that stays",
                preferred,
                fallback,
                VARIABLE);
        return fallback;
    }

    /** The directory of the user, whether or not it can be written; relative where Java does not know the home. */
    public Path preferred() {
        return variable(VARIABLE).orElseGet(() -> variable("XDG_CACHE_HOME")
                .orElse(userHome.resolve(".cache"))
                .resolve("longwing"));
    }

    /** Whether LONGWING_CACHE names the directory. */
    public boolean isChosen() {
        return variable(VARIABLE).isPresent();
    }

    /** Whether a directory can be made and written, as tried by a file in it. */
    public static boolean isWritable(Path directory) {
        try {
            Files.createDirectories(directory);
            Files.delete(Files.createTempFile(directory, "writable", ".tmp")); // permissions alone do not tell
            return true;
        } catch (IOException | SecurityException e) {
            LOG.debug("Cannot write {}", directory, e);
            return false;
        }
    }

    private Optional<Path> variable(String name) {
        try {
            return Optional.ofNullable(environment.get(name))
                    .map(String::strip)
                    .filter(v -> !v.isEmpty())
                    .map(v -> v.startsWith("~/") ? userHome.resolve(v.substring(2)) : Path.of(v));
        } catch (InvalidPathException e) {
            throw new UserException(
                    "Cannot use the model cache: " + name + " is " + environment.get(name) + ", expected a path", e);
        }
    }

    /** The same directory in every process of the user, unless another user has created something of its name. */
    private Path privateTemporary() {
        Path directory = temporary.resolve("longwing-" + userName.replaceAll("[^A-Za-z0-9._-]", "_"));
        try {
            if (!isPosix()) {
                return Files.createDirectories(directory);
            }
            if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectories(temporary);
                createPrivate(directory);
            }
            if (isPrivate(directory)) {
                return directory;
            }
            Path other = Files.createTempDirectory(temporary, "longwing");
            LOG.warn("{} is not a private directory of {}, so it is not used", directory, userName);
            return other;
        } catch (IOException e) {
            throw new UserException(
                    "Cannot make a model cache: neither the home nor " + temporary + " can be written (" + e
                            + "), expected one that can; set " + VARIABLE + " to a writable directory",
                    e);
        }
    }

    private static void createPrivate(Path directory) throws IOException {
        try {
            Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        } catch (FileAlreadyExistsException e) {
            LOG.debug("Another process has just made {}", directory, e);
        }
    }

    private boolean isPosix() {
        return temporary.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    /** A real directory, owned by the user of this process, that no other user can enter. */
    private boolean isPrivate(Path directory) throws IOException {
        PosixFileAttributes found = attributes(directory);
        Path probe = Files.createTempDirectory(temporary, "longwing-owner");
        try {
            Set<PosixFilePermission> others = EnumSet.copyOf(found.permissions());
            others.removeAll(OWNER_ONLY);
            return found.isDirectory()
                    && others.isEmpty()
                    && found.owner().equals(attributes(probe).owner());
        } finally {
            Files.delete(probe);
        }
    }

    private static PosixFileAttributes attributes(Path directory) throws IOException {
        return Files.getFileAttributeView(directory, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .readAttributes();
    }
}
