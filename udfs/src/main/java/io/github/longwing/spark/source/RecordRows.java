package io.github.longwing.spark.source;

import io.github.longwing.error.DocumentException;
import io.github.longwing.error.DocumentException.Kind;
import io.github.longwing.spark.columns.FileFailure;
import io.github.longwing.spark.files.SourceFile;
import io.github.longwing.spark.source.JsonValues.Digits;
import java.math.BigDecimal;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Reads the rows of a part of an input: the columns of its records, those of its folders, what Spark knows of a file
 * where that is asked for, and why there is no record.
 *
 * @param columns of the records
 * @param partitionColumns how many columns the folders give
 * @param metadata whether there is a column {@code _metadata}
 */
record RecordRows(
        RecordFormat format,
        SerializableConfiguration hadoop,
        StructType columns,
        int partitionColumns,
        Metadata metadata)
        implements MapPartitionsFunction<byte[], Row> {
    static final StructType METADATA_TYPE = new StructType()
            .add("file_path", DataTypes.StringType)
            .add("file_name", DataTypes.StringType)
            .add("file_size", DataTypes.LongType)
            .add("file_modification_time", DataTypes.TimestampType);

    enum Metadata {
        ASKED_FOR,
        LEFT_OUT
    }

    /** All columns of the rows. */
    static StructType schema(StructType columns, List<String> partitionColumns, Metadata metadata) {
        StructType schema = columns;
        for (String name : partitionColumns) {
            schema = schema.add(name, DataTypes.StringType);
        }
        if (metadata == Metadata.ASKED_FOR) {
            schema = schema.add("_metadata", METADATA_TYPE);
        }
        return schema.add(FileFailure.COLUMN, FileFailure.TYPE);
    }

    /** What all rows of a file share. */
    static void addFile(SourceFile file, int partitionColumns, Metadata metadata, List<Object> row) {
        for (int i = 0; i < partitionColumns; i++) {
            row.add(file.partition() == null ? null : file.partition().get(i));
        }
        if (metadata == Metadata.ASKED_FOR) {
            row.add(RowFactory.create(
                    file.isLocal() ? file.location() : file.shown(),
                    file.name(),
                    file.length(),
                    new Timestamp(file.modified())));
        }
    }

    @Override
    public Iterator<Row> call(Iterator<byte[]> splits) {
        SplitRecords records = new SplitRecords(splits, format, hadoop.value(), (slice, reader, lines) -> {});
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return records.hasNext();
            }

            @Override
            public Row next() {
                SplitRecords.FileRecord next = records.next();
                return row(next.file(), next.record());
            }
        };
    }

    private Row row(SourceFile file, SourceRecord record) {
        List<Object> row = new ArrayList<>(columns.size() + partitionColumns + 2);
        for (StructField field : columns.fields()) {
            Object value = record.values().get(field.name());
            row.add(value == null ? null : value(value, field.dataType(), field.name(), file));
        }
        addFile(file, partitionColumns, metadata, row);
        row.add(record.failure().map(FileFailure::of).orElse(null));
        return RowFactory.create(row.toArray());
    }

    private static Object value(Object value, DataType type, String column, SourceFile file) {
        if (value == null) {
            return null;
        }
        if (type instanceof StringType) {
            return JsonValues.string(value);
        }
        if (type instanceof BooleanType && value instanceof Boolean) {
            return value;
        }
        if (value instanceof Digits digits) {
            if (type instanceof LongType) {
                return Long.valueOf(digits.written());
            }
            if (type instanceof DoubleType) {
                return Double.valueOf(digits.written());
            }
            if (type instanceof DecimalType) {
                return new BigDecimal(digits.written());
            }
        }
        if (type instanceof ArrayType array && value instanceof List<?> list) {
            List<Object> elements = new ArrayList<>(list.size());
            list.forEach(element -> elements.add(value(element, array.elementType(), column, file)));
            return elements.toArray();
        }
        if (type instanceof StructType struct && value instanceof Map<?, ?> map) {
            Object[] fields = new Object[struct.size()];
            for (int i = 0; i < fields.length; i++) {
                StructField field = struct.fields()[i];
                fields[i] = value(map.get(field.name()), field.dataType(), column, file);
            }
            return RowFactory.create(fields);
        }
        throw new DocumentException(
                Kind.MalformedRecord,
                "Cannot read column " + column + " of " + file.shown() + ": expected " + type.simpleString()
                        + " as when its types were found; the file was changed meanwhile, so run again");
    }
}
