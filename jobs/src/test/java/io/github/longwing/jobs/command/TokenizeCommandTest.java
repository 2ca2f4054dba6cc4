package io.github.longwing.jobs.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.longwing.jobs.TestCommands;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With the real tokenizer of the model that the jar carries, whose weights are not there. */
class TokenizeCommandTest {
    @TempDir
    private Path directory;

    private TestCommands commands;
    private Path input;
    private Path output;

    @BeforeEach
    void prepareCommands() {
        commands = TestCommands.in(directory);
        input = directory.resolve("texts.jsonl");
        output = directory.resolve("tokens.jsonl");
    }

    @Test
    void writesIdsAndOffsetsInCodePointsForEachText() throws IOException {
        String text = "A \uD83D\uDE00 smile and a word.";
        Files.writeString(input, "\uFEFF{\"text\": \"" + text + "\"}\n\n{\"text\": \"\"}\n");

        assertThat(tokenize().status()).isZero();

        List<String> lines = Files.readAllLines(output);
        assertThat(lines).hasSize(2);
        JsonObject tokens = JsonParser.parseString(lines.get(0)).getAsJsonObject();
        JsonArray ids = tokens.getAsJsonArray("ids");
        JsonArray offsets = tokens.getAsJsonArray("offsets");
        assertThat(offsets).hasSameSizeAs(ids);
        assertThat(ids.get(ids.size() - 1).getAsInt()).isEqualTo(1);
        StringBuilder covered = new StringBuilder();
        for (JsonElement span : offsets) {
            covered.append(slice(
                    text,
                    span.getAsJsonArray().get(0).getAsInt(),
                    span.getAsJsonArray().get(1).getAsInt()));
        }
        assertThat(covered.toString().replace(" ", "")).isEqualTo(text.replace(" ", ""));
        assertThat(lines.get(1)).isEqualTo("{\"ids\":[1],\"offsets\":[[0,0]]}");
    }

    @Test
    void namesTheLineThatHasNoText() throws IOException {
        Files.writeString(input, "{\"text\": \"good\"}\n{\"txt\": \"bad\"}\n");

        refuses("Cannot read --input " + input + ": line 2 has no text, expected {\"text\": \"...\"}");
    }

    @Test
    void namesTheLineThatIsNotJson() throws IOException {
        Files.writeString(input, "good text, but no JSON\n");

        TestCommands.Outcome outcome = tokenize();

        assertThat(outcome.status()).isEqualTo(2);
        assertThat(outcome.err().strip())
                .matches("Cannot read --input " + Pattern.quote(input.toString())
                        + ": line 1 is not JSON from its column \\d+ on, expected \\{\"text\": \"\\.\\.\\.\"\\}");
    }

    @Test
    void refusesATextThatIsNotUtf8() throws IOException {
        Files.write(input, "{\"text\": \"caf\u00E9\"}".getBytes(StandardCharsets.ISO_8859_1));

        TestCommands.Outcome outcome = tokenize();

        assertThat(outcome.status()).isEqualTo(2);
        assertThat(outcome.err()).contains("it is not UTF-8 in line 1, expected JSON lines in UTF-8");

        Files.write(input, "{\"text\": \"caf\"}\r\n\n{\"text\": \"caf\u00E9\"}".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(tokenize().err()).contains("it is not UTF-8 in line 3, expected JSON lines in UTF-8");
    }

    @Test
    void refusesFilesThatAreNotThere() throws IOException {
        refuses("Cannot read --input " + input + ": there is no such file, expected JSON lines");

        Files.writeString(input, "{\"text\": \"good\"}\n");
        output = directory.resolve("none/tokens.jsonl");
        TestCommands.Outcome outcome = tokenize();
        assertThat(outcome.status()).isEqualTo(2);
        assertThat(outcome.err())
                .startsWith("Cannot write --output " + output)
                .contains("expected a file in a directory that exists");
    }

    @Test
    void leavesNoHalfOfAnOutputAndKeepsTheOneBefore() throws IOException {
        Files.writeString(input, "{\"text\": \"good\"}\n{\"txt\": \"bad\"}\n");
        assertThat(tokenize().status()).isEqualTo(2);
        assertThat(output).doesNotExist();

        Files.writeString(output, "before");
        assertThat(tokenize().status()).isEqualTo(2);

        assertThat(output).hasContent("before");
        try (var files = Files.list(directory)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("model", "texts.jsonl", "tokens.jsonl");
        }
    }

    @Test
    void refusesToWriteOverItsInput() throws IOException {
        Files.writeString(input, "{\"text\": \"good\"}\n");
        output = Files.createSymbolicLink(directory.resolve("link"), input);

        refuses("Cannot write --output " + output + ": it is the file of --input, expected another; name a new one");
        assertThat(input).hasContent("{\"text\": \"good\"}");
    }

    private TestCommands.Outcome tokenize() {
        return commands.run("tokenize", "--input", input.toString(), "--output", output.toString());
    }

    private void refuses(String sentence) {
        TestCommands.Outcome outcome = tokenize();
        assertThat(outcome.status()).isEqualTo(2);
        assertThat(outcome.err()).isEqualToIgnoringNewLines(sentence);
    }

    private static String slice(String text, int begin, int end) {
        return text.substring(text.offsetByCodePoints(0, begin), text.offsetByCodePoints(0, end));
    }
}
