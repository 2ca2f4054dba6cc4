package io.github.longwing.readers.text;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Counts what of a document is no part of its text, by what it is. */
public final class LeftOut {
    private final Map<String, Integer> counts = new LinkedHashMap<>();

    /**
     * Counts.
     *
     * @param what in the plural; an empty one is not counted
     */
    public void add(String what, int count) {
        if (count > 0 && !what.isEmpty()) {
            counts.merge(what, count, Integer::sum);
        }
    }

    public Map<String, Integer> counts() {
        return Collections.unmodifiableMap(counts);
    }
}
