package io.github.longwing.jobs.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.longwing.config.BigBirdPegasusConfig;
import io.github.longwing.jobs.TestCommands;
import io.github.longwing.jobs.console.Terminal;
import io.github.longwing.spark.models.LocatedModel;
import io.github.longwing.spark.models.Models;
import io.github.longwing.spark.options.ModelReference;
import io.github.longwing.spark.task.SparkTask;
import io.github.longwing.task.embed.EmbedderOptions;
import io.github.longwing.task.embed.Embedding;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

/** What a job does once, however many of its steps need it. */
class TaskJobTest {
    @TempDir
    private Path directory;

    private final List<String> calls = new ArrayList<>();

    @Test
    void aRunFindsItsModelAndFitsItsOptionsToItOnce() throws IOException {
        run("--output", directory.resolve("out").toString());

        assertThat(calls).containsExactly("pin", "check", "fit");
    }

    @Test
    void aDryRunFitsItsOptionsOnceToAModelWhoseWeightsItDoesNotLookAt() throws IOException {
        run("--dry-run");

        assertThat(calls).containsExactly("pin", "describe", "fit");
    }

    @Test
    void aRunLeavesTheTokenizerToItsTasks() throws IOException {
        TestCommands commands = TestCommands.in(directory);
        Files.writeString(commands.model().resolve("spiece.model"), "nothing that a tokenizer can be made of");

        run(commands, "--output", directory.resolve("out").toString());

        assertThat(directory.resolve("out/_SUCCESS")).exists();
    }

    private void run(String... more) throws IOException {
        run(TestCommands.in(directory), more);
    }

    private void run(TestCommands commands, String... more) throws IOException {
        TestCommands.spark();
        Backend backend = commands.backend();
        Path input = Files.writeString(directory.resolve("in.jsonl"), "{\"id\": \"a\", \"text\": \"some words\"}\n");
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(said, true, StandardCharsets.UTF_8);
        Terminal terminal = new Terminal(stream, stream, Terminal.ProgressStyle.PLAIN, Optional.empty());
        List<String> arguments = new ArrayList<>(List.of("--input", input.toString()));
        arguments.addAll(List.of(more));

        CommandLine command = TaskCommand.of(
                new Counted(new EmbedArguments()),
                terminal,
                new Backend(new CountedModels(backend.models()), backend.taskRun()));
        int status = command.setCaseInsensitiveEnumValuesAllowed(true).execute(arguments.toArray(String[]::new));

        assertThat(status).as(said.toString(StandardCharsets.UTF_8)).isZero();
    }

    @Command
    private final class Counted implements TaskArguments<EmbedderOptions, Embedding> {
        private final EmbedArguments arguments;

        private Counted(EmbedArguments arguments) {
            this.arguments = arguments;
        }

        @Override
        public SparkTask<EmbedderOptions, Embedding> task() {
            return arguments.task();
        }

        @Override
        public void addSharedOptions(CommandSpec command) {
            command.addMixin("counted", CommandSpec.forAnnotatedObject(arguments));
            arguments.addSharedOptions(command);
        }

        @Override
        public EmbedderOptions options() {
            return arguments.options();
        }

        @Override
        public FittedTask<EmbedderOptions> fit(Path files, BigBirdPegasusConfig config) {
            calls.add("fit");
            return arguments.fit(files, config);
        }
    }

    private final class CountedModels implements Models {
        private final Models models;

        private CountedModels(Models models) {
            this.models = models;
        }

        @Override
        public ModelReference pin(ModelReference reference) {
            calls.add("pin");
            return models.pin(reference);
        }

        @Override
        public LocatedModel describe(ModelReference pinned) {
            calls.add("describe");
            return models.describe(pinned);
        }

        @Override
        public LocatedModel check(ModelReference pinned) {
            calls.add("check");
            return models.describe(pinned); // there are no weights
        }

        @Override
        public LocatedModel locate(ModelReference pinned) {
            calls.add("locate");
            return models.locate(pinned);
        }

        @Override
        public void importInto(ModelReference pinned, Path target) {
            calls.add("import");
            models.importInto(pinned, target);
        }
    }
}
