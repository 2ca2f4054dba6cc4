package io.github.longwing.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.longwing.jobs.command.Backend;
import io.github.longwing.jobs.console.Terminal;
import io.github.longwing.spark.task.SparkTask;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Small random models, one for each task, imported into a directory. */
record TinyModels(Path directory) {
    private static final Path MODELS = Path.of("src", "test", "resources", "tiny");

    private static final Map<String, String> FOLDERS = Map.of(
            "summarize",
            "summaries",
            "classify",
            "labels",
            "answer",
            "answers",
            "generate",
            "prompts",
            "embed",
            "summaries");

    static TinyModels importAll(Path directory) throws IOException {
        TinyModels models = new TinyModels(directory);
        for (String folder : List.of("summaries", "labels", "answers", "prompts")) {
            Path source = Files.createDirectories(directory.resolve("source").resolve(folder));
            for (String file : List.of("config.json", "model.safetensors")) {
                Files.copy(MODELS.resolve(folder).resolve(file), source.resolve(file));
            }
            try (InputStream vocabulary = TinyModels.class.getResourceAsStream(
                    "/io/github/longwing/models/sentence-summarizer/spiece.model")) {
                Files.copy(vocabulary, source.resolve("spiece.model"));
            }
            if (!folder.equals("labels") && !folder.equals("answers")) {
                Files.writeString(
                        source.resolve("generation_config.json"),
                        "{\"num_beams\": 2, \"min_length\": 0, \"max_new_tokens\": 6}");
            }
            run(
                    "import",
                    "--model",
                    source.toString(),
                    "--output",
                    directory.resolve(folder).toString());
        }
        return models;
    }

    String of(SparkTask<?, ?> task) {
        return directory.resolve(FOLDERS.get(task.name())).toString();
    }

    /** Runs a command with real models, which has to succeed. */
    static void run(String... arguments) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(
                new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                Terminal.ProgressStyle.PLAIN,
                Optional.empty());
        assertThat(Longwing.run(terminal, Backend.standard(), arguments))
                .as(err.toString(StandardCharsets.UTF_8))
                .isZero();
    }
}
