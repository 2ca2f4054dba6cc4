package io.github.longwing.spark.columns;

import static org.apache.spark.sql.functions.col;

import org.apache.spark.sql.Column;

/** A name as SQL and {@code col} take it whole, whatever characters it has: a dot in it is no path. */
public final class ColumnName {
    private ColumnName() {}

    /** In backticks, doubled inside. */
    public static String quoted(String name) {
        return "`" + name.replace("`", "``") + "`";
    }

    /** The column of this name. */
    public static Column column(String name) {
        return col(quoted(name));
    }
}
