package io.github.longwing.jobs;

import io.github.longwing.config.Architecture;
import io.github.longwing.config.Precision;
import io.github.longwing.config.RandomBlocks;
import io.github.longwing.jobs.command.Backend;
import io.github.longwing.jobs.console.Terminal;
import io.github.longwing.spark.models.LocatedModel;
import io.github.longwing.spark.models.ModelLocator;
import io.github.longwing.spark.models.Models;
import io.github.longwing.spark.options.ModelReference;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;

/** Runs commands as users do, with {@link EchoTasks} in the place of a model's arithmetic. */
public record TestCommands(Path model, Optional<Path> confDirectory) {
    /** Of the tables of this process: processes that run tests beside each other have one each. */
    public static final Path WAREHOUSE = Path.of(
                    "target", "warehouse-" + System.getProperty("longwing.test.process", "1"))
            .toAbsolutePath();

    private static final List<String> SMALL_FILES = List.of("config.json", "generation_config.json", "spiece.model");

    /** What a command left behind. */
    public record Outcome(int status, String out, String err) {}

    /** With the small files of the model that the jar carries, in this directory. */
    public static TestCommands in(Path directory) {
        Path model = directory.resolve("model");
        try {
            Files.createDirectories(model);
            for (String file : SMALL_FILES) {
                try (InputStream stream = TestCommands.class.getResourceAsStream(
                        "/io/github/longwing/models/sentence-summarizer/" + file)) {
                    Files.copy(stream, model.resolve(file));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new TestCommands(model, Optional.empty());
    }

    public TestCommands withConf(Path directory) {
        return new TestCommands(model, Optional.of(directory));
    }

    /** With the configuration of a model for another task. */
    public TestCommands withArchitecture(Architecture architecture) {
        Path config = model.resolve("config.json");
        try {
            Files.writeString(
                    config,
                    Files.readString(config)
                            .replace(Architecture.CONDITIONAL_GENERATION.configName(), architecture.configName()));
            if (architecture != Architecture.CONDITIONAL_GENERATION) { // what suits summaries only
                Path generation = model.resolve("generation_config.json");
                Files.writeString(
                        generation,
                        Files.readString(generation).replace("\"extractive\": true", "\"extractive\": false"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    public Outcome run(String... arguments) {
        Watched watched = new Watched();
        int status = run(watched, arguments);
        return new Outcome(status, watched.out(), watched.err());
    }

    /** Of a command that another thread watches as it runs. */
    public int run(Watched watched, String... arguments) {
        Terminal terminal = new Terminal(
                new PrintStream(watched.out, true, StandardCharsets.UTF_8),
                new PrintStream(watched.err, true, StandardCharsets.UTF_8),
                Terminal.ProgressStyle.PLAIN,
                confDirectory);
        return Longwing.run(terminal, backend(), arguments);
    }

    /** What a command has said so far. Thread-safe. */
    public static final class Watched {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private final ByteArrayOutputStream err = new ByteArrayOutputStream();

        public String out() {
            return out.toString(StandardCharsets.UTF_8);
        }

        public String err() {
            return err.toString(StandardCharsets.UTF_8);
        }
    }

    /** One session for all classes of tests in this process. */
    public static SparkSession spark() {
        return SparkSession.builder()
                .master("local[2]")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.host", "localhost")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.sql.shuffle.partitions", "2")
                .config("spark.executor.heartbeatInterval", "1s")
                .config("spark.sql.warehouse.dir", WAREHOUSE.toUri().toString())
                .getOrCreate();
    }

    public Backend backend() {
        return new Backend(new SmallFiles(model), new EchoTasks());
    }

    /** One model for every name. */
    private record SmallFiles(Path model) implements Models {
        @Override
        public ModelReference pin(ModelReference reference) {
            return reference;
        }

        @Override
        public LocatedModel describe(ModelReference pinned) {
            return new LocatedModel(
                    model,
                    Objects.requireNonNullElse(pinned.precision(), Precision.FLOAT32),
                    Objects.requireNonNullElse(pinned.randomBlocks(), RandomBlocks.REFERENCE),
                    Optional.empty());
        }

        @Override
        public LocatedModel check(ModelReference pinned) {
            return describe(pinned);
        }

        @Override
        public LocatedModel locate(ModelReference pinned) {
            return ModelLocator.ofThisMachine().locate(pinned);
        }

        @Override
        public void importInto(ModelReference pinned, Path target) {
            ModelLocator.ofThisMachine().importInto(pinned, target);
        }
    }
}
