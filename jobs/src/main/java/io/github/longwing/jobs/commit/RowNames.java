package io.github.longwing.jobs.commit;

import java.util.List;

/**
 * Columns of an output by which its rows are told apart.
 *
 * @param keys the id columns, then the fingerprint
 * @param error the column of errors, null in rows without one
 */
record RowNames(List<String> keys, String error) {
    RowNames {
        keys = List.copyOf(keys);
    }
}
