package io.github.longwing.spark.columns;

import org.apache.spark.sql.SparkSession;

/** When two column names are the same name. */
public enum NameRule {
    CASE_SENSITIVE,
    CASE_INSENSITIVE;

    /** As the session's {@code spark.sql.caseSensitive} says. */
    public static NameRule of(SparkSession session) {
        return Boolean.parseBoolean(session.conf().get("spark.sql.caseSensitive", "false"))
                ? CASE_SENSITIVE
                : CASE_INSENSITIVE;
    }

    public boolean same(String a, String b) {
        return switch (this) {
            case CASE_SENSITIVE -> a.equals(b);
            case CASE_INSENSITIVE -> a.equalsIgnoreCase(b);
        };
    }
}
