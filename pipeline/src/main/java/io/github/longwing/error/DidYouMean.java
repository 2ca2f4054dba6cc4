package io.github.longwing.error;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Finds what somebody meant who mistyped a name. Capitals do not matter. */
public final class DidYouMean {
    private static final int MOST = 3;
    /** A bound on the work for a file of absurdly many names. */
    private static final int MAX_COMPARED = 10_000;

    private DidYouMean() {}

    /** The nearest few, nearest first; those that more than a third of the wanted name tells apart are not near. */
    public static List<String> of(String wanted, Collection<String> names) {
        record Candidate(String name, int edits) {}
        int most = Math.max(1, wanted.length() / 3);
        return names.stream()
                .limit(MAX_COMPARED)
                .filter(name -> Math.abs(name.length() - wanted.length()) <= most)
                .map(name -> new Candidate(name, edits(wanted.toLowerCase(Locale.ROOT), name.toLowerCase(Locale.ROOT))))
                .filter(c -> c.edits <= most)
                .sorted(Comparator.comparingInt(Candidate::edits).thenComparing(Candidate::name))
                .limit(MOST)
                .map(Candidate::name)
                .toList();
    }

    /** The nearest as a part of a sentence: {@code " (did you mean x?)"} or nothing. */
    public static String hint(String wanted, Collection<String> names) {
        return of(wanted, names).stream()
                .findFirst()
                .map(name -> " (did you mean " + name + "?)")
                .orElse("");
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
