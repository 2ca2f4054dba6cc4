package io.github.longwing.benchmarks;

import com.google.gson.Gson;
import io.github.longwing.task.Document;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The documents of {@code examples/} and the embedded model, as files for those who want files. */
final class SampleCorpus {
    private static final String DOCUMENTS = "/io/github/longwing/benchmarks/examples/summarization.jsonl";
    private static final String MODEL = "/io/github/longwing/models/sentence-summarizer/";
    private static final List<String> TOKENIZER_FILES = List.of("config.json", "spiece.model");
    private static final List<String> MODEL_FILES =
            List.of("config.json", "generation_config.json", "model.safetensors", "spiece.model");

    private SampleCorpus() {}

    static List<Document> documents() {
        Gson gson = new Gson();
        return new String(resource(DOCUMENTS), StandardCharsets.UTF_8)
                .lines()
                .map(line -> gson.fromJson(line, Document.class))
                .toList();
    }

    /** Puts what a tokenizer is loaded from into a directory. */
    static void copyTokenizer(Path directory) {
        copy(TOKENIZER_FILES, directory);
    }

    /** Puts the transformers directory of the embedded model into a directory. */
    static void copyModel(Path directory) {
        copy(MODEL_FILES, directory);
    }

    private static void copy(List<String> files, Path directory) {
        for (String file : files) {
            try {
                Files.write(directory.resolve(file), resource(MODEL + file));
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot write " + directory.resolve(file), e);
            }
        }
    }

    private static byte[] resource(String name) {
        try (InputStream in = SampleCorpus.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("Cannot read " + name + ": it is not on the class path");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + name, e);
        }
    }
}
