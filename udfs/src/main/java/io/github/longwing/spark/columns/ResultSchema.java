package io.github.longwing.spark.columns;

import io.github.longwing.error.UserException;
import io.github.longwing.task.DocumentError;
import io.github.longwing.task.DocumentResult.Success;
import io.github.longwing.task.DocumentResult.Truncation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The rows of a result: the kept columns, the question of an array, the columns of the task, then the columns that all
 * tasks have in common.
 */
public final class ResultSchema {
    public static final String ERROR = "error";
    public static final String INPUT_TOKENS = "input_tokens";
    public static final String FINGERPRINT = "fingerprint";

    private static final List<StructField> COMMON = List.of(
            nullable(INPUT_TOKENS, DataTypes.IntegerType),
            nullable("truncated", DataTypes.BooleanType),
            nullable("windows", DataTypes.IntegerType),
            nullable("attention", DataTypes.StringType),
            nullable("model", DataTypes.StringType),
            nullable(FINGERPRINT, DataTypes.StringType),
            nullable(
                    ERROR,
                    DataTypes.createStructType(List.of(
                            nullable("class", DataTypes.StringType), nullable("message", DataTypes.StringType)))));

    private ResultSchema() {}

    /** The schema of a result; refuses a result column that has the name of a kept one. */
    public static StructType of(
            List<StructField> kept,
            List<StructField> question,
            TaskColumns<?> task,
            String resultPrefix,
            NameRule names) {
        List<StructField> fields = new ArrayList<>(kept);
        Stream.of(question, task.fields(), COMMON)
                .flatMap(List::stream)
                .map(f -> new StructField(resultPrefix + f.name(), f.dataType(), f.nullable(), f.metadata()))
                .forEach(result -> {
                    kept.stream()
                            .filter(k -> names.same(k.name(), result.name()))
                            .forEach(ResultSchema::refuse);
                    fields.add(result);
                });
        return DataTypes.createStructType(fields);
    }

    private static void refuse(StructField kept) {
        throw new UserException("Cannot keep column " + kept.name()
                + ": it is also the name of a result column, expected names that differ;"
                + " set --result-prefix, for instance longwing_, to rename the result columns");
    }

    /** What both kinds of row have: the kept columns, the pages of the text, the model and the fingerprint of the row. */
    public record Origin(List<Object> kept, TextPages pages, String model, String fingerprint) {}

    public static <T> Row successRow(Origin origin, TaskColumns<T> task, Success<T> success) {
        List<Object> row = new ArrayList<>(origin.kept());
        task.fill(row, success.output(), origin.pages());
        row.add(success.inputTokens());
        row.add(success.truncation() == Truncation.TRUNCATED);
        row.add(success.windows());
        row.add(success.attention().configName());
        row.add(origin.model());
        row.add(origin.fingerprint());
        row.add(null);
        return RowFactory.create(row.toArray());
    }

    public static Row errorRow(Origin origin, TaskColumns<?> task, DocumentError error) {
        int results = task.fields().size() + COMMON.size();
        List<Object> row = new ArrayList<>(origin.kept());
        row.addAll(Collections.nCopies(results - 3, null));
        row.add(origin.model());
        row.add(origin.fingerprint());
        row.add(RowFactory.create(error.kind().name(), error.message()));
        return RowFactory.create(row.toArray());
    }

    /** An array whose elements are never null. */
    public static StructField array(String name, DataType element) {
        boolean nullable = false;
        return nullable(name, DataTypes.createArrayType(element, nullable));
    }

    public static StructField nullable(String name, DataType type) {
        boolean nullable = true;
        return new StructField(name, type, nullable, Metadata.empty());
    }
}
