package io.github.longwing.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.longwing.error.UserException;
import io.github.longwing.store.ModelCache.Cleared;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelCacheTest {
    @TempDir
    private Path temporary;

    @Test
    void makesAModelOnce() throws IOException {
        AtomicInteger made = new AtomicInteger();
        ModelCache.Builder builder = directory -> {
            assertThat(directory).isEmptyDirectory();
            made.incrementAndGet();
            Files.writeString(directory.resolve("encoder.onnx"), "graph");
        };
        try (CachedModel first = cache().obtain("key", "a source", builder);
                CachedModel second = cache().obtain("key", "a source", builder)) {
            assertThat(first.directory()).isEqualTo(second.directory());
            assertThat(first.directory().resolve("encoder.onnx")).hasContent("graph");
        }
        assertThat(made).hasValue(1);
        assertThat(temporary.resolve("cache/building")).isEmptyDirectory();
    }

    @Test
    void makesAModelOnceHoweverManyThreadsWantIt() throws Exception {
        AtomicInteger made = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(16);
        try {
            List<Future<CachedModel>> models = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                models.add(threads.submit(() -> cache().obtain("key", "a source", directory -> {
                    made.incrementAndGet();
                    Files.writeString(directory.resolve("encoder.onnx"), "graph");
                })));
            }
            for (Future<CachedModel> model : models) {
                assertThat(model.get().directory().resolve("encoder.onnx")).hasContent("graph");
                model.get().close();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(made).hasValue(1);
    }

    @Test
    void makesAModelOnceHoweverManyProcessesWantIt() throws Exception {
        Path log = temporary.resolve("log");
        List<CacheProcess> processes = new ArrayList<>();
        try {
            for (int i = 0; i < 4; i++) {
                processes.add(CacheProcess.obtaining(temporary.resolve("cache"), "key", log));
            }
            for (CacheProcess process : processes) {
                assertThat(process.says()).isEqualTo("wholewhole");
            }
        } finally {
            processes.forEach(CacheProcess::close);
        }
        assertThat(log).hasContent("made\n");
    }

    @Test
    void showsNothingOfAModelWhoseMakerDied() throws Exception {
        Path log = temporary.resolve("log");
        try (CacheProcess dying = CacheProcess.dying(temporary.resolve("cache"), "key", log)) {
            assertThat(dying.exitStatus()).isEqualTo(9);
        }
        assertThat(names("building")).hasSize(1);
        assertThat(cache().list()).isEmpty();
        cache().obtain("key", "a source", directory -> {
                    assertThat(directory).isEmptyDirectory();
                    Files.writeString(directory.resolve("x"), "whole");
                })
                .close();
        assertThat(names("building")).isEmpty();
        assertThat(cache().list()).extracting(CacheEntry::key).containsExactly("key");
    }

    @Test
    void removesWhatAnotherMakerLeftWhenItDied() throws Exception {
        try (CacheProcess dying = CacheProcess.dying(temporary.resolve("cache"), "dead", temporary.resolve("log"))) {
            dying.exitStatus();
        }
        make("living", 1);
        assertThat(names("building")).isEmpty();
    }

    @Test
    @Timeout(300)
    void leavesAloneWhatAnotherProcessIsMaking() throws Exception {
        Path log = temporary.resolve("log");
        try (CacheProcess other = CacheProcess.obtaining(temporary.resolve("cache"), "other", log)) {
            while (Files.notExists(log)) {
                Thread.sleep(5);
            }
            make("mine", 1);
            assertThat(other.says()).isEqualTo("wholewhole");
        }
    }

    @Test
    void leavesNothingBehindAFailure() throws IOException {
        assertThatThrownBy(() -> cache().obtain("key", "a source", directory -> {
                    Files.writeString(directory.resolve("half"), "of it");
                    throw new UserException("Cannot load the model");
                }))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot load the model");
        assertThatThrownBy(() -> cache().obtain("key", "a source", directory -> {
                    throw new IOException("disk full");
                }))
                .isInstanceOf(UncheckedIOException.class)
                .hasRootCauseMessage("disk full");
        assertThat(cache().list()).isEmpty();
        assertThat(names("building")).isEmpty();
        make("key", 1);
        assertThat(cache().list()).hasSize(1);
    }

    @Test
    void listsModelsWithTheirSizesTheLastUsedFirst() throws IOException {
        Instant begin = Instant.now().minus(1, ChronoUnit.SECONDS);
        make("v1", 10);
        make("v2", 20);
        used("v1", 300);
        used("v2", 200);
        assertThat(cache().list()).extracting(CacheEntry::key).containsExactly("v2", "v1");
        make("v1", 10); // it is there, so this uses it
        List<CacheEntry> entries = cache().list();
        assertThat(entries).extracting(CacheEntry::key).containsExactly("v1", "v2");
        assertThat(entries).extracting(CacheEntry::bytes).containsExactly(10L, 20L);
        assertThat(entries).extracting(CacheEntry::source).containsOnly("source of v1", "source of v2");
        assertThat(entries).allMatch(e -> e.created().isAfter(begin));
        assertThat(entries.get(0).lastUsed()).isAfter(begin);
    }

    @Test
    void listsAnEntryWhoseDescriptionIsDamaged() throws IOException {
        make("key", 10);
        Files.writeString(temporary.resolve("cache/models/key/entry.json"), "{");
        assertThat(cache().list()).singleElement().satisfies(entry -> {
            assertThat(entry.source()).isEqualTo("unknown");
            assertThat(entry.bytes()).isEqualTo(11);
        });
    }

    @Test
    void clearsAllButTheModelsInUse() throws IOException {
        make("a", 10);
        make("b", 20);
        CachedModel used = cache().obtain("b", "source of b", directory -> {});
        Cleared cleared = cache().clear();
        assertThat(cleared.removed()).extracting(CacheEntry::key).containsExactly("a");
        assertThat(cleared.inUse()).extracting(CacheEntry::key).containsExactly("b");
        assertThat(used.directory().resolve("data")).hasSize(20);
        used.close();
        assertThat(cache().clear().removed()).extracting(CacheEntry::key).containsExactly("b");
        assertThat(names("models")).isEmpty();
        assertThat(names("building")).isEmpty();
    }

    @Test
    void clearsNoModelThatAnotherProcessUses() throws Exception {
        try (CacheProcess other = CacheProcess.obtaining(temporary.resolve("cache"), "key", temporary.resolve("log"))) {
            assertThat(other.says()).isEqualTo("wholewhole");
            assertThat(cache().clear().inUse()).extracting(CacheEntry::key).containsExactly("key");
            other.kill();
            assertThat(cache().clear().removed()).extracting(CacheEntry::key).containsExactly("key");
        }
    }

    @Test
    void clearsACacheThatIsNotThere() {
        assertThat(cache().clear()).isEqualTo(new Cleared(List.of(), List.of()));
    }

    @Test
    void deletesNothingThatItDidNotMake() throws IOException {
        make("old", 400);
        Path cache = temporary.resolve("cache");
        List<Path> theirs = List.of(
                cache.resolve("models/mine/model.safetensors"),
                cache.resolve("models/mine/config.json"),
                cache.resolve("models/0123456789abcdef/entry.json"), // of another program
                cache.resolve("models/old/notes.txt"),
                cache.resolve("building/my.model/config.json"),
                cache.resolve("building/notes.txt"),
                cache.resolve("hashes/list.txt"),
                cache.resolve("locks/notes.txt"),
                cache.resolve("notes.txt"));
        for (Path file : theirs) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, "{\"theirs\": true}");
        }
        Path elsewhere = Files.createDirectories(temporary.resolve("elsewhere/model"));
        Files.writeString(elsewhere.resolveSibling("entry.json"), "{\"key\": \"linked\"}");
        Files.createSymbolicLink(cache.resolve("models/linked"), elsewhere.getParent());

        cache().clear();
        new ModelCache(cache, OptionalLong.of(1))
                .obtain("new", "a source", directory -> Files.write(directory.resolve("data"), new byte[400]))
                .close();

        assertThat(theirs).allSatisfy(file -> assertThat(file).exists());
        assertThat(elsewhere).exists();
        assertThat(cache().list()).extracting(CacheEntry::key).containsExactly("new");
        assertThat(cache().remove("mine")).isFalse();
    }

    @Test
    void refusesToPutAModelInThePlaceOfSomethingElse() throws IOException {
        Path mine = Files.createDirectories(temporary.resolve("cache/models/key"));
        Files.writeString(mine.resolve("model.safetensors"), "mine");

        assertThatThrownBy(() -> make("key", 10))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot use the model cache: " + mine + " is there without an entry.json");
        assertThat(mine.resolve("model.safetensors")).hasContent("mine");
    }

    @Test
    void dropsTheLeastRecentlyUsedBeyondTheLimit() throws IOException {
        make("old", 400);
        make("older", 400);
        make("inUse", 400);
        used("old", 200);
        used("older", 300);
        try (CachedModel held = cache().obtain("inUse", "source of inUse", directory -> {})) {
            used("inUse", 400);
            ModelCache limited = new ModelCache(temporary.resolve("cache"), OptionalLong.of(1500));
            limited.obtain("new", "a source", directory -> Files.write(directory.resolve("data"), new byte[400]))
                    .close();
            assertThat(cache().list()).extracting(CacheEntry::key).containsExactlyInAnyOrder("old", "inUse", "new");
            ModelCache tiny = new ModelCache(temporary.resolve("cache"), OptionalLong.of(1));
            tiny.obtain("newest", "a source", directory -> Files.write(directory.resolve("data"), new byte[400]))
                    .close();
            assertThat(cache().list()).extracting(CacheEntry::key).containsExactlyInAnyOrder("inUse", "newest");
            assertThat(held.directory().resolve("data")).exists();
        }
    }

    @Test
    void explainsACacheThatCannotBeWritten() throws IOException {
        Files.createDirectories(temporary.resolve("cache/locks/locked.make")); // so no lock can be made there
        assertThatThrownBy(() -> make("locked", 1))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot write the model cache " + temporary.resolve("cache"));
        Path file = Files.writeString(temporary.resolve("file"), "in the way");
        ModelCache broken = new ModelCache(file, OptionalLong.empty());
        assertThatThrownBy(() -> broken.obtain("key", "a source", directory -> {}))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot write the model cache " + file)
                .hasMessageEndingWith("expected a directory with room; set LONGWING_CACHE to one");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "..", "a/b", ".hidden", "a.b"})
    void refusesAKeyThatIsNoName(String key) {
        assertThatThrownBy(() -> make(key, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("key is " + key + ", expected ");
    }

    private ModelCache cache() {
        return new ModelCache(temporary.resolve("cache"), OptionalLong.empty());
    }

    private void make(String key, int bytes) {
        cache().obtain(key, "source of " + key, directory -> Files.write(directory.resolve("data"), new byte[bytes]))
                .close();
    }

    private void used(String key, int minutesAgo) throws IOException {
        CacheEntry.touch(
                temporary.resolve("cache/models").resolve(key), Instant.now().minus(minutesAgo, ChronoUnit.MINUTES));
    }

    private List<String> names(String folder) throws IOException {
        try (var list = Files.list(temporary.resolve("cache").resolve(folder))) {
            return list.map(p -> p.getFileName().toString()).toList();
        }
    }
}
