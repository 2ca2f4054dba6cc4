package io.github.longwing.benchmarks;

import com.google.gson.Gson;
import io.github.longwing.error.UserException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** The document that both sides read, in tokens: the last one is the eos. Immutable. */
final class TokenIds {
    private final int[] ids;

    TokenIds(int[] ids) {
        this.ids = ids.clone();
    }

    /** Reads a JSON list of ids. */
    static TokenIds read(Path file) {
        try {
            return new TokenIds(new Gson().fromJson(Files.readString(file), int[].class));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the token ids in " + file, e);
        }
    }

    /** A shorter document: the first ids, and the eos in the place of the last of them. */
    int[] cutTo(int length) {
        if (length < 1 || length > ids.length) {
            throw new UserException("Cannot measure " + length + " tokens: the file of ids has " + ids.length
                    + ", expected a length from 1 to that");
        }
        int[] cut = Arrays.copyOf(ids, length);
        cut[length - 1] = ids[ids.length - 1];
        return cut;
    }
}
