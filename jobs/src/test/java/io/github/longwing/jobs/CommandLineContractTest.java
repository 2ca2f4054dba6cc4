package io.github.longwing.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.longwing.config.GenerationConfig;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names that scripts rely on. */
class CommandLineContractTest {
    private static final List<String> OF_EVERY_JOB = List.of(
            "--model",
            "--input",
            "--format",
            "--table",
            "--output",
            "--output-table",
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
            "--newlines",
            "--max-source-tokens");

    @TempDir
    private Path directory;

    @Test
    void summarizeHasTheOptionsOfEveryJobAndThoseOfGeneration() {
        String help = help("summarize");

        assertThat(help).contains(OF_EVERY_JOB).contains(OF_GENERATION);
    }

    @Test
    void generationOptionsAreThoseThatTheGenerationKnows() {
        List<String> known = Arrays.stream(GenerationConfig.class.getRecordComponents())
                .map(RecordComponent::getName)
                .map(CommandLineContractTest::kebabCase)
                .toList();

        assertThat(GenerationOptions.keys()).containsExactlyInAnyOrderElementsOf(known);
    }

    @Test
    void tokenizeHasItsOptions() {
        assertThat(help("tokenize")).contains("--model", "--input", "--output");
    }

    @Test
    void helpNamesTheCommands() {
        assertThat(help()).contains("summarize", "tokenize", "--version");
    }

    @Test
    void versionIsOneLine() {
        TestCommands.Outcome outcome = TestCommands.in(directory).run("--version");

        assertThat(outcome.status()).isZero();
        assertThat(outcome.out()).matches("longwing \\d+\\.\\d+\\.\\d+\\S* \\(Java \\d+, .+\\)\\R");
    }

    @Test
    void theFileOfSettingsThatTheJarCarriesSetsNothing() {
        List<String> keys = List.of("num-beams");

        assertThat(ConfLayer.ofJob("summarize", java.util.Optional.empty(), keys)
                        .values())
                .isEmpty();
    }

    private String help(String... command) {
        String[] arguments = Arrays.copyOf(command, command.length + 1);
        arguments[command.length] = "--help";
        TestCommands.Outcome outcome = TestCommands.in(directory).run(arguments);
        assertThat(outcome.status()).isZero();
        assertThat(outcome.err()).isEmpty();
        return outcome.out();
    }

    private static String kebabCase(String camelCase) {
        return camelCase.replaceAll("([A-Z])", "-$1").toLowerCase(java.util.Locale.ROOT);
    }
}
