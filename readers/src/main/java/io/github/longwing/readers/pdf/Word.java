package io.github.longwing.readers.pdf;

import java.text.Bidi;
import java.text.Normalizer;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Letters that stand together on a page, in the coordinates of whoever reads them: {@code left} and {@code right} along
 * the line, {@code baseline} downwards, all in points.
 *
 * @param text in the order in which it is read
 * @param size of the font, as it appears
 */
record Word(String text, double left, double right, double baseline, double size) {
    /** Each opening one beside the one that closes it. */
    private static final String BRACKETS = "()[]{}«»<>";

    /** What closes at the beginning, or opens at the end. */
    private static final Pattern LOOKS = Pattern.compile("^[)\\]}»>]|[(\\[{«<]$");

    /** A word of these glyphs, which stand from left to right. */
    static Word of(List<Glyph> glyphs) {
        double right = glyphs.stream().mapToDouble(Glyph::right).max().orElseThrow();
        Glyph first = glyphs.get(0);
        return new Word(logical(glyphs), first.left(), right, first.baseline(), first.size());
    }

    /** Whether its letters are read from right to left. */
    boolean isRightToLeft() {
        return text.codePoints().anyMatch(Word::isRightToLeft);
    }

    boolean isLeftToRight() {
        return text.codePoints()
                .anyMatch(c -> Character.getDirectionality(c) == Character.DIRECTIONALITY_LEFT_TO_RIGHT);
    }

    static boolean isRightToLeft(int c) {
        byte direction = Character.getDirectionality(c);
        return direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT
                || direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC;
    }

    /** Glyphs stand as they are seen; letters from right to left are read the other way round. */
    private static String logical(List<Glyph> glyphs) {
        StringBuilder seen = new StringBuilder();
        glyphs.forEach(glyph -> seen.append(glyph.text()));
        if (seen.codePoints().noneMatch(Word::isRightToLeft)) {
            return letters(seen.toString());
        }
        // one sign for each glyph, which may have several letters
        StringBuilder signs = new StringBuilder();
        glyphs.forEach(glyph -> signs.append(glyph.text().charAt(0)));
        Bidi bidi = new Bidi(signs.toString(), Bidi.DIRECTION_RIGHT_TO_LEFT);
        byte[] levels = new byte[glyphs.size()];
        Glyph[] ordered = glyphs.toArray(Glyph[]::new);
        for (int i = 0; i < levels.length; i++) {
            levels[i] = (byte) bidi.getLevelAt(i);
        }
        Bidi.reorderVisually(levels, 0, ordered, 0, ordered.length);
        StringBuilder read = new StringBuilder();
        for (Glyph glyph : ordered) {
            read.append(glyph.text());
        }
        // some fonts say what a bracket looks like, others what it means
        boolean looks = LOOKS.matcher(read).find();
        return letters(looks ? mirrored(read) : read.toString());
    }

    private static String mirrored(CharSequence text) {
        StringBuilder mirrored = new StringBuilder();
        text.codePoints().forEach(c -> {
            int bracket = BRACKETS.indexOf(c);
            mirrored.appendCodePoint(bracket < 0 ? c : BRACKETS.charAt(bracket ^ 1));
        });
        return mirrored.toString();
    }

    /** Ligatures and forms of presentation become letters; bullets of symbol fonts become bullets. */
    private static String letters(String text) {
        StringBuilder letters = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if ((c >= 0xFB00 && c <= 0xFDFF) || (c >= 0xFE70 && c < 0xFEFF)) {
                letters.append(Normalizer.normalize(Character.toString(c), Normalizer.Form.NFKC));
            } else if (c == 0x2011) {
                letters.append("-");
            } else if (c == 0xF0B7 || c == 0xF0A7 || c == 0xF076 || c == 0xF0D8) {
                letters.append('•');
            } else {
                letters.appendCodePoint(c);
            }
        });
        return Normalizer.normalize(letters, Normalizer.Form.NFC);
    }

    /**
     * A glyph, or several that a font has as one.
     *
     * @param space the width of a space in its font
     */
    record Glyph(String text, double left, double right, double baseline, double size, double space) {}
}
