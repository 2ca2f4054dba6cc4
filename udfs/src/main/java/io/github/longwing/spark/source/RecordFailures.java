package io.github.longwing.spark.source;

import io.github.longwing.error.DocumentException;
import io.github.longwing.error.DocumentException.Kind;
import io.github.longwing.spark.files.FileText;
import io.github.longwing.spark.files.FileText.Undecodable;
import io.github.longwing.spark.files.SourceFile;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;

/** Says why records of a file cannot be read: the file, the line, what was found, and how the record begins. */
record RecordFailures(SourceFile file, FileText text) {
    private static final int BEGINNING = 80;

    /** The record at the beginning of the window is not of its format. */
    DocumentException malformed(MalformedException e, String format) throws IOException {
        return new DocumentException(
                e.kind(),
                "Cannot read line " + text.lineAt(e.place()) + " of " + file.shown() + " as " + format + ": "
                        + e.getMessage() + begins());
    }

    /** Why a record of so many characters is no text, where it is none. */
    Optional<DocumentException> undecodable(int length) throws IOException {
        Optional<Undecodable> bytes = text.undecodable(length);
        if (bytes.isEmpty()) {
            return Optional.empty();
        }
        Undecodable first = bytes.get();
        return Optional.of(new DocumentException(
                Kind.UndecodableText,
                String.format(
                        Locale.ROOT,
                        "Cannot read line %d of %s: byte %d of the file is 0x%02X, expected %s throughout; name the"
                                + " file's charset with --encoding%s",
                        text.lineAt((int) Math.max(0, first.at() - text.released())),
                        file.shown(),
                        first.byteOffset(),
                        first.value(),
                        text.charset().name(),
                        begins())));
    }

    /** The file ends before its end. */
    DocumentException damaged(IOException damage) throws IOException {
        return new DocumentException(
                Kind.MalformedRecord,
                "Cannot read " + file.shown() + " behind line " + text.line()
                        + ": its compressed data are damaged or cut ("
                        + damage.getMessage() + "), expected them whole; what stands before was read"
                        + begins(),
                damage);
    }

    private String begins() throws IOException {
        int length = 0;
        while (length < BEGINNING && text.at(length) >= ' ') {
            length++;
        }
        return length == 0 ? "" : "; it begins " + text.string(0, length);
    }
}
