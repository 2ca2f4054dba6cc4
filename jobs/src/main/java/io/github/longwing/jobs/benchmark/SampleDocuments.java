package io.github.longwing.jobs.benchmark;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.github.longwing.error.UserException;
import io.github.longwing.jobs.console.Failures;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Documents to measure with: JSON lines with {@code text} and, where there is one, a {@code summary} to compare with. */
public final class SampleDocuments {
    private static final String RESOURCE = "/io/github/longwing/jobs/examples/summarization.jsonl";

    private SampleDocuments() {}

    /** A document; the summary is a human's. */
    public record Sample(String text, Optional<String> summary) {}

    /** The sample documents that the jar carries. */
    public static List<Sample> embedded() {
        try (InputStream stream = SampleDocuments.class.getResourceAsStream(RESOURCE)) {
            if (stream == null) {
                throw new IllegalStateException("The jar has no " + RESOURCE);
            }
            return read(new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8)), RESOURCE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static List<Sample> read(Path file) {
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            return read(reader, file.toString());
        } catch (IOException | UncheckedIOException e) {
            throw new UserException(
                    "Cannot read --input " + file + ": " + e.getMessage() + ", expected JSON lines with a text", e);
        }
    }

    private static List<Sample> read(BufferedReader reader, String origin) {
        List<Sample> samples = reader.lines()
                .filter(line -> !line.isBlank())
                .map(line -> sample(line, origin))
                .collect(Collectors.toList());
        if (samples.isEmpty()) {
            throw new UserException("Cannot read " + origin + ": it is empty, expected JSON lines with a text");
        }
        return samples;
    }

    private static Sample sample(String line, String origin) {
        try {
            JsonElement element = JsonParser.parseString(line);
            if (element.isJsonObject() && element.getAsJsonObject().has("text")) {
                JsonObject object = element.getAsJsonObject();
                return new Sample(
                        object.get("text").getAsString(),
                        Optional.ofNullable(object.get("summary"))
                                .filter(JsonElement::isJsonPrimitive)
                                .map(JsonElement::getAsString));
            }
        } catch (JsonParseException | UnsupportedOperationException | IllegalStateException e) {
            throw new UserException(
                    "Cannot read " + origin + ": a line is no JSON object with a text (" + Failures.firstLine(e)
                            + "), expected {\"text\": \"...\"}",
                    e);
        }
        throw new UserException("Cannot read " + origin + ": a line has no text, expected {\"text\": \"...\"}");
    }
}
