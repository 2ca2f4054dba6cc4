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

    /** Replaces a suffix where the condition holds for what stands before it. */
    private record Rule(String suffix, String replacement, Predicate<String> condition) {
        static Rule always(String suffix, String replacement) {
            return new Rule(suffix, replacement, stem -> true);
        }

        static Rule measure1(String suffix, String replacement) {
            return new Rule(suffix, replacement, stem -> measure(stem) > 0);
        }

        static Rule measure2(String suffix) {
            return new Rule(suffix, "", stem -> measure(stem) > 1);
        }
    }

    private static final List<Rule> STEP_1A =
            List.of(Rule.always("sses", "ss"), Rule.always("ies", "i"), Rule.always("ss", "ss"), Rule.always("s", ""));

    private static final List<Rule> STEP_1C =
            List.of(new Rule("y", "i", stem -> stem.length() > 1 && isConsonant(stem, stem.length() - 1)));

    private static final List<Rule> STEP_2 = List.of(
            Rule.measure1("ational", "ate"),
            Rule.measure1("tional", "tion"),
            Rule.measure1("enci", "ence"),
            Rule.measure1("anci", "ance"),
            Rule.measure1("izer", "ize"),
            Rule.measure1("bli", "ble"),
            Rule.measure1("alli", "al"),
            Rule.measure1("entli", "ent"),
            Rule.measure1("eli", "e"),
            Rule.measure1("ousli", "ous"),
            Rule.measure1("ization", "ize"),
            Rule.measure1("ation", "ate"),
            Rule.measure1("ator", "ate"),
            Rule.measure1("alism", "al"),
            Rule.measure1("iveness", "ive"),
            Rule.measure1("fulness", "ful"),
            Rule.measure1("ousness", "ous"),
            Rule.measure1("aliti", "al"),
            Rule.measure1("iviti", "ive"),
            Rule.measure1("biliti", "ble"),
            Rule.measure1("fulli", "ful"),
            new Rule("logi", "log", stem -> measure(stem + "l") > 0)); // the l counts as a part of the stem

    private static final List<Rule> STEP_3 = List.of(
            Rule.measure1("icate", "ic"),
            Rule.measure1("ative", ""),
            Rule.measure1("alize", "al"),
            Rule.measure1("iciti", "ic"),
            Rule.measure1("ical", "ic"),
            Rule.measure1("ful", ""),
            Rule.measure1("ness", ""));

    private static final List<Rule> STEP_4 = List.of(
            Rule.measure2("al"),
            Rule.measure2("ance"),
            Rule.measure2("ence"),
            Rule.measure2("er"),
            Rule.measure2("ic"),
            Rule.measure2("able"),
            Rule.measure2("ible"),
            Rule.measure2("ant"),
            Rule.measure2("ement"),
            Rule.measure2("ment"),
            Rule.measure2("ent"),
            new Rule("ion", "", stem -> measure(stem) > 1 && (stem.endsWith("s") || stem.endsWith("t"))),
            Rule.measure2("ou"),
            Rule.measure2("ism"),
            Rule.measure2("ate"),
            Rule.measure2("iti"),
            Rule.measure2("ous"),
            Rule.measure2("ive"),
            Rule.measure2("ize"));

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
