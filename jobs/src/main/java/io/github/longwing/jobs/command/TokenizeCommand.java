package io.github.longwing.jobs.command;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.github.longwing.error.DocumentException;
import io.github.longwing.error.UserException;
import io.github.longwing.jobs.console.ExitStatus;
import io.github.longwing.jobs.console.FileFailure;
import io.github.longwing.spark.models.LocatedModel;
import io.github.longwing.spark.models.Models;
import io.github.longwing.spark.options.ModelReference;
import io.github.longwing.tokenizer.TokenizedDocument;
import io.github.longwing.tokenizer.Tokenizer;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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
    private static final Logger LOG = LoggerFactory.getLogger(TokenizeCommand.class);
    private static final Pattern COLUMN = Pattern.compile("column (\\d+)");

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
        requireAnotherFile();
        try (LineReader reader = LineReader.open(input)) {
            Models models = backend.models();
            ModelReference reference = model == null ? ModelReference.embedded() : ModelReference.at(model);
            try (LocatedModel files = models.describe(models.pin(reference));
                    Tokenizer tokenizer = Tokenizer.load(files.directory())) {
                write(tokenizer, reader);
            }
        } catch (NoSuchFileException e) {
            throw new UserException("Cannot read --input " + input + ": there is no such file, expected JSON lines", e);
        } catch (IOException e) {
            throw new UserException(
                    "Cannot read --input " + input + ": "
                            + (Files.isDirectory(input) ? "it is a directory" : FileFailure.reason(e))
                            + ", expected a file of JSON lines in UTF-8",
                    e);
        }
        return ExitStatus.OK.code();
    }

    /** The output is opened before the input is read. */
    private void requireAnotherFile() {
        try {
            if (Files.exists(input) && Files.exists(output) && Files.isSameFile(input, output)) {
                throw new UserException("Cannot write --output " + output
                        + ": it is the file of --input, expected another; name a new one");
            }
        } catch (IOException e) {
            throw new UserException(
                    "Cannot write --output " + output + ": " + FileFailure.reason(e)
                            + ", expected a file in a directory that exists",
                    e);
        }
    }

    /** Beside the output, which appears when it is complete; what is no file, such as a pipe, is written as it is. */
    private void write(Tokenizer tokenizer, LineReader reader) {
        boolean isFile = !Files.exists(output) || Files.isRegularFile(output);
        Path name = output.toAbsolutePath();
        Path written = isFile
                ? name.resolveSibling(
                        "." + name.getFileName() + "." + ProcessHandle.current().pid() + ".tmp")
                : output;
        try {
            try (BufferedWriter writer = Files.newBufferedWriter(written)) {
                tokenize(tokenizer, reader, writer);
            }
            if (isFile) {
                Files.move(
                        written,
                        Files.exists(output) ? output.toRealPath() : name,
                        StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new UserException(
                    "Cannot write --output " + output + ": "
                            + (Files.isDirectory(output) ? "it is a directory" : FileFailure.reason(e))
                            + ", expected a file in a directory that exists and has room",
                    e);
        } finally {
            if (isFile) {
                deleteUnfinished(written);
            }
        }
    }

    private static void deleteUnfinished(Path written) {
        try {
            Files.deleteIfExists(written);
        } catch (IOException e) {
            LOG.warn("Cannot delete the unfinished {}: {}", written, FileFailure.reason(e));
        }
    }

    private void tokenize(Tokenizer tokenizer, LineReader reader, BufferedWriter writer) throws IOException {
        for (Optional<String> line = next(reader); line.isPresent(); line = next(reader)) {
            if (!line.get().isBlank()) {
                writer.write(json(tokens(tokenizer, text(line.get(), reader.number()), reader.number()))
                        .toString());
                writer.write('\n');
            }
        }
    }

    private Optional<String> next(LineReader reader) {
        try {
            return reader.next();
        } catch (IOException e) {
            throw new UserException(
                    "Cannot read --input " + input + ": " + FileFailure.reason(e) + " in line " + (reader.number() + 1)
                            + ", expected JSON lines in UTF-8; convert the file",
                    e);
        }
    }

    /** Lines with their numbers. */
    private static final class LineReader implements AutoCloseable {
        private final BufferedReader reader;
        private int number;

        private LineReader(BufferedReader reader) {
            this.reader = reader;
        }

        static LineReader open(Path file) throws IOException {
            if (Files.isDirectory(file)) { // which opens on some systems, and fails at the first line
                throw new IOException(file + " is a directory");
            }
            // as bytes, since a reader of UTF-8 decodes ahead and fails some lines before the damaged one
            return new LineReader(Files.newBufferedReader(file, StandardCharsets.ISO_8859_1));
        }

        Optional<String> next() throws IOException {
            String bytes = reader.readLine();
            String line = bytes == null
                    ? null
                    : StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1)))
                            .toString();
            number++;
            return Optional.ofNullable(line);
        }

        int number() {
            return number;
        }

        @Override
        public void close() throws IOException {
            reader.close();
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
                        + (cause == null ? " has no text" : " is not JSON" + position(cause))
                        + ", expected {\"text\": \"...\"}",
                cause);
    }

    /** Where it stops being JSON; the rest of the message is for programmers. */
    private static String position(JsonParseException cause) {
        Matcher column = COLUMN.matcher(String.valueOf(cause.getMessage()));
        return column.find() ? " from its column " + column.group(1) + " on" : "";
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
