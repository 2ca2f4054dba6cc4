package io.github.longwing.evaluation;

import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The stemmer of Porter (1980) with the extensions of the Python package nltk, which the package rouge-score uses; other
 * stemmers of that name differ from it. Words are lower-case.
 */
final class PorterStemmer {
    private static final Map<String, String> IRREGULAR = Map.ofEntries(
            Map.entry("skies", "sky"),
            Map.entry("sky", "sky"),
            Map.entry("dying", "die"),
            Map.entry("lying", "lie"),
            Map.entry("tying", "tie"),
            Map.entry("news", "news"),
            Map.entry("innings", "inning"),
            Map.entry("inning", "inning"),
            Map.entry("outings", "outing"),
            Map.entry("outing", "outing"),
            Map.entry("cannings", "canning"),
            Map.entry("canning", "canning"),
            Map.entry("howe", "howe"),
            Map.entry("proceed", "proceed"),
            Map.entry("exceed", "exceed"),
            Map.entry("succeed", "succeed"));

    private static final Predicate<String> ALWAYS = stem -> true;
    private static final Predicate<String> MEASURE_1 = stem -> measure(stem) > 0;
    private static final Predicate<String> MEASURE_2 = stem -> measure(stem) > 1;

    /** Replaces a suffix where the condition holds for what stands before it. */
    private record Rule(String suffix, String replacement, Predicate<String> condition) {}

    private static final List<Rule> STEP_1A = List.of(
            new Rule("sses", "ss", ALWAYS),
            new Rule("ies", "i", ALWAYS),
            new Rule("ss", "ss", ALWAYS),
            new Rule("s", "", ALWAYS));

    private static final List<Rule> STEP_1C =
            List.of(new Rule("y", "i", stem -> stem.length() > 1 && isConsonant(stem, stem.length() - 1)));

    private static final List<Rule> STEP_2 = List.of(
            new Rule("ational", "ate", MEASURE_1),
            new Rule("tional", "tion", MEASURE_1),
            new Rule("enci", "ence", MEASURE_1),
            new Rule("anci", "ance", MEASURE_1),
            new Rule("izer", "ize", MEASURE_1),
            new Rule("bli", "ble", MEASURE_1),
            new Rule("alli", "al", MEASURE_1),
            new Rule("entli", "ent", MEASURE_1),
            new Rule("eli", "e", MEASURE_1),
            new Rule("ousli", "ous", MEASURE_1),
            new Rule("ization", "ize", MEASURE_1),
            new Rule("ation", "ate", MEASURE_1),
            new Rule("ator", "ate", MEASURE_1),
            new Rule("alism", "al", MEASURE_1),
            new Rule("iveness", "ive", MEASURE_1),
            new Rule("fulness", "ful", MEASURE_1),
            new Rule("ousness", "ous", MEASURE_1),
            new Rule("aliti", "al", MEASURE_1),
            new Rule("iviti", "ive", MEASURE_1),
            new Rule("biliti", "ble", MEASURE_1),
            new Rule("fulli", "ful", MEASURE_1),
            new Rule("logi", "log", stem -> measure(stem + "l") > 0)); // the l counts as a part of the stem

    private static final List<Rule> STEP_3 = List.of(
            new Rule("icate", "ic", MEASURE_1),
            new Rule("ative", "", MEASURE_1),
            new Rule("alize", "al", MEASURE_1),
            new Rule("iciti", "ic", MEASURE_1),
            new Rule("ical", "ic", MEASURE_1),
            new Rule("ful", "", MEASURE_1),
            new Rule("ness", "", MEASURE_1));

    private static final List<Rule> STEP_4 = List.of(
            new Rule("al", "", MEASURE_2),
            new Rule("ance", "", MEASURE_2),
            new Rule("ence", "", MEASURE_2),
            new Rule("er", "", MEASURE_2),
            new Rule("ic", "", MEASURE_2),
            new Rule("able", "", MEASURE_2),
            new Rule("ible", "", MEASURE_2),
            new Rule("ant", "", MEASURE_2),
            new Rule("ement", "", MEASURE_2),
            new Rule("ment", "", MEASURE_2),
            new Rule("ent", "", MEASURE_2),
            new Rule("ion", "", stem -> measure(stem) > 1 && (stem.endsWith("s") || stem.endsWith("t"))),
            new Rule("ou", "", MEASURE_2),
            new Rule("ism", "", MEASURE_2),
            new Rule("ate", "", MEASURE_2),
            new Rule("iti", "", MEASURE_2),
            new Rule("ous", "", MEASURE_2),
            new Rule("ive", "", MEASURE_2),
            new Rule("ize", "", MEASURE_2));

    private static final List<Rule> STEP_5B = List.of(new Rule("ll", "l", stem -> measure(stem + "l") > 1));

    private PorterStemmer() {}

    static String stem(String word) {
        String irregular = IRREGULAR.get(word);
        if (irregular != null) {
            return irregular;
        }
        if (word.length() <= 2) {
            return word;
        }
        String stem = word.endsWith("ies") && word.length() == 4 ? cut(word, 1) : apply(STEP_1A, word);
        stem = apply(STEP_1C, step1b(stem));
        stem = apply(STEP_4, apply(STEP_3, step2(stem)));
        return apply(STEP_5B, step5a(stem));
    }

    private static String step1b(String word) {
        if (word.endsWith("ied")) {
            return word.length() == 4 ? cut(word, 1) : cut(word, 2);
        }
        if (word.endsWith("eed")) {
            return measure(cut(word, 3)) > 0 ? cut(word, 1) : word;
        }
        for (String suffix : List.of("ed", "ing")) {
            String stem = word.endsWith(suffix) ? cut(word, suffix.length()) : "";
            if (containsVowel(stem)) {
                return mended(stem);
            }
        }
        return word;
    }

    /** What is left without -ed or -ing gets the end of a verb. */
    private static String mended(String stem) {
        if (stem.endsWith("at") || stem.endsWith("bl") || stem.endsWith("iz")) {
            return stem + "e";
        }
        int last = stem.length() - 1;
        if (last >= 1 && stem.charAt(last) == stem.charAt(last - 1) && isConsonant(stem, last)) {
            return "lsz".indexOf(stem.charAt(last)) < 0 ? cut(stem, 1) : stem;
        }
        return measure(stem) == 1 && endsConsonantVowelConsonant(stem) ? stem + "e" : stem;
    }

    private static String step2(String word) {
        String shortened = word;
        while (shortened.endsWith("alli") && measure(cut(shortened, 4)) > 0) {
            shortened = cut(shortened, 2);
        }
        return apply(STEP_2, shortened);
    }

    private static String step5a(String word) {
        if (!word.endsWith("e")) {
            return word;
        }
        String stem = cut(word, 1);
        int measure = measure(stem);
        return measure > 1 || (measure == 1 && !endsConsonantVowelConsonant(stem)) ? stem : word;
    }

    /** The first rule whose suffix fits decides, also where its condition does not hold. */
    private static String apply(List<Rule> rules, String word) {
        for (Rule rule : rules) {
            if (word.endsWith(rule.suffix())) {
                String stem = cut(word, rule.suffix().length());
                return rule.condition().test(stem) ? stem + rule.replacement() : word;
            }
        }
        return word;
    }

    private static String cut(String word, int letters) {
        return word.substring(0, word.length() - letters);
    }

    /** How many times consonants follow on vowels. */
    private static int measure(String stem) {
        int measure = 0;
        boolean before = true;
        for (int i = 0; i < stem.length(); i++) {
            boolean consonant = isConsonantAfter(stem.charAt(i), i == 0, before);
            if (i > 0 && consonant && !before) {
                measure++;
            }
            before = consonant;
        }
        return measure;
    }

    private static boolean containsVowel(String stem) {
        boolean before = true;
        for (int i = 0; i < stem.length(); i++) {
            before = isConsonantAfter(stem.charAt(i), i == 0, before);
            if (!before) {
                return true;
            }
        }
        return false;
    }

    private static boolean isConsonant(String word, int index) {
        boolean consonant = true;
        for (int i = 0; i <= index; i++) {
            consonant = isConsonantAfter(word.charAt(i), i == 0, consonant);
        }
        return consonant;
    }

    private static boolean isConsonantAfter(char letter, boolean first, boolean consonantBefore) {
        return switch (letter) {
            case 'a', 'e', 'i', 'o', 'u' -> false;
            case 'y' -> first || !consonantBefore;
            default -> true;
        };
    }

    private static boolean endsConsonantVowelConsonant(String stem) {
        int last = stem.length() - 1;
        if (last == 1) {
            return !isConsonant(stem, 0) && isConsonant(stem, 1);
        }
        return last >= 2
                && isConsonant(stem, last - 2)
                && !isConsonant(stem, last - 1)
                && isConsonant(stem, last)
                && "wxy".indexOf(stem.charAt(last)) < 0;
    }
}
