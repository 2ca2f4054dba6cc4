package io.github.longwing.jobs.output;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.collection.Iterable;
import scala.jdk.javaapi.CollectionConverters;

/** Values of rows in words for people: numbers rounded, structs with the names of their fields. */
public final class ValueText {
    /** What a null is shown as. */
    public static final String NULL = "-";

    private static final MathContext FOUR_DIGITS = new MathContext(4);
    private static final int MAX_NUMBERS = 4;

    private ValueText() {}

    /** Whether this is the type of a result's error. */
    public static boolean isError(DataType type) {
        return type instanceof StructType struct && List.of(struct.fieldNames()).equals(List.of("class", "message"));
    }

    public static boolean isNumber(DataType type) {
        return type instanceof NumericType;
    }

    /** One value, as Spark gives it to Java. */
    public static String of(Object value) {
        if (value == null) {
            return NULL;
        }
        if (value instanceof Double || value instanceof Float) {
            return rounded(((Number) value).doubleValue());
        }
        if (value instanceof BigDecimal decimal) {
            return decimal.toPlainString();
        }
        if (value instanceof byte[] bytes) {
            return bytes.length + " bytes";
        }
        if (value instanceof Row row) {
            return struct(row);
        }
        if (value instanceof scala.collection.Map<?, ?> map) {
            return CollectionConverters.asJava(map).entrySet().stream()
                    .map(entry -> of(entry.getKey()) + ": " + of(entry.getValue()))
                    .collect(Collectors.joining(", ", "{", "}"));
        }
        if (value instanceof Iterable<?> array) {
            return array(new ArrayList<>(CollectionConverters.asJavaCollection(array)));
        }
        return value.toString();
    }

    private static String struct(Row row) {
        StructType schema = row.schema();
        if (isError(schema)) {
            return of(row.get(0)) + ": " + of(row.get(1));
        }
        StructField[] fields = schema.fields();
        return IntStream.range(0, fields.length)
                .mapToObj(i -> fields[i].name() + ": " + of(row.get(i)))
                .collect(Collectors.joining(", ", "{", "}"));
    }

    /** Of a vector the beginning is enough. */
    private static String array(List<?> values) {
        boolean vector = values.size() > MAX_NUMBERS + 1 && values.get(0) instanceof Number;
        return values.stream()
                .limit(vector ? MAX_NUMBERS : values.size())
                .map(ValueText::of)
                .collect(Collectors.joining(", ", "[", vector ? ", … " + values.size() + " numbers]" : "]"));
    }

    private static String rounded(double value) {
        return Double.isFinite(value)
                ? new BigDecimal(value).round(FOUR_DIGITS).stripTrailingZeros().toPlainString()
                : Double.toString(value);
    }
}
