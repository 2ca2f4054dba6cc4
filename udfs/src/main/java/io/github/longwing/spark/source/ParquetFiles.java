package io.github.longwing.spark.source;

import static org.apache.spark.sql.functions.col;

import io.github.longwing.error.UserException;
import io.github.longwing.spark.columns.NameRule;
import io.github.longwing.spark.files.FileListing;
import io.github.longwing.spark.files.FileListing.LeftOut;
import io.github.longwing.spark.files.InputAccount;
import io.github.longwing.spark.files.SourceFile;
import io.github.longwing.spark.options.DocumentColumns;
import io.github.longwing.spark.source.RecordSource.SourceRows;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Parquet by Spark's reader, after all footers were looked at: files that have none, columns whose types differ from file
 * to file, and columns that Spark cannot read but nobody asks for.
 */
public record ParquetFiles(SparkSession spark, Configuration hadoop, DocumentColumns columns) {
    private static final String NANOS_AS_LONG = "spark.sql.legacy.parquet.nanosAsLong";

    /** A footer, or why there is none. */
    private record Footer(SourceFile file, MessageType schema, long rows, String damage) {}

    /** A column in the files that have it: its type, and one of them. */
    private record Typed(DataType type, SourceFile file) {}

    /** The rows of all files. Refuses files whose columns do not fit together, naming them. */
    public SourceRows read(FileListing listing) {
        List<Footer> footers =
                listing.files().parallelStream().map(this::footer).toList();
        Map<SourceFile, String> damaged = new LinkedHashMap<>();
        footers.stream().filter(f -> f.schema() == null).forEach(f -> damaged.put(f.file(), f.damage()));
        List<Footer> whole = footers.stream().filter(f -> f.schema() != null).toList();
        if (whole.isEmpty()) {
            SourceFile first = listing.files().get(0);
            throw new UserException("Cannot read --input " + first.shown() + " as parquet: " + damaged.get(first)
                    + ", expected a file of that format; name another with --format");
        }
        Dataset<Row> rows = SparkFiles.withFailures(spark, rows(whole, listing), damaged);
        long records = whole.stream().mapToLong(Footer::rows).sum() + damaged.size();
        Map<LeftOut, Long> leftOut = new EnumMap<>(LeftOut.class);
        leftOut.putAll(listing.leftOut());
        return new SourceRows(
                rows,
                new InputAccount(listing.files().size(), leftOut, OptionalLong.of(records), damaged.size(), List.of()));
    }

    private Footer footer(SourceFile file) {
        if (file.length() == 0) {
            return new Footer(file, null, 0, "it is empty");
        }
        if (file.isLocal() && file.name().indexOf(':') >= 0) {
            return new Footer(file, null, 0, "Hadoop cannot open a name with a colon");
        }
        try (ParquetFileReader reader = ParquetFileReader.open(inputFile(file))) {
            MessageType schema = reader.getFooter().getFileMetaData().getSchema();
            return new Footer(file, schema, reader.getRecordCount(), null);
        } catch (IOException | RuntimeException e) {
            String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            return new Footer(file, null, 0, "its footer cannot be read (" + message + ")");
        }
    }

    private InputFile inputFile(SourceFile file) throws IOException {
        return file.isLocal()
                ? new LocalInputFile(Path.of(URI.create(file.location())))
                : HadoopInputFile.fromPath(new org.apache.hadoop.fs.Path(file.location()), hadoop);
    }

    private Dataset<Row> rows(List<Footer> footers, FileListing listing) {
        NameRule rule = NameRule.of(spark);
        Map<MessageType, StructType> schemas = new HashMap<>();
        for (Footer footer : footers) {
            schemas.computeIfAbsent(footer.schema(), schema -> schema(footer));
        }
        Map<String, List<Typed>> all = new LinkedHashMap<>();
        for (Footer footer : footers) {
            for (StructField field : schemas.get(footer.schema()).fields()) {
                List<Typed> types = all.computeIfAbsent(field.name(), name -> new ArrayList<>());
                if (types.stream().noneMatch(typed -> typed.type().equals(field.dataType()))) {
                    types.add(new Typed(field.dataType(), footer.file()));
                }
            }
        }
        StructType schema = new StructType();
        for (Map.Entry<String, List<Typed>> column : all.entrySet()) {
            List<Typed> types = column.getValue();
            boolean isId = columns.ids().stream().anyMatch(id -> rule.same(column.getKey(), id));
            if (types.size() > 1 && !isId && isNeeded(column.getKey(), rule)) {
                throw new UserException("Cannot read column " + column.getKey() + ": it is "
                        + types.get(0).type().simpleString() + " in "
                        + types.get(0).file().shown() + " and "
                        + types.get(1).type().simpleString() + " in "
                        + types.get(1).file().shown()
                        + ", expected one type; write one of them again, or give the files to runs of their own");
            }
            if (types.size() == 1 || isId) { // others that differ nobody asks for
                schema = schema.add(column.getKey(), types.get(0).type(), true);
            }
        }
        requireEverywhere(footers, all.keySet(), rule);
        return byIdType(footers, schemas, schema, listing, rule);
    }

    /** Files whose ids are of different types are read apart, and all ids become strings. */
    private Dataset<Row> byIdType(
            List<Footer> footers,
            Map<MessageType, StructType> schemas,
            StructType schema,
            FileListing listing,
            NameRule rule) {
        Map<Optional<DataType>, List<SourceFile>> groups = new LinkedHashMap<>();
        for (Footer footer : footers) {
            Optional<DataType> type = Arrays.stream(schemas.get(footer.schema()).fields())
                    .filter(field -> columns.ids().stream().anyMatch(id -> rule.same(field.name(), id)))
                    .map(StructField::dataType)
                    .findFirst();
            groups.computeIfAbsent(type, key -> new ArrayList<>()).add(footer.file());
        }
        List<Dataset<Row>> parts = new ArrayList<>();
        groups.forEach((type, files) -> {
            StructType own = new StructType();
            for (StructField field : schema.fields()) {
                boolean isId = columns.ids().stream().anyMatch(id -> rule.same(field.name(), id));
                own = own.add(field.name(), isId ? type.orElse(field.dataType()) : field.dataType(), true);
            }
            Dataset<Row> rows = SparkFiles.withPartitionColumns(
                    spark.read().schema(own).parquet(SparkFiles.patterns(files)), listing);
            if (groups.size() > 1) {
                for (String name : rows.columns()) {
                    if (columns.ids().stream().anyMatch(id -> rule.same(name, id))) {
                        rows = rows.withColumn(name, col("`" + name + "`").cast(DataTypes.StringType));
                    }
                }
            }
            parts.add(rows);
        });
        return parts.stream().reduce(Dataset::union).orElseThrow();
    }

    private void requireEverywhere(List<Footer> footers, Set<String> all, NameRule rule) {
        for (String name : all) {
            if (!isNeeded(name, rule)) {
                continue;
            }
            for (Footer footer : footers) {
                if (footer.schema().getFields().stream().noneMatch(field -> rule.same(field.getName(), name))) {
                    throw new UserException("Cannot read " + footer.file().shown() + ": it has no column " + name
                            + ", which others have, expected one; add it, or give the files to runs of their own");
                }
            }
        }
    }

    private boolean isNeeded(String name, NameRule rule) {
        return Stream.of(columns.ids(), List.of(columns.text()), columns.keep())
                .flatMap(List::stream)
                .anyMatch(needed -> rule.same(needed, name) || needed.startsWith(name + "."));
    }

    /** Spark's types of the columns of a file, without those that Spark does not read. */
    private StructType schema(Footer footer) {
        Set<String> unreadable = new TreeSet<>();
        boolean asLong = Boolean.parseBoolean(spark.conf().get(NANOS_AS_LONG, "false"));
        if (!asLong) {
            footer.schema().getFields().stream()
                    .filter(ParquetFiles::hasNanoseconds)
                    .forEach(field -> unreadable.add(field.getName()));
        }
        NameRule rule = NameRule.of(spark);
        unreadable.stream().filter(name -> isNeeded(name, rule)).findFirst().ifPresent(name -> {
            throw new UserException(
                    "Cannot read column " + name + " of " + footer.file().shown()
                            + ": it has timestamps in nanoseconds, expected microseconds; read them as numbers with --conf "
                            + NANOS_AS_LONG + "=true, or leave the column out of --keep-columns");
        });
        StructType schema;
        if (unreadable.isEmpty()) {
            schema = inferred(footer);
        } else {
            spark.conf().set(NANOS_AS_LONG, "true");
            try {
                schema = inferred(footer);
            } finally {
                spark.conf().unset(NANOS_AS_LONG);
            }
        }
        StructType readable = new StructType();
        for (StructField field : schema.fields()) {
            readable = unreadable.contains(field.name()) ? readable : readable.add(field);
        }
        return readable;
    }

    private StructType inferred(Footer footer) {
        return spark.read().parquet(SparkFiles.patterns(List.of(footer.file()))).schema();
    }

    private static boolean hasNanoseconds(Type type) {
        return type.isPrimitive()
                ? type.getLogicalTypeAnnotation() instanceof TimestampLogicalTypeAnnotation timestamp
                        && timestamp.getUnit() == TimeUnit.NANOS
                : type.asGroupType().getFields().stream().anyMatch(ParquetFiles::hasNanoseconds);
    }
}
