package io.github.longwing.readers.text;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.parser.txt.BOMDetector;
import org.apache.tika.parser.txt.CharsetDetector;
import org.apache.tika.parser.txt.CharsetMatch;

/**
 * Finds the charset of a text: a byte-order mark; UTF-8 if all of it is; UTF-16 and UTF-32 by their zeros and controls;
 * then the one in which the letters beyond ASCII stand as letters do, of those that ICU's detector finds and the usual
 * ones of Windows, DOS and the Mac.
 */
final class CharsetGuess {
    /** What a guess looks at. */
    private static final int SAMPLE = 1 << 16;

    /** More damage than one character in so many, and the bytes are no text of that charset. */
    private static final int CHARACTERS_PER_DAMAGE = 50;

    /** How well letters beyond ASCII must stand on the average, of at most one. */
    private static final double PLAUSIBLE = 0.4;

    /** How much ICU's word weighs against how the letters stand. */
    private static final double WEIGHT_OF_ICU = 0.3;

    /** Begins what is not ASCII in charsets of seven bits, where all of it would pass for UTF-8. */
    private static final String ISO_2022 = "\u001B$";

    /** Those of one byte that ICU's detector does not know or mistakes, with how common they are. */
    private static final Map<String, Double> USUAL =
            Map.of("windows-1252", 0.1, "x-MacRoman", 0.04, "IBM850", 0.04, "IBM437", 0.03);

    private CharsetGuess() {}

    static Optional<Charset> of(byte[] content) {
        Optional<Charset> marked = marked(content);
        if (marked.isPresent()) {
            return marked.filter(charset -> isText(new String(content, charset)));
        }
        if (isUtf8(content) && isText(new String(content, StandardCharsets.UTF_8))) {
            return Optional.of(StandardCharsets.UTF_8);
        }
        if (!PlainText.mayBe(content)) {
            return wide(content);
        }
        return best(sample(content)).filter(charset -> isText(new String(content, charset)));
    }

    private static Optional<Charset> marked(byte[] content) {
        try {
            return Optional.ofNullable(new BOMDetector().detect(new ByteArrayInputStream(content), new Metadata()));
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory does not fail to be read
        }
    }

    private static boolean isUtf8(byte[] content) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString();
            return !text.contains(ISO_2022);
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    /** UTF-32 or UTF-16 without a mark: what has the fewest scripts and no damage. */
    private static Optional<Charset> wide(byte[] content) {
        byte[] sample = Arrays.copyOf(content, Math.min(content.length, SAMPLE) & ~3);
        if (sample.length == 0) {
            sample = Arrays.copyOf(content, content.length & ~1);
        }
        for (String name : List.of("UTF-32LE", "UTF-32BE", "UTF-16LE", "UTF-16BE")) {
            Charset charset = Charset.forName(name);
            if (isOfOneScript(new String(sample, charset)) && isText(new String(content, charset))) {
                return Optional.of(charset);
            }
        }
        return Optional.empty();
    }

    private static boolean isOfOneScript(String text) {
        Map<Character.UnicodeScript, Integer> scripts = new LinkedHashMap<>();
        int all = 0;
        int common = 0;
        int spaces = 0;
        for (int c : text.codePoints().toArray()) {
            all++;
            Character.UnicodeScript script = Character.UnicodeScript.of(c);
            if (isDamage(c) || Character.getType(c) == Character.PRIVATE_USE) {
                return false;
            }
            if (script == Character.UnicodeScript.COMMON || script == Character.UnicodeScript.INHERITED) {
                common++;
                spaces += Character.isWhitespace(c) || (c >= 0x3000 && c <= 0x3002) || (c >= 0xFF00 && c <= 0xFF1F)
                        ? 1
                        : 0;
            } else {
                scripts.merge(isOfEastAsia(script) ? Character.UnicodeScript.HAN : script, 1, Integer::sum);
            }
        }
        int most = scripts.values().stream().mapToInt(Integer::intValue).max().orElse(0);
        int latin = scripts.getOrDefault(Character.UnicodeScript.LATIN, 0);
        int main = Math.max(
                most,
                scripts.containsKey(Character.UnicodeScript.HAN)
                        ? scripts.get(Character.UnicodeScript.HAN) + latin
                        : most + (most == latin ? 0 : latin));
        return all > 0 && (common + main) * 100L >= all * 97L && (spaces * 200L >= all || all < 20);
    }

    private static boolean isOfEastAsia(Character.UnicodeScript script) {
        return script == Character.UnicodeScript.HAN
                || script == Character.UnicodeScript.HIRAGANA
                || script == Character.UnicodeScript.KATAKANA;
    }

    /** A stretch that has bytes beyond ASCII, from the beginning of a line or word. */
    private static byte[] sample(byte[] content) {
        int first = 0;
        while (first < content.length && content[first] >= 0) {
            first++;
        }
        int from = Math.max(0, first - SAMPLE / 4);
        return Arrays.copyOfRange(content, from, Math.min(content.length, from + SAMPLE));
    }

    private static Optional<Charset> best(byte[] sample) {
        Map<String, Double> candidates = new LinkedHashMap<>(USUAL);
        CharsetDetector icu = new CharsetDetector();
        icu.setText(sample);
        for (CharsetMatch match : icu.detectAll()) {
            if (Charset.isSupported(match.getName()) && !match.getName().startsWith("UTF-")) {
                candidates.merge(match.getName(), WEIGHT_OF_ICU * match.getConfidence() / 100, Math::max);
            }
        }
        String best = null;
        double most = 0;
        for (Map.Entry<String, Double> candidate : candidates.entrySet()) {
            double standing = standing(sample, Charset.forName(candidate.getKey()));
            if (standing >= PLAUSIBLE && (best == null || standing + candidate.getValue() > most)) {
                best = candidate.getKey();
                most = standing + candidate.getValue();
            }
        }
        return Optional.ofNullable(best).map(Charset::forName);
    }

    /** How well the characters beyond ASCII stand beside their neighbours: from minus two to one on the average. */
    static double standing(byte[] sample, Charset charset) {
        String text;
        try {
            text = charset.newDecoder()
                    .onMalformedInput(CodingErrorAction.REPLACE)
                    .onUnmappableCharacter(CodingErrorAction.REPLACE)
                    .decode(ByteBuffer.wrap(sample))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalStateException("What is malformed is replaced", e);
        }
        int count = 0;
        double sum = 0;
        int earlier = ' ';
        int last = ' ';
        int[] all = text.codePoints().toArray();
        for (int i = 0; i < all.length; i++) {
            if (all[i] >= 0x80) {
                count++;
                sum += standing(earlier, last, all[i], i + 1 < all.length ? all[i + 1] : ' ');
            }
            earlier = last;
            last = all[i];
        }
        return count == 0 ? 1 : sum / count;
    }

    private static double standing(int earlier, int before, int c, int after) {
        if (isDamage(c) || Character.getType(c) == Character.PRIVATE_USE || (c < 0xA0)) {
            return -2;
        }
        if (Character.isLetter(c)) {
            return letter(earlier, before, c, after);
        }
        boolean inAWord = Character.isLetter(before) && Character.isLetter(after);
        return switch (c) {
            case '“', '‘', '„', '‚', '‹', '«', '¿', '¡' ->
                isWordLike(after) && !isWordLike(before)
                        ? 1
                        : c == '‘' || c == '“' || c == '«' ? (isWordLike(before) && !isWordLike(after) ? 0.3 : -1) : -1;
            case '”', '›', '»', '…' -> !Character.isLetter(after) || c == '»' ? (inAWord ? -1 : 0.8) : -1;
            case '’' -> Character.isWhitespace(before) && Character.isWhitespace(after) ? -0.5 : 1;
            case '–', '—' -> Character.isLetter(before) == Character.isLetter(after) ? 1 : 0.2;
            case '\u00A0' -> 0.6;
            case '•' -> Character.isLetter(before) ? -1 : 0.8;
            case '€', '£', '°', '§', '©', '®', '™', '½', '¼', '¾', '²', '³', '±', '×', 'º', 'ª' -> inAWord ? -1 : 0.6;
            default -> {
                if (isBox(c)) {
                    yield isBox(before)
                                    || isBox(after)
                                    || (Character.isWhitespace(before) && Character.isWhitespace(after))
                            ? 1
                            : -1;
                }
                if (isOfEastAsia(Character.UnicodeScript.of(c))
                        || (c >= 0x3000 && c <= 0x303F)
                        || (c >= 0xFF00 && c <= 0xFFEF)) {
                    yield 0.9;
                }
                yield Character.isLetter(before) || Character.isLetter(after) ? -1 : -0.2;
            }
        };
    }

    private static boolean isBox(int c) {
        return c >= 0x2500 && c <= 0x25A0;
    }

    private static boolean isWordLike(int c) {
        return Character.isLetterOrDigit(c);
    }

    /** Letters stand beside letters of their script, small ones within words, capitals at their beginning. */
    private static double letter(int earlier, int before, int c, int after) {
        Character.UnicodeScript script = Character.UnicodeScript.of(c);
        boolean eastern = isOfEastAsia(script) || script == Character.UnicodeScript.HANGUL;
        boolean strange = false;
        for (int other : new int[] {before, after}) {
            Character.UnicodeScript its = Character.UnicodeScript.of(other);
            strange |= Character.isLetter(other)
                    && its != script
                    && !(eastern && (isOfEastAsia(its) || its == Character.UnicodeScript.HANGUL));
        }
        if (strange) {
            return -1;
        }
        boolean first = !Character.isLetter(before);
        boolean last = !Character.isLetter(after);
        if (eastern
                || script == Character.UnicodeScript.ARABIC
                || script == Character.UnicodeScript.HEBREW
                || script == Character.UnicodeScript.THAI) {
            return first && last ? 0.1 : eastern ? 0.9 : 1;
        }
        if (first && last) {
            return "àÀéÉèóòìâôœ".indexOf(c) >= 0 || script == Character.UnicodeScript.CYRILLIC ? 0.5 : -0.3;
        }
        boolean inCapitals = Character.isUpperCase(before) && !Character.isLowerCase(earlier);
        if (Character.isUpperCase(c)) {
            return first || inCapitals ? 0.8 : -1;
        }
        boolean afterCapitals = Character.isUpperCase(before) && Character.isLetter(earlier);
        return Character.isUpperCase(after) || afterCapitals ? -1 : 1;
    }

    private static boolean isText(String text) {
        long damage = text.chars().filter(CharsetGuess::isDamage).count();
        return damage * CHARACTERS_PER_DAMAGE <= text.length();
    }

    private static boolean isDamage(int c) {
        return c == '\uFFFD'
                || Character.getType(c) == Character.UNASSIGNED
                || (Character.isISOControl(c) && !Character.isWhitespace(c) && c != 0x1A);
    }
}
