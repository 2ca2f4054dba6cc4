package io.github.longwing.spark.source;

import io.github.longwing.error.DocumentException;
import io.github.longwing.error.DocumentException.Kind;
import io.github.longwing.spark.files.FileText;
import io.github.longwing.spark.files.FormatOptions;
import io.github.longwing.spark.files.SourceFile;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Texts: each file is one document under its path.
 *
 * @param id the column of the path
 * @param text the column of the text
 */
public record TextFormat(FormatOptions options, String id, String text) implements RecordFormat {

    @Override
    public Optional<StructType> columns() {
        return Optional.of(new StructType().add(id, DataTypes.StringType).add(text, DataTypes.StringType));
    }

    @Override
    public boolean readsEmptyFiles() {
        return true;
    }

    @Override
    public Map<String, Object> known(SourceFile file) {
        return Map.of(id, file.shown());
    }

    @Override
    public RecordReader records(FileText content, SourceFile file) {
        return new OneText(content, file);
    }

    private final class OneText implements RecordReader {
        private final FileText content;
        private final SourceFile file;
        private boolean given;

        private OneText(FileText content, SourceFile file) {
            this.content = content;
            this.file = file;
        }

        @Override
        public Optional<SourceRecord> next() throws IOException {
            if (given) {
                return Optional.empty();
            }
            given = true;
            Map<String, Object> values = new HashMap<>(known(file));
            int length = length();
            Optional<DocumentException> failure = failure(length);
            if (failure.isEmpty()) {
                values.put(text, content.string(0, length));
            }
            return Optional.of(new SourceRecord(values, failure));
        }

        private int length() throws IOException {
            int length = 0;
            while (content.at(length) >= 0 && !FileText.isTooLong(length)) {
                length++;
            }
            return length;
        }

        private Optional<DocumentException> failure(int length) throws IOException {
            RecordFailures failures = new RecordFailures(file, content);
            if (FileText.isTooLong(length)) {
                return Optional.of(new DocumentException(
                        Kind.TextTooLong,
                        "Cannot read " + file.shown() + ": it has more than " + FileText.MAX_WINDOW
                                + " characters, expected at most as many; split it before"));
            }
            if (content.damage().isPresent()) {
                return Optional.of(new DocumentException(
                        Kind.MalformedRecord,
                        "Cannot read " + file.shown() + ": its compressed data are damaged or cut ("
                                + content.damage().get().getMessage() + "), expected them whole"));
            }
            Optional<DocumentException> undecodable = failures.undecodable(length);
            int nothing = content.string(0, length).indexOf('\0');
            return undecodable.isPresent() || nothing < 0
                    ? undecodable
                    : Optional.of(
                            new DocumentException(
                                    Kind.UndecodableText,
                                    "Cannot read line " + content.lineAt(nothing) + " of " + file.shown()
                                            + ": found a character 0, expected a text in "
                                            + content.charset().name()
                                            + "; name the file's charset with --encoding, or read it with --format binaryFile"));
        }
    }
}
