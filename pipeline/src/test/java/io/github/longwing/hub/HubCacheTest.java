package io.github.longwing.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubCacheTest {
    @TempDir
    private Path directory;

    @Test
    void copiesWhereTheFileSystemHasNoSymbolicLinks() throws IOException {
        Path zip = directory.resolve("cache.zip");
        try (FileSystem withoutLinks = FileSystems.newFileSystem(zip, Map.of("create", "true"))) {
            HubCache cache = new HubCache(withoutLinks.getPath("/cache"), "owner/model");
            Files.createDirectories(cache.blob("abc").getParent());
            Files.writeString(cache.blob("abc"), "content");
            cache.link(FakeHub.COMMIT, new HubFile("config.json", "abc", OptionalLong.empty()));
            assertThat(cache.has(FakeHub.COMMIT, "config.json")).isTrue();
            assertThat(Files.readString(cache.snapshot(FakeHub.COMMIT).resolve("config.json")))
                    .isEqualTo("content");
        }
    }

    @Test
    void replacesALinkThatLeadsNowhere() throws IOException {
        HubCache cache = new HubCache(directory, "owner/model");
        Path name = cache.snapshot(FakeHub.COMMIT).resolve("config.json");
        Files.createDirectories(name.getParent());
        Files.createSymbolicLink(name, Path.of("../../blobs/gone"));
        assertThat(cache.has(FakeHub.COMMIT, "config.json")).isFalse();
        Files.createDirectories(cache.blob("abc").getParent());
        Files.writeString(cache.blob("abc"), "content");
        cache.link(FakeHub.COMMIT, new HubFile("config.json", "abc", OptionalLong.empty()));
        assertThat(name).hasContent("content");
    }

    @Test
    void believesOnlyInCommits() throws IOException {
        HubCache cache = new HubCache(directory, "owner/model");
        Path ref = directory.resolve("models--owner--model/refs/main");
        Files.createDirectories(ref.getParent());
        Files.writeString(ref, "../../elsewhere");
        assertThat(cache.commit("main")).isEmpty();
        cache.rememberCommit("main", FakeHub.COMMIT);
        assertThat(cache.commit("main")).contains(FakeHub.COMMIT);
        assertThat(ref).hasContent(FakeHub.COMMIT);
    }
}
