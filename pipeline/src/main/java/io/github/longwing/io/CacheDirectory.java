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

/** Finds the directory of the model cache; falls back to a private temporary one where the home is read-only. */
public final class CacheLocation {
    private static final Logger LOG = LoggerFactory.getLogger(CacheLocation.class);
    private static final String VARIABLE = "LONGWING_CACHE";
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

    private final Map<String, String> environment;
    private final Path userHome;
    private final Path temporary;
    private final String userName;

    /**
     * @param userHome may not exist, as in many containers
     * @param temporary java.io.tmpdir, which others may write to
     */
    CacheLocation(Map<String, String> environment, Path userHome, Path temporary, String userName) {
        this.environment = environment;
        this.userHome = userHome;
        this.temporary = temporary;
        this.userName = userName;
    }

    public static CacheLocation ofThisProcess() {
        return new CacheLocation(
                System.getenv(),
                Path.of(System.getProperty("user.home")),
                Path.of(System.getProperty("java.io.tmpdir")),
                System.getProperty("user.name"));
    }

    /** A directory named by LONGWING_CACHE may be read-only, which is enough for models that are in it. */
    public Path find() {
        Optional<Path> chosen = variable(VARIABLE);
        if (chosen.isPresent()) {
            return chosen.get();
        }
        Path usual =
                variable("XDG_CACHE_HOME").orElse(userHome.resolve(".cache")).resolve("longwing");
        if (isWritable(usual)) {
            return usual;
        }
        Path fallback = privateTemporary();
        LOG.warn(
                "Cannot write {}, so models are cached in {} for as long as it lasts; set {} to a directory that stays",
                usual,
                fallback,
                VARIABLE);
        return fallback;
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

    private static boolean isWritable(Path directory) {
        try {
            Files.createDirectories(directory);
            Files.delete(Files.createTempFile(directory, "writable", ".tmp")); // the only sure way to know
            return true;
        } catch (IOException e) {
            LOG.debug("Cannot write {}", directory, e);
            return false;
        }
    }

    /** The same directory in every process of the user, unless someone else has put something in its place. */
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

    /** A real directory, owned by whoever owns a directory made now, that nobody else can enter. */
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
