package io.github.longwing.jobs.command;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.github.longwing.spark.models.LocatedModel;
import io.github.longwing.error.DocumentException;
import io.github.longwing.error.UserException;
import io.github.longwing.jobs.console.ExitStatus;
import io.github.longwing.jobs.console.Failures;
import io.github.longwing.spark.options.ModelReference;
import io.github.longwing.tokenizer.TokenizedDocument;
import io.github.longwing.tokenizer.Tokenizer;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Turns texts into token ids and offsets. */
@Command(
        name = "tokenize",
        sortOptions = false,
        customSynopsis = "longwing tokenize [--model MODEL] --input FILE --output FILE",
        description = {
            "Reads JSON lines {\"text\": ...} and writes JSON lines {\"ids\": [...], \"offsets\": [[begin, end], ...]}.",
            "Offsets count Unicode code points of the text as given. Only the model's tokenizer files and config.json",
            "are read."
        })
public final class TokenizeCommand implements Callable<Integer> {
    private final Backend backend;

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            description = "As for jobs. Default: the small model that the jar carries.")
    private String model;

    @Option(names = "--input", paramLabel = "FILE", required = true, description = "The texts, as JSON lines.")
    private Path input;

    @Option(names = "--output", paramLabel = "FILE", required = true, description = "Where the tokens go.")
    private Path output;

    public TokenizeCommand(Backend backend) {
        this.backend = backend;
    }

    @Override
    public Integer call() {
        try (BufferedReader reader = Files.newBufferedReader(input)) {
            ModelReference reference = model == null ? ModelReference.embedded() : ModelReference.at(model);
            try (LocatedModel files =
                            backend.models().describe(backend.models().pin(reference));
                    Tokenizer tokenizer = Tokenizer.load(files.directory());
                    BufferedWriter writer = writer()) {
                tokenize(tokenizer, reader, writer);
            }
        } catch (NoSuchFileException e) {
            throw new UserException("Cannot read --input " + input + ": there is no such file, expected JSON lines", e);
        } catch (IOException e) {
            throw new UserException(
                    "Cannot tokenize " + input + " into " + output + ": " + e + ", expected JSON lines in UTF-8", e);
        }
        return ExitStatus.OK.code();
    }

    private BufferedWriter writer() {
        try {
            return Files.newBufferedWriter(output);
        } catch (IOException e) {
            throw new UserException(
                    "Cannot write --output " + output + ": " + e + ", expected a file in a directory that exists", e);
        }
    }

    private void tokenize(Tokenizer tokenizer, BufferedReader reader, BufferedWriter writer) throws IOException {
        int number = 0;
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            number++;
            if (!line.isBlank()) {
                writer.write(json(tokens(tokenizer, text(line, number), number)).toString());
                writer.write('\n');
            }
        }
    }

    private TokenizedDocument tokens(Tokenizer tokenizer, String text, int number) {
        try {
            return tokenizer.tokenize(text);
        } catch (DocumentException e) {
            throw new UserException("Cannot tokenize line " + number + " of " + input + ": " + e.getMessage(), e);
        }
    }

    private String text(String line, int number) {
        try {
            JsonElement element = JsonParser.parseString(number == 1 ? line.replaceFirst("^\uFEFF", "") : line);
            if (element.isJsonObject()) {
                JsonElement text = element.getAsJsonObject().get("text");
                if (text != null
                        && text.isJsonPrimitive()
                        && text.getAsJsonPrimitive().isString()) {
                    return text.getAsString();
                }
            }
        } catch (JsonParseException e) {
            throw unexpected(number, e);
        }
        throw unexpected(number, null);
    }

    private UserException unexpected(int number, JsonParseException cause) {
        return new UserException(
                "Cannot read --input " + input + ": line " + number
                        + (cause == null ? " has no text" : " is not JSON (" + Failures.firstLine(cause) + ")")
                        + ", expected {\"text\": \"...\"}",
                cause);
    }

    private static JsonObject json(TokenizedDocument document) {
        JsonArray ids = new JsonArray(document.ids().length);
        JsonArray offsets = new JsonArray(document.ids().length);
        for (int i = 0; i < document.ids().length; i++) {
            ids.add(document.ids()[i]);
            JsonArray span = new JsonArray(2);
            span.add(document.begins()[i]);
            span.add(document.ends()[i]);
            offsets.add(span);
        }
        JsonObject json = new JsonObject();
        json.add("ids", ids);
        json.add("offsets", offsets);
        return json;
    }
}
