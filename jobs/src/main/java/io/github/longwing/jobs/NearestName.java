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

    /** Letters to put in, take out, change, or swap with their neighbour. */
    private static int edits(String a, String b) {
        int[][] edits = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    edits[i][j] = i + j;
                    continue;
                }
                int changed = edits[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                edits[i][j] = Math.min(changed, 1 + Math.min(edits[i - 1][j], edits[i][j - 1]));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    edits[i][j] = Math.min(edits[i][j], edits[i - 2][j - 2] + 1);
                }
            }
        }
        return edits[a.length()][b.length()];
    }
}
