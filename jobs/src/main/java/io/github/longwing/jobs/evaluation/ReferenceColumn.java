package io.github.longwing.jobs.evaluation;

import io.github.longwing.error.UserException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.DataType;

/** The column that {@code --reference-column} names. */
record ReferenceColumn(String name, Column column, DataType type) {

    UserException unfit(String expected) {
        return new UserException("Cannot evaluate: --reference-column " + name + " is " + type.simpleString()
                + ", expected " + expected + "; name another");
    }
}
