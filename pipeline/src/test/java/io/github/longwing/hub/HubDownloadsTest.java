package io.github.longwing.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.longwing.io.ProcessLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubDownloadsTest {
    private static final String BIGBIRD = "{\"model_type\": \"bigbird_pegasus\"}";

    @TempDir
    private Path home;

    private Path cache;
    private HubDownloads downloads;

    @BeforeEach
    void makeCache() throws IOException {
        cache = Files.createDirectories(home.resolve("hub"));
        downloads = new HubDownloads(HubOptions.of(Map.of("HF_HUB_CACHE", cache.toString()), home));
    }

    @Test
    void listsEachCommitOfTheFamilyWithItsSize() throws IOException {
        snapshot("models--google--bigbird-pegasus-large-pubmed", "aaa", BIGBIRD);
        snapshot("models--google--bigbird-pegasus-large-pubmed", "bbb", BIGBIRD);
        snapshot("models--t5-small", "ccc", "{\"model_type\": \"t5\"}");
        snapshot("models--broken", "ddd", "{");
        Files.createDirectories(cache.resolve("datasets--google--x/snapshots/eee"));

        assertThat(downloads.list())
                .containsExactly(
                        new HubDownload("google/bigbird-pegasus-large-pubmed", "aaa", BIGBIRD.length() + 100),
                        new HubDownload("google/bigbird-pegasus-large-pubmed", "bbb", BIGBIRD.length() + 100));
    }

    @Test
    void removesWhatLongwingFetchedAndNothingElse() throws IOException {
        snapshot("models--google--bigbird-pegasus-large-pubmed", "aaa", BIGBIRD);
        own("models--google--bigbird-pegasus-large-pubmed");
        snapshot("models--t5-small", "ccc", "{\"model_type\": \"t5\"}");

        assertThat(downloads.clear()).hasSize(1);

        assertThat(cache.resolve("models--google--bigbird-pegasus-large-pubmed"))
                .doesNotExist();
        assertThat(cache.resolve("models--t5-small/snapshots/ccc/config.json")).exists();
        assertThat(downloads.list()).isEmpty();
    }

    @Test
    void leavesARepositoryThatIsBeingDownloaded() throws IOException {
        String folder = "models--google--bigbird-pegasus-large-pubmed";
        snapshot(folder, "aaa", BIGBIRD);
        own(folder);
        HubCache repository = new HubCache(cache, "google/bigbird-pegasus-large-pubmed");

        try (ProcessLock download = repository.lockForDownload().orElseThrow()) {
            assertThat(download).isNotNull();
            assertThat(downloads.clear()).isEmpty();
        }
        try (ProcessLock blob = ProcessLock.exclusive(repository.lock("an-etag"))) { // as a Python program holds it
            assertThat(blob).isNotNull();
            assertThat(downloads.clear()).isEmpty();
        }

        assertThat(cache.resolve(folder).resolve("snapshots/aaa/model.safetensors"))
                .exists();
        assertThat(downloads.clear()).hasSize(1);
        assertThat(cache.resolve(folder)).doesNotExist();
    }

    @Test
    void keepsAModelOfTheFamilyThatAnotherProgramFetched() throws IOException {
        snapshot("models--google--bigbird-pegasus-large-pubmed", "aaa", BIGBIRD);

        assertThat(downloads.clear()).isEmpty();

        assertThat(downloads.list()).hasSize(1);
        assertThat(cache.resolve("models--google--bigbird-pegasus-large-pubmed/blobs/weights"))
                .hasSize(100);
    }

    @Test
    void keepsTheFilesThatAnotherProgramAddedToADownload() throws IOException {
        String folder = "models--google--bigbird-pegasus-large-pubmed";
        snapshot(folder, "aaa", BIGBIRD);
        own(folder);
        Path theirs = cache.resolve(folder).resolve("snapshots/aaa/README.md");
        Files.writeString(cache.resolve(folder).resolve("blobs/readme"), "theirs");
        Files.createSymbolicLink(theirs, Path.of("../../blobs/readme"));

        downloads.clear();

        assertThat(theirs).hasContent("theirs");
        assertThat(cache.resolve(folder).resolve("blobs/weights")).doesNotExist();
        assertThat(cache.resolve(folder).resolve("refs/main")).hasContent("aaa");
    }

    @Test
    void findsNothingWhereThereIsNoCache() throws IOException {
        Files.delete(cache);

        assertThat(downloads.list()).isEmpty();
        assertThat(downloads.clear()).isEmpty();
    }

    /** Longwing fetched all that is there. */
    private void own(String folder) throws IOException {
        Path notes = Files.createDirectories(cache.resolve(folder).resolve(".longwing"));
        try (var blobs = Files.list(cache.resolve(folder).resolve("blobs"))) {
            for (Path blob : blobs.toList()) {
                Files.write(notes.resolve(blob.getFileName()), new byte[0]);
            }
        }
    }

    /** As huggingface_hub lays it out: the weights are a link to a blob. */
    private void snapshot(String folder, String commit, String config) throws IOException {
        Path blobs = Files.createDirectories(cache.resolve(folder).resolve("blobs"));
        Path snapshot = Files.createDirectories(
                cache.resolve(folder).resolve("snapshots").resolve(commit));
        Files.write(blobs.resolve("weights"), new byte[100]);
        Path configuration = Files.writeString(blobs.resolve("config-" + config.hashCode()), config);
        Files.createSymbolicLink(
                snapshot.resolve("config.json"), Path.of("../../blobs").resolve(configuration.getFileName()));
        Files.createDirectories(cache.resolve(folder).resolve("refs"));
        Files.writeString(cache.resolve(folder).resolve("refs/main"), commit);
        Files.createSymbolicLink(snapshot.resolve("model.safetensors"), Path.of("../../blobs/weights"));
    }
}
