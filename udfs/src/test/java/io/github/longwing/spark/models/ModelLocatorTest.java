package io.github.longwing.spark.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.longwing.config.Precision;
import io.github.longwing.config.RandomBlocks;
import io.github.longwing.error.UserException;
import io.github.longwing.spark.TestSessions;
import io.github.longwing.spark.options.EmbeddedModel;
import io.github.longwing.spark.options.ModelReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

    /** Names what it is asked for; the Hub has one model. */
    private static final class FakeStore implements ModelStore {
        final List<String> versions = new ArrayList<>();

        @Override
        public Optional<String> pinHubId(String text) {
            return text.matches("owner/name(@.*)?") ? Optional.of("owner/name@" + COMMIT) : Optional.empty();
        }

        @Override
        public LocatedModel embedded(EmbeddedModel model, ModelReference reference, Extent extent) {
            return at(Path.of(model.modelName()));
        }

        @Override
        public LocatedModel fromDirectory(Path directory, ModelReference reference, Extent extent) {
            return at(directory);
        }

        @Override
        public LocatedModel fromRemote(RemoteDirectory remote, ModelReference reference, Extent extent) {
            versions.add(remote.version());
            return at(Path.of("copy of " + remote.uri()));
        }

        @Override
        public LocatedModel fromHub(String pinned, ModelReference reference, Extent extent) {
            return at(Path.of("hub", pinned));
        }

        @Override
        public void importDirectory(Path directory, ModelReference reference, Path target) {
            throw new AssertionError("nothing is imported here");
        }

        @Override
        public void importHub(String pinned, ModelReference reference, Path target) {
            throw new AssertionError("nothing is imported here");
        }
    }

    private static LocatedModel at(Path directory) {
        return new LocatedModel(directory, Precision.FLOAT32, RandomBlocks.REFERENCE, Optional.empty());
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
        assertThat(located(ModelReference.embedded())).isEqualTo(Path.of("sentence-summarizer"));
    }

    @Test
    void takesAModelOfTheJarByItsName() {
        ModelReference named = ModelReference.at("longwing:openstax-subjects");

        assertThat(located(locator.pin(named))).isEqualTo(Path.of("openstax-subjects"));
        assertThatThrownBy(() -> locator.pin(ModelReference.at("longwing:oracle")))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot find the model longwing:oracle: the jar carries no such model, expected"
                        + " longwing:sentence-summarizer or longwing:openstax-subjects or longwing:contract-answers");
    }

    @Test
    void makesAPathAbsoluteSinceExecutorsWorkElsewhere() {
        ModelReference relative = new ModelReference("src/../src", RandomBlocks.PAPER, Precision.INT8);

        ModelReference pinned = locator.pin(relative);

        assertThat(pinned)
                .isEqualTo(new ModelReference(
                        Path.of("src").toAbsolutePath().toString(), RandomBlocks.PAPER, Precision.INT8));
        assertThat(located(pinned)).isEqualTo(Path.of("src").toAbsolutePath());
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
        assertThat(located(pinned)).isEqualTo(directory);
    }

    @Test
    void pinsTheRevisionOfAHubIdToItsCommit() {
        ModelReference pinned = locator.pin(ModelReference.at("owner/name@main"));

        assertThat(pinned.location()).isEqualTo("owner/name@" + COMMIT);
        assertThat(located(pinned)).isEqualTo(Path.of("hub", "owner/name@" + COMMIT));
    }

    @Test
    void findsAModelThatHadoopReadsAndSeesWhenItChanges() throws IOException {
        Path remote = Files.createDirectory(directory.resolve("my model"));
        Files.writeString(remote.resolve("config.json"), "{}");
        Files.writeString(remote.resolve("model.safetensors"), "weights");
        ModelReference reference = ModelReference.at("elsewhere:" + remote);

        assertThat(locator.pin(reference)).isEqualTo(reference);
        assertThat(located(reference)).isEqualTo(Path.of("copy of elsewhere:" + remote));
        assertThat(located(reference)).isEqualTo(Path.of("copy of elsewhere:" + remote));
        Files.writeString(remote.resolve("model.safetensors"), "other weights");
        assertThat(located(reference)).isEqualTo(Path.of("copy of elsewhere:" + remote));

        assertThat(store.versions).hasSize(3).allMatch(version -> version.matches("[0-9a-f]{32}"));
        assertThat(store.versions.get(1)).isEqualTo(store.versions.get(0));
        assertThat(store.versions.get(2)).isNotEqualTo(store.versions.get(0));
    }

    @Test
    void copiesWhatIsOfUseOfARemoteDirectory() throws IOException {
        Path remote = Files.createDirectory(directory.resolve("remote"));
        Files.writeString(remote.resolve("config.json"), "{}");
        Files.writeString(remote.resolve("model.safetensors"), "weights");
        Files.writeString(remote.resolve("flax_model.msgpack"), "weights of another framework");
        Files.writeString(remote.resolve("pytorch_model.bin"), "the same weights again");
        Files.createDirectory(remote.resolve("onnx"));
        Path copy = Files.createDirectory(directory.resolve("copy"));

        RemoteDirectory.list("elsewhere:" + remote).copyTo(copy);

        assertThat(copy.toFile().list()).containsExactlyInAnyOrder("config.json", "model.safetensors");
        assertThat(copy.resolve("model.safetensors")).hasContent("weights");
    }

    @Test
    void describesAModelWithoutItsWeights() throws IOException {
        Path source = Files.createDirectory(directory.resolve("described"));
        new EmbeddedFiles(EmbeddedModel.SENTENCE_SUMMARIZER).copyTo(source);
        ModelLocator real = ModelLocator.ofThisMachine();

        for (ModelReference reference : List.of(
                ModelReference.embedded(),
                ModelReference.at("elsewhere:" + source),
                new ModelReference("elsewhere:" + source, RandomBlocks.PAPER, Precision.INT8))) {
            try (LocatedModel described = real.describe(reference)) {
                assertThat(described.directory().toFile().list())
                        .containsExactlyInAnyOrder("config.json", "generation_config.json", "spiece.model");
                assertThat(described.precision())
                        .isEqualTo(reference.precision() == null ? Precision.FLOAT32 : reference.precision());
            }
        }
        try (LocatedModel described = real.describe(ModelReference.at(source.toString()))) {
            assertThat(described.directory()).isEqualTo(source);
            assertThat(described.randomBlocks()).isEqualTo(RandomBlocks.REFERENCE);
        }
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

    private Path located(ModelReference reference) {
        try (LocatedModel model = locator.locate(reference)) {
            return model.directory();
        }
    }
}
