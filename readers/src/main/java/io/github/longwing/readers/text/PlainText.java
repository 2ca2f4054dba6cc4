package io.github.longwing.readers.text;

import java.nio.charset.Charset;
import java.util.Optional;

/** Bytes that are a text and nothing else. */
public final class PlainText {
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    /** Ends a text of DOS. */
    private static final String END_OF_FILE = "\u001A";

    private PlainText() {}

    /** The text with line feeds for line ends; empty where the bytes are none. */
    public static Optional<String> decode(byte[] content) {
        return charset(content).map(charset -> clean(new String(content, charset)));
    }

    /** In which the bytes are a text; empty where they are none, or where it cannot be told. */
    public static Optional<Charset> charset(byte[] content) {
        return CharsetGuess.of(content);
    }

    /** The text without a mark at its beginning, with line feeds for line ends. */
    public static String clean(String text) {
        String cleaned = text.startsWith(BYTE_ORDER_MARK) ? text.substring(BYTE_ORDER_MARK.length()) : text;
        while (cleaned.endsWith(END_OF_FILE)) {
            cleaned = cleaned.substring(0, cleaned.length() - END_OF_FILE.length());
        }
        return cleaned.replace("\r\n", "\n").replace('\r', '\n').strip();
    }

    /** Whether the bytes may be a text, in a charset that nobody knows: they have no controls but those of texts. */
    public static boolean mayBe(byte[] content) {
        int controls = 0;
        for (byte b : content) {
            if (b >= 0 && b < ' ' && b != '\t' && b != '\n' && b != '\r' && b != '\f' && b != 0x1A && b != 0x1B) {
                controls++;
            }
        }
        return controls * 1_000L <= content.length;
    }
}
