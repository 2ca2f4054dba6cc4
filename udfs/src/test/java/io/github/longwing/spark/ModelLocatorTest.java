package io.github.longwing.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.longwing.config.Precision;
import io.github.longwing.config.RandomBlocks;
import io.github.longwing.error.UserException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelLocatorTest {
    private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

    private static SparkSession spark;

    @TempDir
    private Path directory;

    private final FakeStore store = new FakeStore();
    private final ModelLocator locator = new ModelLocator(store);

    /** Keeps what it is asked for; the Hub has one model. */
    private final class FakeStore implements ModelStore {
        final List<String> imported = new ArrayList<>();

        @Override
        public Optional<String> pinHubId(String text) {
            return text.matches("owner/name(@.*)?") ? Optional.of("owner/name@" + COMMIT) : Optional.empty();
        }

        @Override
        public Path fromHub(String hubId) {
            return Path.of("hub", hubId);
        }

        @Override
        public Path copied(String key, Consumer<Path> fill) {
            try {
                Path copy = directory.resolve("cache-" + key);
                if (!Files.exists(copy)) {
                    fill.accept(Files.createDirectory(copy));
                }
                return copy;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public Path embedded(ModelReference reference) {
            return Path.of("embedded");
        }

        @Override
        public Path modelDirectory(Path source, String name, ModelReference reference) {
            imported.add(name);
            return source;
        }
    }

    @BeforeAll
    static void startSpark() {
        // the settings of the session are what Hadoop's file systems get, on executors too
        spark = TestSessions.builder("local[1]")
                .config("spark.hadoop.fs.elsewhere.impl", ElsewhereFileSystem.class.getName())
                .getOrCreate();
    }

    @AfterAll
    static void stopSpark() {
        spark.stop();
    }

    @Test
    void takesTheModelOfTheJarWhereNoneIsNamed() {
        assertThat(locator.pin(ModelReference.embedded())).isEqualTo(ModelReference.embedded());
        assertThat(locator.locate(ModelReference.embedded())).isEqualTo(Path.of("embedded"));
    }

    @Test
    void makesAPathAbsoluteSinceExecutorsWorkElsewhere() {
        ModelReference relative = new ModelReference("src/../src", RandomBlocks.PAPER, Precision.INT8);

        ModelReference pinned = locator.pin(relative);

        assertThat(pinned)
                .isEqualTo(new ModelReference(
                        Path.of("src").toAbsolutePath().toString(), RandomBlocks.PAPER, Precision.INT8));
        assertThat(locator.locate(pinned)).isEqualTo(Path.of("src").toAbsolutePath());
        assertThat(store.imported).containsExactly("src");
    }

    @Test
    void prefersAnExistingPathToAHubIdOfTheSameName() throws IOException {
        Files.createDirectories(directory.resolve("owner/name"));

        assertThat(locator.pin(ModelReference.at(directory + "/owner/name")).location())
                .isEqualTo(directory.resolve("owner/name").toString());
        assertThat(locator.pin(ModelReference.at("owner/name")).location()).isEqualTo("owner/name@" + COMMIT);
    }

    @Test
    void readsAFileUriInPlace() {
        ModelReference pinned = locator.pin(ModelReference.at(directory.toUri().toString()));

        assertThat(pinned.location()).isEqualTo(directory.toString());
        assertThat(locator.locate(pinned)).isEqualTo(directory);
    }

    @Test
    void pinsTheRevisionOfAHubIdToItsCommit() {
        ModelReference pinned = locator.pin(ModelReference.at("owner/name@main"));

        assertThat(pinned.location()).isEqualTo("owner/name@" + COMMIT);
        assertThat(locator.locate(pinned)).isEqualTo(Path.of("hub", "owner/name@" + COMMIT));
        assertThat(store.imported).containsExactly("owner/name");
    }

    @Test
    void copiesAModelThatHadoopReadsOnceForAVersionOfItsFiles() throws IOException {
        Path remote = Files.createDirectory(directory.resolve("my model"));
        Files.writeString(remote.resolve("config.json"), "{}");
        Files.writeString(remote.resolve("model.safetensors"), "weights");
        Files.writeString(remote.resolve("flax_model.msgpack"), "weights of another framework");
        Files.createDirectory(remote.resolve("onnx"));
        ModelReference reference = ModelReference.at("elsewhere:" + remote);

        assertThat(locator.pin(reference)).isEqualTo(reference);
        Path copy = locator.locate(reference);

        assertThat(copy.resolve("config.json")).hasContent("{}");
        assertThat(copy.resolve("model.safetensors")).hasContent("weights");
        assertThat(copy.toFile().list()).containsExactlyInAnyOrder("config.json", "model.safetensors");
        assertThat(store.imported).containsExactly("my model");
        assertThat(locator.locate(reference)).isEqualTo(copy);

        Files.writeString(remote.resolve("model.safetensors"), "other weights");
        assertThat(locator.locate(reference)).isNotEqualTo(copy);
    }

    @Test
    void refusesARemoteDirectoryWithoutAModel() {
        assertThatThrownBy(() -> locator.pin(ModelReference.at("elsewhere:" + directory)))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot use the model at elsewhere:" + directory
                        + ": it has no config.json, expected a model directory or a transformers directory");
        assertThatThrownBy(() -> locator.pin(ModelReference.at("elsewhere:/no/such/model")))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot use the model at elsewhere:/no/such/model: ")
                .hasMessageEndingWith(", expected a directory that Hadoop's file systems can read here");
        assertThatThrownBy(() -> locator.pin(ModelReference.at("nowhere://host/model")))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("No FileSystem for scheme \"nowhere\"");
    }

    @Test
    void refusesAFileThatIsNoDirectory() throws IOException {
        Path file = Files.writeString(directory.resolve("model.safetensors"), "weights");

        assertThatThrownBy(() -> locator.pin(ModelReference.at(file.toString())))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot use the model " + file
                        + ": it is a file, expected a model directory or a transformers directory");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/no/such/model", "./model", "model", "a/b/c", "", " ", "C:\\models\\large"})
    void namesTheFourFormsForALocationThatIsNone(String location) {
        for (boolean onDriver : List.of(true, false)) {
            assertThatThrownBy(() -> {
                        if (onDriver) {
                            locator.pin(ModelReference.at(location));
                        } else {
                            locator.locate(ModelReference.at(location));
                        }
                    })
                    .isInstanceOf(UserException.class)
                    .hasMessage("Cannot find the model " + location
                            + ": expected a directory that every machine of the cluster sees under this path, a URI"
                            + " such as hdfs://host/path, a Hub id such as owner/name@revision, or no --model at all"
                            + " for the one that Longwing carries");
        }
    }
}
