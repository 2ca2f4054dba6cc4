package io.github.longwing.jobs;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds what somebody meant who mistyped a name. */
final class NearestName {
    private NearestName() {}

    /** The name that takes the fewest edits, if they are few for its length. */
    static Optional<String> of(String mistyped, Collection<String> names) {
        return names.stream()
                .min(Comparator.comparingInt((String name) -> edits(mistyped, name))
                        .thenComparing(Comparator.naturalOrder()))
                .filter(name -> edits(mistyped, name) <= Math.max(1, name.length() / 3));
    }

    /** The same as a part of a sentence: {@code " (did you mean x?)"} or nothing. */
    static String hint(String mistyped, Collection<String> names) {
        return of(mistyped, names).map(name -> " (did you mean " + name + "?)").orElse("");
    }

    /** Levenshtein's distance. */
    private static int edits(String a, String b) {
        int[] previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] current = new int[b.length() + 1];
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substituted = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(substituted, 1 + Math.min(previous[j], current[j - 1]));
            }
            previous = current;
        }
        return previous[b.length()];
    }
}
