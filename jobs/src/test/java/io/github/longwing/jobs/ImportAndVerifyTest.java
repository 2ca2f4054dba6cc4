package io.github.longwing.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model of a few thousand weights from its checkpoint to a report, with real sessions. */
class ImportAndVerifyTest {
    private static final Path GOLDEN = Path.of("..", "pipeline/src/test/resources/goldens/shapes/relu-one-head");

    @TempDir
    private Path directory;

    private TestCommands commands;
    private Path model;
    private Path report;

    @BeforeEach
    void prepareCommands() {
        commands = TestCommands.in(directory);
        model = directory.resolve("imported");
        report = directory.resolve("report.json");
    }

    @Test
    void importsAndVerifies() throws IOException {
        TestCommands.Outcome imported =
                commands.run("import", "--model", GOLDEN.toString(), "--output", model.toString());
        assertThat(imported.status()).as(imported.err()).isZero();
        assertThat(imported.out()).matches("Imported relu-one-head@[0-9a-f]{12} into " + model + " in \\d+\\.\\d s\\R");

        TestCommands.Outcome verified = verify(GOLDEN);

        assertThat(verified.status()).as(verified.err()).isZero();
        assertThat(verified.out()).isEmpty();
        JsonArray cases = JsonParser.parseString(Files.readString(GOLDEN.resolve("cases.json")))
                .getAsJsonArray();
        JsonArray entries = JsonParser.parseString(Files.readString(report)).getAsJsonArray();
        assertThat(entries).hasSameSizeAs(cases);
        for (int i = 0; i < entries.size(); i++) {
            JsonObject entry = entries.get(i).getAsJsonObject();
            assertThat(entry.get("case"))
                    .isEqualTo(cases.get(i).getAsJsonObject().get("case"));
            assertThat(entry.get("kind"))
                    .isEqualTo(cases.get(i).getAsJsonObject().get("kind"));
            assertThat(entry.get("passed").getAsBoolean()).isTrue();
            assertThat(entry.keySet()).contains("max_abs_diff", "tolerance", "rule");
        }
        assertThat(verified.err()).contains(cases.size() + " of " + cases.size() + " cases passed");
    }

    @Test
    void failsForACaseThatDiffersAndForOneThatWasNotRun() throws IOException {
        assertThat(commands.run("import", "--model", GOLDEN.toString(), "--output", model.toString())
                        .status())
                .isZero();
        Path changed = directory.resolve("cases");
        copy(GOLDEN, changed);
        String cases = Files.readString(GOLDEN.resolve("cases.json"));
        Files.writeString(
                changed.resolve("cases.json"),
                cases.substring(0, cases.lastIndexOf(']')) + ", {\"case\": \"new\", \"kind\": \"dance\"}]");

        TestCommands.Outcome verified = verify(changed);

        assertThat(verified.status()).isEqualTo(1);
        assertThat(verified.err()).contains("FAILED  new: kind is dance");
        JsonArray entries = JsonParser.parseString(Files.readString(report)).getAsJsonArray();
        JsonObject last = entries.get(entries.size() - 1).getAsJsonObject();
        assertThat(last.get("passed").getAsBoolean()).isFalse();
        assertThat(last.get("max_abs_diff").isJsonNull()).isTrue();
    }

    @Test
    void printsTheReportWithoutAFileForIt() {
        assertThat(commands.run("import", "--model", GOLDEN.toString(), "--output", model.toString())
                        .status())
                .isZero();

        TestCommands.Outcome verified =
                commands.run("verify", "--model", model.toString(), "--cases", GOLDEN.toString());

        assertThat(JsonParser.parseString(verified.out()).isJsonArray()).isTrue();
    }

    @Test
    void refusesToImportOverWhatIsThere() throws IOException {
        Files.createDirectories(model);
        Files.writeString(model.resolve("mine.txt"), "mine");

        refuses("import", "--model", GOLDEN.toString(), "--output", model.toString())
                .startsWith("Cannot import into " + model + ": it exists and is not empty");
        assertThat(model.resolve("mine.txt")).hasContent("mine");
    }

    @Test
    void refusesToImportWhatIsImported() {
        assertThat(commands.run("import", "--model", GOLDEN.toString(), "--output", model.toString())
                        .status())
                .isZero();

        refuses(
                        "import",
                        "--model",
                        model.toString(),
                        "--output",
                        directory.resolve("twice").toString())
                .startsWith("Cannot import " + model + ": it is a model directory already");
    }

    @Test
    void refusesADamagedModelByTheNameOfTheFile() throws IOException {
        assertThat(commands.run("import", "--model", GOLDEN.toString(), "--output", model.toString())
                        .status())
                .isZero();
        Path weights = model.resolve("weights.bin");
        byte[] bytes = Files.readAllBytes(weights);
        bytes[bytes.length / 2] ^= 1;
        Files.write(weights, bytes);

        refuses("verify", "--model", model.toString(), "--cases", GOLDEN.toString())
                .startsWith("Cannot load the model in " + model + ": weights.bin has ")
                .contains("import the model again");
    }

    @Test
    void refusesASettingThatTheModelWasNotImportedWith() {
        assertThat(commands.run("import", "--model", GOLDEN.toString(), "--output", model.toString())
                        .status())
                .isZero();

        refuses("verify", "--model", model.toString(), "--cases", GOLDEN.toString(), "--precision", "int8")
                .startsWith(
                        "Cannot use the model in " + model + ": it was imported with precision float32, expected int8");
    }

    @Test
    void refusesWhatIsNoModel() throws IOException {
        Path empty = Files.createDirectory(directory.resolve("empty"));

        refuses("import", "--model", empty.toString(), "--output", model.toString())
                .contains("config.json");
        refuses("import", "--model", directory.resolve("none").toString(), "--output", model.toString())
                .startsWith("Cannot find the model ");
        refuses("import", "--output", model.toString())
                .startsWith("Cannot go on without --model: expected --model MODEL");
        assertThat(model).doesNotExist();
    }

    private TestCommands.Outcome verify(Path cases) {
        return commands.run(
                "verify", "--model", model.toString(), "--cases", cases.toString(), "--report", report.toString());
    }

    private org.assertj.core.api.AbstractStringAssert<?> refuses(String... arguments) {
        TestCommands.Outcome outcome = commands.run(arguments);
        assertThat(outcome.status()).as(outcome.err()).isEqualTo(2);
        assertThat(outcome.err().lines()).hasSize(1);
        return assertThat(outcome.err().strip());
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            List<Path> all = files.toList();
            for (Path file : all) {
                Files.copy(file, to.resolve(file.getFileName().toString()));
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
