package io.github.longwing.readers;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.tika.detect.EncodingDetector;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.parser.txt.BOMDetector;
import org.apache.tika.parser.txt.Icu4jEncodingDetector;

/** Finds the charset of a plain text: a byte-order mark, then UTF-8 if all of it is, then what ICU's detector guesses. */
final class PlainText {
    /** What the guess looks at. */
    private static final int BYTES_LOOKED_AT = 1 << 16;

    /** More damage than one character in so many, and the bytes are no text of that charset. */
    private static final int CHARACTERS_PER_DAMAGE = 50;

    /** Begins what is not ASCII in charsets of seven bits, where all of it would pass for UTF-8. */
    private static final String ISO_2022 = "\u001B$";

    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private PlainText() {}

    /** The text with line feeds for line ends; empty where the bytes are none. */
    static Optional<String> decode(byte[] content) {
        return charset(content)
                .map(charset -> new String(content, charset))
                .map(text -> text.startsWith(BYTE_ORDER_MARK) ? text.substring(BYTE_ORDER_MARK.length()) : text)
                .map(text -> text.replace("\r\n", "\n").replace('\r', '\n').strip());
    }

    /** In which the bytes are a text. */
    static Optional<Charset> charset(byte[] content) {
        Icu4jEncodingDetector icu = new Icu4jEncodingDetector();
        icu.setMarkLimit(BYTES_LOOKED_AT);
        Stream<EncodingDetector> detectors = Stream.of(new BOMDetector(), PlainText::utf8, icu);
        return detectors
                .flatMap(detector -> detect(detector, content).stream())
                .filter(charset -> isText(new String(content, charset)))
                .findFirst();
    }

    private static Charset utf8(InputStream content, Metadata metadata) throws IOException {
        content.mark(Integer.MAX_VALUE);
        try {
            CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content.readAllBytes()));
            return text.toString().contains(ISO_2022) ? null : StandardCharsets.UTF_8;
        } catch (CharacterCodingException e) {
            return null; // as a detector says that it does not know
        }
    }

    private static Optional<Charset> detect(EncodingDetector detector, byte[] content) {
        try {
            return Optional.ofNullable(detector.detect(new ByteArrayInputStream(content), new Metadata()));
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory does not fail to be read
        }
    }

    private static boolean isText(String text) {
        long damage = text.chars().filter(PlainText::isDamage).count();
        return damage * CHARACTERS_PER_DAMAGE <= text.length();
    }

    private static boolean isDamage(int c) {
        return c == '\uFFFD'
                || Character.getType(c) == Character.UNASSIGNED
                || (Character.isISOControl(c) && !Character.isWhitespace(c));
    }
}
