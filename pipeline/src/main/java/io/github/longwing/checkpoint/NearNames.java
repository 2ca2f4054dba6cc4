package io.github.longwing.checkpoint;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Names of a checkpoint that someone may have meant by a name it does not have. */
final class NearNames {
    private static final int MOST = 3;
    /** A bound on the work for a checkpoint of absurdly many tensors. */
    private static final int MOST_COMPARED = 10_000;

    private NearNames() {}

    /** The nearest few, nearest first; those that more than a third of the wanted name tells apart are not near. */
    static List<String> of(String wanted, Collection<String> names) {
        record Candidate(String name, int distance) {}
        return names.stream()
                .limit(MOST_COMPARED)
                .filter(name -> Math.abs(name.length() - wanted.length()) <= wanted.length() / 3)
                .map(name -> new Candidate(name, distance(wanted, name)))
                .filter(c -> c.distance <= wanted.length() / 3)
                .sorted(Comparator.comparingInt(Candidate::distance).thenComparing(Candidate::name))
                .limit(MOST)
                .map(c -> Quoted.text(c.name))
                .toList();
    }

    /** Levenshtein's distance. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substituted, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
