package io.github.longwing.jobs;

import io.github.longwing.error.DocumentException;
import io.github.longwing.error.DocumentException.Kind;
import io.github.longwing.fileformat.DocumentReader;
import io.github.longwing.fileformat.ReadDocument;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Reads texts of which the first line is a title, where there are two; found as a service, as the real one is. */
public final class FakeReader implements DocumentReader {
    /** The names of all files that were read in this process. */
    static final Queue<String> READ = new ConcurrentLinkedQueue<>();

    @Override
    public ReadDocument read(byte[] content, String name) {
        READ.add(name);
        String text = new String(content, StandardCharsets.UTF_8);
        if (text.equals("damaged")) {
            throw new DocumentException(Kind.UnreadableFile, "Cannot read the file: it is damaged");
        }
        int line = text.indexOf('\n');
        return line < 0
                ? new ReadDocument(text, Optional.empty(), OptionalInt.empty())
                : new ReadDocument(text.substring(line + 1), Optional.of(text.substring(0, line)), OptionalInt.of(2));
    }
}
