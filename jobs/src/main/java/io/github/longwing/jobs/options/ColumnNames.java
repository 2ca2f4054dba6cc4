package io.github.longwing.jobs.options;

import io.github.longwing.error.UserException;
import java.util.List;

/** Lists of columns as command lines have them: commas between names, double quotes around a name with a comma. */
final class ColumnNames {
    private ColumnNames() {}

    /** @param names split at the commas outside of quotes */
    static List<String> unquoted(String option, List<String> names) {
        return names.stream().map(name -> unquoted(option, name)).toList();
    }

    private static String unquoted(String option, String name) {
        String bare = name.strip();
        if (bare.length() >= 2 && bare.startsWith("\"") && bare.endsWith("\"")) {
            bare = bare.substring(1, bare.length() - 1).replace("\"\"", "\"");
        }
        if (bare.isEmpty()) {
            throw new UserException("Cannot use " + option
                    + ": a name in its list is empty, expected names of columns with commas between them; put a name that"
                    + " has a comma itself in double quotes");
        }
        return bare;
    }
}
