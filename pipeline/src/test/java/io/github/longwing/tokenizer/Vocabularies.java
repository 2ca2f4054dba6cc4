package io.github.longwing.tokenizer;

import com.google.gson.Gson;
import com.google.gson.annotations.SerializedName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The small vocabularies among the test resources, with what transformers makes of some texts. */
final class Vocabularies {
    static final Path PEGASUS = directory("pegasus");
    static final Path BIGBIRD = directory("bigbird");
    static final Path BYTE_FALLBACK = directory("byte-fallback");
    static final Path IDENTITY = directory("identity");
    /** A tokenizer.json as transformers saves it, of the same pieces as {@link #BIGBIRD} in the layout of PEGASUS. */
    static final Path SAVED = directory("saved");
    /** A tokenizer.json as the Hub has it for BigBirdPegasus, with truncation, padding and cleaning-up asked for. */
    static final Path HUB = directory("hub");

    private Vocabularies() {}

    /** A text and what transformers makes of it. */
    record Case(String text, List<Integer> ids, List<List<Integer>> offsets, String decoded) {
        int[] idArray() {
            return ids.stream().mapToInt(Integer::intValue).toArray();
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** A text that spells control tokens, as SentencePiece reads it (as text) and as transformers does (as tokens). */
    record ControlCase(
            String text,
            @SerializedName("as_text") List<Integer> asText,
            @SerializedName("as_tokens") List<Integer> asTokens) {
        @Override
        public String toString() {
            return text;
        }
    }

    static List<Case> cases(Path vocabulary) {
        return lines(vocabulary.resolve("cases.jsonl"), Case.class);
    }

    static List<ControlCase> controlCases(Path vocabulary) {
        return lines(vocabulary.resolve("control-tokens.jsonl"), ControlCase.class);
    }

    private static Path directory(String name) {
        return Path.of("src/test/resources/tokenizer", name);
    }

    private static <T> List<T> lines(Path file, Class<T> type) {
        Gson gson = new Gson();
        try {
            return Files.readAllLines(file).stream()
                    .map(line -> gson.fromJson(line, type))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
