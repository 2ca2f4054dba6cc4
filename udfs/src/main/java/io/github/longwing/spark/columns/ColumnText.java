package io.github.longwing.spark.columns;

import io.github.longwing.error.DocumentException;
import io.github.longwing.error.DocumentException.Kind;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Decodes the bytes of a text or question column. Nothing is changed: control characters and a byte-order mark reach the
 * tokenizer, so that offsets count the text as it was given.
 */
public enum ColumnText {
    TEXT("text", Kind.EmptyText),
    QUESTION("question", Kind.EmptyQuestion);

    /** About ten million words; a few longer documents would fill the memory of an executor. */
    static final int MAX_BYTES = 64 << 20; // 64 MiB

    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private final String name;
    private final Kind empty;

    ColumnText(String name, Kind empty) {
        this.name = name;
        this.empty = empty;
    }

    /** The text of a column value, never blank; throws {@link DocumentException} for any other. */
    public String of(byte[] utf8) {
        if (utf8 == null) {
            throw new DocumentException(empty, unexpected("null", "a " + name));
        }
        if (utf8.length > MAX_BYTES) {
            throw new DocumentException(
                    Kind.TextTooLong, unexpected(utf8.length + " bytes long", "at most " + MAX_BYTES));
        }
        String text = decode(utf8);
        if (text.isEmpty()) {
            throw new DocumentException(empty, unexpected("empty", "a " + name));
        }
        String marked = text.startsWith(BYTE_ORDER_MARK) ? text.substring(BYTE_ORDER_MARK.length()) : text;
        if (marked.isBlank()) {
            throw new DocumentException(empty, unexpected("nothing but white space", "a " + name));
        }
        return text;
    }

    private String decode(byte[] utf8) {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer bytes = ByteBuffer.wrap(utf8);
        CharBuffer chars = CharBuffer.allocate(utf8.length); // UTF-8 never has fewer bytes than UTF-16 has units
        CoderResult end = decoder.decode(bytes, chars, /* endOfInput */ true);
        if (end.isError()) {
            throw new DocumentException(
                    Kind.InvalidText,
                    String.format(
                            "Cannot read the %s: byte %d is 0x%02X, expected UTF-8 throughout;"
                                    + " decode it from its own charset before",
                            name, bytes.position(), bytes.get(bytes.position())));
        }
        return chars.flip().toString();
    }

    private String unexpected(String found, String expected) {
        return "Cannot read the " + name + ": it is " + found + ", expected " + expected;
    }
}
