package io.github.longwing.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.longwing.error.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheDirectoryTest {
    @TempDir
    private Path root;

    @Test
    void isWhereLongwingCacheSays() {
        assertThat(location(Map.of("LONGWING_CACHE", "/data/models", "XDG_CACHE_HOME", "/xdg"), home())
                        .find())
                .isEqualTo(Path.of("/data/models"));
        assertThat(location(Map.of("LONGWING_CACHE", "~/models"), home()).find())
                .isEqualTo(home().resolve("models"));
    }

    @Test
    void isInTheCacheDirectoryOfTheUser() {
        Path xdg = root.resolve("xdg");
        assertThat(location(Map.of("XDG_CACHE_HOME", xdg.toString()), home()).find())
                .isEqualTo(xdg.resolve("longwing"));
        assertThat(location(Map.of("LONGWING_CACHE", " "), home()).find())
                .isEqualTo(home().resolve(".cache/longwing"))
                .isEmptyDirectory();
    }

    @Test
    void isAPrivateTemporaryDirectoryWhereTheHomeCannotBeWritten() throws IOException {
        Path found = location(Map.of(), brokenHome()).find();
        assertThat(found).isEqualTo(root.resolve("tmp/longwing-jane_doe"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(found)))
                .isEqualTo("rwx------");
        assertThat(location(Map.of(), brokenHome()).find()).isEqualTo(found);
    }

    @Test
    void isNoTemporaryDirectoryThatOthersCanEnter() throws IOException {
        Path open = Files.createDirectories(root.resolve("tmp/longwing-jane_doe"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThat(location(Map.of(), brokenHome()).find())
                .isNotEqualTo(open)
                .hasParent(root.resolve("tmp"))
                .satisfies(found -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(found)))
                        .isEqualTo("rwx------"));
    }

    @Test
    void isNoLinkThatSomeoneElseMayHavePlaced() throws IOException {
        Path target = Files.createDirectories(root.resolve("target"));
        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwx------"));
        Files.createDirectories(root.resolve("tmp"));
        Path link = Files.createSymbolicLink(root.resolve("tmp/longwing-jane_doe"), target);
        assertThat(location(Map.of(), brokenHome()).find()).isNotEqualTo(link).hasParent(root.resolve("tmp"));
    }

    @Test
    void explainsThatNothingCanBeWritten() throws IOException {
        Path broken = brokenHome();
        CacheDirectory location = new CacheDirectory(Map.of(), broken, broken.resolve("tmp"), "jane");
        assertThatThrownBy(location::find)
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot make a model cache: neither the home nor " + broken.resolve("tmp"))
                .hasMessageEndingWith("set LONGWING_CACHE to a writable directory");
    }

    private CacheDirectory location(Map<String, String> environment, Path home) {
        return new CacheDirectory(environment, home, root.resolve("tmp"), "jane doe");
    }

    private Path home() {
        return root.resolve("home");
    }

    /** A home that is a file cannot be written by anybody, not even by root. */
    private Path brokenHome() throws IOException {
        return Files.writeString(root.resolve("broken"), "");
    }
}
