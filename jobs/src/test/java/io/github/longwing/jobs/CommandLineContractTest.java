package io.github.longwing.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.longwing.config.GenerationOption;
import io.github.longwing.jobs.conf.ConfLayer;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names that scripts rely on. */
class CommandLineContractTest {
    private static final List<String> OF_EVERY_JOB = List.of(
            "--model",
            "--input",
            "--format",
            "--table",
            "--output",
            "--output-table",
            "--deduplicate",
            "--sort-by-length",
            "--mode",
            "--id-column",
            "--text-column",
            "--keep-columns",
            "--partition-by",
            "--limit",
            "--dry-run",
            "--random-blocks",
            "--precision",
            "--on-error",
            "--max-errors",
            "--conf-file",
            "--set",
            "--conf",
            "--master",
            "--result-prefix",
            "--verbose");

    private static final List<String> OF_GENERATION = List.of(
            "--num-beams",
            "--length-penalty",
            "--max-length",
            "--min-length",
            "--max-new-tokens",
            "--no-repeat-ngram-size",
            "--early-stopping",
            "--repetition-penalty",
            "--num-return-sequences",
            "--do-sample",
            "--temperature",
            "--top-k",
            "--top-p",
            "--seed",
            "--newlines");

    private static final List<String> OF_READING =
            List.of("--max-source-tokens", "--long-documents", "--window-overlap", "--locale");

    @TempDir
    private Path directory;

    @Test
    void summarizeHasTheOptionsOfEveryJobAndThoseOfGeneration() {
        assertThat(help("summarize"))
                .contains(OF_EVERY_JOB)
                .contains(OF_READING)
                .contains(OF_GENERATION)
                .contains("--evidence", "truncate|windows|hierarchical")
                .contains("--extractive", "--no-extractive", "--sentence-order=document|model")
                .contains("--max-sentences", "--sentence-prior");
    }

    @Test
    void classifyHasItsOptions() {
        assertThat(help("classify"))
                .contains(OF_EVERY_JOB)
                .contains(OF_READING)
                .contains("--top-k", "--threshold", "--pooling=mean|max", "--evidence")
                .doesNotContain("hierarchical", "--num-beams");
    }

    @Test
    void answerHasItsOptions() {
        assertThat(help("answer"))
                .contains(OF_EVERY_JOB)
                .contains(OF_READING)
                .contains("--question-column", "--questions-column", "--n-best", "--max-answer-length")
                .contains("--no-answer-threshold");
    }

    @Test
    void generateHasTheOptionsOfGenerationAndNoWindows() {
        assertThat(help("generate"))
                .contains(OF_EVERY_JOB)
                .contains(OF_GENERATION)
                .contains("--max-prompt-tokens")
                .doesNotContain(OF_READING);
    }

    @Test
    void embedHasItsOptions() {
        assertThat(help("embed"))
                .contains(OF_EVERY_JOB)
                .contains(OF_READING)
                .contains("--pooling=mean|eos", "--normalize");
    }

    @ParameterizedTest
    @ValueSource(strings = {"summarize", "generate"})
    void everyGenerationOptionSaysItsMeaningItsRangeAndItsDefault(String command) {
        String help = withoutSpaces(help(command)); // lines break at spaces and hyphens

        List<GenerationOption<?>> options = new ArrayList<>(GenerationOption.all());
        if (command.equals("generate")) {
            assertThat(help).as("a prompt has no sentences to choose from").doesNotContain("--extractive");
            options.removeAll(GenerationOption.ofSentences());
        }
        for (GenerationOption<?> option : options) {
            assertThat(help)
                    .contains("--" + option.key() + (option.isFlag() ? "[=" : "=") + option.label())
                    .contains(withoutSpaces(option.help() + " Allowed: " + option.range() + ". Default: "
                            + option.defaultText() + "."));
        }
    }

    private static String withoutSpaces(String text) {
        return text.replaceAll("\\s", "");
    }

    @Test
    void tokenizeHasItsOptions() {
        assertThat(help("tokenize")).contains("--model", "--input", "--output");
    }

    @Test
    void helpNamesTheCommands() {
        assertThat(help()).contains("summarize", "classify", "answer", "generate", "embed", "tokenize", "--version");
    }

    @Test
    void versionIsOneLine() {
        TestCommands.Outcome outcome = TestCommands.in(directory).run("--version");

        assertThat(outcome.status()).isZero();
        assertThat(outcome.out()).matches("longwing \\d+\\.\\d+\\.\\d+\\S* \\(Java \\d+, .+\\)\\R");
    }

    @ParameterizedTest
    @ValueSource(strings = {"summarize", "classify", "answer", "generate", "embed"})
    void theFileOfSettingsThatTheJarCarriesSetsNothingAndNamesOptions(String job) throws IOException {
        Properties commented = new Properties();
        try (InputStream file = Longwing.class.getResourceAsStream("conf/" + job + ".properties")) {
            String lines = new String(file.readAllBytes(), StandardCharsets.UTF_8);
            commented.load(new StringReader(lines.replaceAll("(?m)^#(?=[a-z-]+=)", "")));
        }

        assertThat(ConfLayer.ofJob(job, Optional.empty(), List.of()).values()).isEmpty();
        assertThat(commented).isNotEmpty();
        String help = help(job);
        assertThat(commented.stringPropertyNames()).allMatch(key -> help.contains("--" + key));
    }

    private String help(String... command) {
        String[] arguments = Arrays.copyOf(command, command.length + 1);
        arguments[command.length] = "--help";
        TestCommands.Outcome outcome = TestCommands.in(directory).run(arguments);
        assertThat(outcome.status()).isZero();
        assertThat(outcome.err()).isEmpty();
        return outcome.out();
    }
}
