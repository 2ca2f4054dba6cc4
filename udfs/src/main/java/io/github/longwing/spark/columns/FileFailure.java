package io.github.longwing.spark.columns;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.github.longwing.error.DocumentException;
import io.github.longwing.error.DocumentException.Kind;
import java.util.Arrays;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Why a file has no text: a column beside the text, which becomes the {@code error} of the row. It is told from columns
 * of the user by name and type.
 */
public final class FileFailure {
    public static final String COLUMN = "longwing reading failure";
    public static final StructType TYPE =
            new StructType().add("class", DataTypes.StringType).add("message", DataTypes.StringType);

    private FileFailure() {}

    /** A value of the column. */
    public static Row of(DocumentException failure) {
        return RowFactory.create(failure.kind().name(), failure.getMessage());
    }

    /** The column of an input; all null if the texts were not read from files. */
    static Column column(Dataset<Row> documents) {
        boolean there = Arrays.stream(documents.schema().fields())
                .anyMatch(
                        field -> field.name().equals(COLUMN) && field.dataType().equals(TYPE));
        return there ? col("`" + COLUMN + "`") : lit(null).cast(TYPE);
    }

    public static void throwIfAny(Row failure) {
        if (failure != null) {
            throw new DocumentException(Kind.valueOf(failure.getString(0)), failure.getString(1));
        }
    }
}
