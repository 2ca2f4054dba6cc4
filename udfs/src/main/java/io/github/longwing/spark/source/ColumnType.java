package io.github.longwing.spark.source;

import io.github.longwing.spark.source.JsonValues.Digits;
import java.io.Serializable;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The type that the values of a column have in common, found as Spark finds it, and whether one of them would change in
 * that type. Grows as values are seen; belongs to one thread.
 */
final class ColumnType implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final int MAX_DECIMAL_DIGITS = 38;
    private static final int LONG_DIGITS = 20;

    /** Decimal numbers of so many digits come back from a double as they were. */
    private static final int EXACT_DIGITS = 15;

    private enum Kind {
        NOTHING,
        BOOLEAN,
        LONG,
        DECIMAL,
        DOUBLE,
        STRING,
        STRUCT,
        ARRAY
    }

    private Kind kind = Kind.NOTHING;

    /** Digits of a decimal. */
    private int digits;

    /** Whether all numbers are the same as doubles. */
    private boolean exact = true;

    /** The fields of a struct; also those seen before it became a string. */
    private TreeMap<String, ColumnType> fields;

    private ColumnType element;

    /** Takes in one value more. */
    void see(Object value) {
        if (value == null || kind == Kind.STRING) {
            return;
        }
        if (value instanceof Map<?, ?> map) {
            if (become(Kind.STRUCT)) {
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    field(entry.getKey().toString()).see(entry.getValue());
                }
            }
        } else if (value instanceof List<?> list) {
            if (become(Kind.ARRAY)) {
                list.forEach(element::see);
            }
        } else if (value instanceof Digits number) {
            see(number.written());
        } else if (value instanceof Boolean) {
            become(Kind.BOOLEAN);
        } else {
            become(Kind.STRING);
        }
    }

    ColumnType field(String name) {
        return fields.computeIfAbsent(name, key -> new ColumnType());
    }

    /** A struct without fields, for the columns of a file. */
    static ColumnType record() {
        ColumnType record = new ColumnType();
        record.become(Kind.STRUCT);
        return record;
    }

    private void see(String number) {
        if (isInteger(number)) {
            int length = number.length() - (number.startsWith("-") ? 1 : 0);
            if (length < 19 || isLong(number)) {
                exact &= length <= EXACT_DIGITS || isExact(number);
                addNumber(Kind.LONG, 0);
            } else {
                exact &= isExact(number);
                addNumber(length <= MAX_DECIMAL_DIGITS ? Kind.DECIMAL : Kind.DOUBLE, length);
            }
        } else {
            exact &= isExact(number);
            addNumber(Kind.DOUBLE, 0);
        }
    }

    private void addNumber(Kind number, int length) {
        switch (kind) {
            case NOTHING -> {
                kind = number;
                digits = number == Kind.DECIMAL ? length : 0;
            }
            case LONG, DECIMAL, DOUBLE -> {
                if (kind == Kind.DOUBLE || number == Kind.DOUBLE) {
                    kind = Kind.DOUBLE;
                } else if (kind == Kind.DECIMAL || number == Kind.DECIMAL) {
                    digits = Math.max(Math.max(digits, length), LONG_DIGITS);
                    kind = Kind.DECIMAL;
                }
            }
            case BOOLEAN, STRUCT, ARRAY -> kind = Kind.STRING;
            case STRING -> {}
        }
    }

    /** True where the column is of the kind now, and not of one that holds all. */
    private boolean become(Kind wanted) {
        if (kind == Kind.NOTHING) {
            kind = wanted;
            fields = wanted == Kind.STRUCT ? new TreeMap<>() : null;
            element = wanted == Kind.ARRAY ? new ColumnType() : null;
        } else if (kind != wanted) {
            kind = Kind.STRING;
        }
        return kind == wanted;
    }

    /** Takes in what another part of the column has. */
    void merge(ColumnType other) {
        if (other.kind == Kind.NOTHING || kind == Kind.STRING) {
            return;
        }
        exact &= other.exact;
        switch (other.kind) {
            case LONG, DECIMAL, DOUBLE -> addNumber(other.kind, other.digits);
            case STRUCT -> {
                if (become(Kind.STRUCT)) {
                    other.fields.forEach((name, type) -> field(name).merge(type));
                }
            }
            case ARRAY -> {
                if (become(Kind.ARRAY)) {
                    element.merge(other.element);
                }
            }
            case BOOLEAN, STRING, NOTHING -> become(other.kind);
        }
    }

    /** The fields of a struct, in the order of their names. */
    Map<String, ColumnType> fields() {
        return fields;
    }

    /** Spark's type; a string for numbers that would change as doubles. */
    DataType dataType() {
        return switch (kind) {
            case BOOLEAN -> DataTypes.BooleanType;
            case LONG -> DataTypes.LongType;
            case DECIMAL -> DataTypes.createDecimalType(digits, 0);
            case DOUBLE -> exact ? DataTypes.DoubleType : DataTypes.StringType;
            case ARRAY -> DataTypes.createArrayType(element.dataType());
            case STRUCT -> {
                List<StructField> all = new ArrayList<>();
                fields.forEach((name, type) -> all.add(DataTypes.createStructField(name, type.dataType(), true)));
                yield all.isEmpty() ? DataTypes.StringType : new StructType(all.toArray(StructField[]::new));
            }
            case NOTHING, STRING -> DataTypes.StringType;
        };
    }

    /** Whether numbers in it are strings so that they do not change. */
    boolean hasNumbersMadeStrings() {
        return switch (kind) {
            case DOUBLE -> !exact;
            case ARRAY -> element.hasNumbersMadeStrings();
            case STRUCT -> fields.values().stream().anyMatch(ColumnType::hasNumbersMadeStrings);
            case NOTHING, BOOLEAN, LONG, DECIMAL, STRING -> false;
        };
    }

    private static boolean isInteger(String number) {
        for (int i = number.startsWith("-") ? 1 : 0; i < number.length(); i++) {
            if (!Character.isDigit(number.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isLong(String number) {
        try {
            long unused = Long.parseLong(number);
            return true;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private static boolean isExact(String number) {
        if (number.endsWith("N") || number.endsWith("y")) { // NaN, Infinity
            return true;
        }
        if (number.length() <= EXACT_DIGITS && number.indexOf('e') < 0 && number.indexOf('E') < 0) {
            return true;
        }
        double value = Double.parseDouble(number);
        if (Double.isInfinite(value)) {
            return false;
        }
        BigDecimal written = new BigDecimal(number);
        return written.signum() == 0 || (value != 0 && new BigDecimal(Double.toString(value)).compareTo(written) == 0);
    }
}
