package io.github.longwing.segmentation;

import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/** Texts of all that comes up in documents, and some that should not. */
final class RandomTexts {
    private static final List<String> WORDS = List.of(
            "the", "heron", "stood", "A", "reeds", "tide", "e\u0301tude", "naïve", "Straße", "x\u0301\u0302\u0303", "½", "ﬁne",
            "…", "\uFDFA", "3.14", "U.S.", "😀", "👩‍🚀", "🏽🏽", "𠮷野家", "漢字仮名交じり文", "ภาษาไทย", "السلام", "עברית", "\uFEFFmark",
            "\u200Bzero\u200B", "\u0001\u0002", "\u0007bell", "\uD83D", "\uDE00", "</s>", "<n>", "can't", "--", "\u2067rtl");
    private static final List<String> BLANKS = List.of(
            " ", " ", " ", " ", " ", " ", " ", " ", "  ", "\t", "\n", "\r\n", "\r", "\u00A0", "\u3000", "\u2028", "\u0085", "");
    private static final List<String> ENDS = List.of(". ", ". ", ".  ", "! ", "? ", ".\n", "。", ".\" ", ".)\t", " ");
    private static final List<String> PARAGRAPH_ENDS =
            List.of("\n\n", "\r\n\r\n", "\r\r", "\n \t\n", "\n\n\n\n", ".\n\n", ". \u2029\n", "\f\n", "\n\u00A0\n");

    private final Random random;

    RandomTexts(long seed) {
        this.random = new Random(seed);
    }

    /** So many words or more, in sentences and paragraphs, now and then with blanks at the ends. */
    String next(int words) {
        StringBuilder text = new StringBuilder();
        add(text, 4, () -> pick(PARAGRAPH_ENDS));
        for (int i = 0; i < words; i++) {
            text.append(word());
            add(text, 1, () -> pick(BLANKS));
            add(text, 12, () -> pick(ENDS));
            add(text, 60, () -> pick(PARAGRAPH_ENDS));
            add(text, 300, () -> pick(BLANKS).repeat(random.nextInt(40)));
        }
        return text.toString();
    }

    private String word() {
        return switch (random.nextInt(40)) {
            case 0 -> pick(WORDS).repeat(1 + random.nextInt(30)); // a very long word
            case 1 -> new String(Character.toChars(random.nextInt(Character.MAX_CODE_POINT + 1)));
            default -> pick(WORDS);
        };
    }

    /** One time in so many. */
    private void add(StringBuilder text, int times, Supplier<String> part) {
        if (random.nextInt(times) == 0) {
            text.append(part.get());
        }
    }

    private String pick(List<String> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
