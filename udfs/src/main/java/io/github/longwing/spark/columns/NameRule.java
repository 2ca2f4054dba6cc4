package io.github.longwing.spark.columns;

import org.apache.spark.sql.SparkSession;

/** How column names are compared; the only place that reads {@code spark.sql.caseSensitive}. */
public enum NameRule {
    CASE_SENSITIVE,
    CASE_INSENSITIVE;

    /** The rule of a session. */
    public static NameRule of(SparkSession session) {
        return Boolean.parseBoolean(session.conf().get("spark.sql.caseSensitive", "false"))
                ? CASE_SENSITIVE
                : CASE_INSENSITIVE;
    }

    /** Whether both are names of the same column. */
    public boolean same(String a, String b) {
        return switch (this) {
            case CASE_SENSITIVE -> a.equals(b);
            case CASE_INSENSITIVE -> a.equalsIgnoreCase(b);
        };
    }
}
