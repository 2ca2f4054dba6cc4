package io.github.longwing.spark.typed;

import static org.apache.spark.sql.functions.col;

import io.github.longwing.error.UserException;
import io.github.longwing.spark.columns.NameRule;
import io.github.longwing.spark.files.FileListing;
import io.github.longwing.spark.files.FileListing.LeftOut;
import io.github.longwing.spark.files.InputAccount;
import io.github.longwing.spark.files.SourceFile;
import io.github.longwing.spark.options.DocumentColumns;
import io.github.longwing.spark.source.RecordSource.SourceRows;
import io.github.longwing.spark.typed.TypedFormat.Footer;
import java.io.IOException;
import java.io.UncheckedIOException;
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
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Files of a {@link TypedFormat} by Spark's reader, after all of them were looked at: files that are damaged, columns whose
 * types differ from file to file, and columns that Spark cannot read but nobody asks for.
 *
 * @param slots how many tasks run at a time
 * @param columns those that the job needs
 */
public record TypedFiles(SparkSession spark, Configuration hadoop, int slots, DocumentColumns columns) {
    private static final String NANOS_AS_LONG = "spark.sql.legacy.parquet.nanosAsLong";

    /** A file and what it says about itself, or why it does not. */
    private record Known(SourceFile file, Footer footer, String damage) {}

    /** A column in the files that have it: its type, and one of them. */
    private record Typed(DataType type, SourceFile file) {}

    /** The rows of all files. Refuses files whose columns do not fit together, naming them. */
    public SourceRows read(FileListing listing, TypedFormat format) {
        List<Known> known = listing.files().parallelStream()
                .map(file -> known(file, format))
                .toList();
        Map<SourceFile, String> damaged = new LinkedHashMap<>();
        known.stream().filter(k -> k.footer() == null).forEach(k -> damaged.put(k.file(), k.damage()));
        List<Known> readable = known.stream().filter(k -> k.footer() != null).toList();
        if (readable.isEmpty()) {
            SourceFile first = listing.files().get(0);
            throw new UserException("Cannot read --input " + first.shown() + " as " + format.sparkName() + ": "
                    + damaged.get(first) + ", expected a file of that format; name another with --format");
        }
        Map<String, StructType> schemas = new HashMap<>();
        for (Known file : readable) {
            schemas.computeIfAbsent(file.footer().schema(), schema -> schema(file, format));
        }
        StructType schema = common(readable, schemas);
        WholeFiles checked = check(readable, format);
        damaged.putAll(checked.damaged());
        List<Known> whole = readable.stream()
                .filter(k -> !checked.damaged().containsKey(k.file()))
                .toList();
        Dataset<Row> rows = SparkFiles.withFailures(spark, byIdType(whole, schemas, schema, listing, format), damaged);
        Map<LeftOut, Long> leftOut = new EnumMap<>(LeftOut.class);
        leftOut.putAll(listing.leftOut());
        return new SourceRows(
                rows,
                new InputAccount(
                        listing.files().size(),
                        leftOut,
                        OptionalLong.of(checked.rows() + damaged.size()),
                        damaged.size(),
                        List.of()));
    }

    private Known known(SourceFile file, TypedFormat format) {
        if (file.length() == 0) {
            return new Known(file, null, "it is empty");
        }
        try {
            return new Known(file, format.footer(file, hadoop), null);
        } catch (IOException | RuntimeException e) {
            return new Known(file, null, "its footer cannot be read (" + WholeFiles.reason(e) + ")");
        }
    }

    private WholeFiles check(List<Known> files, TypedFormat format) {
        NameRule rule = NameRule.of(spark);
        List<String> needed = files.stream()
                .flatMap(file -> file.footer().columns().stream())
                .distinct()
                .filter(name -> isNeeded(name, rule))
                .toList();
        try {
            return WholeFiles.of(
                    spark,
                    files.stream().map(Known::file).toList(),
                    format,
                    needed,
                    slots,
                    new SerializableConfiguration(hadoop));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The columns of all files, those that nobody asks for only where all agree on their types. */
    private StructType common(List<Known> files, Map<String, StructType> schemas) {
        NameRule rule = NameRule.of(spark);
        Map<String, List<Typed>> all = new LinkedHashMap<>();
        for (Known file : files) {
            for (StructField field : schemas.get(file.footer().schema()).fields()) {
                List<Typed> types = all.computeIfAbsent(field.name(), name -> new ArrayList<>());
                if (types.stream().noneMatch(typed -> typed.type().equals(field.dataType()))) {
                    types.add(new Typed(field.dataType(), file.file()));
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
        requireEverywhere(files, all.keySet(), rule);
        return schema;
    }

    /** Files whose ids are of different types are read apart, and all ids become strings. */
    private Dataset<Row> byIdType(
            List<Known> whole,
            Map<String, StructType> schemas,
            StructType schema,
            FileListing listing,
            TypedFormat format) {
        NameRule rule = NameRule.of(spark);
        Map<Optional<DataType>, List<SourceFile>> groups = new LinkedHashMap<>();
        for (Known known : whole) {
            Optional<DataType> type = Arrays.stream(
                            schemas.get(known.footer().schema()).fields())
                    .filter(field -> columns.ids().stream().anyMatch(id -> rule.same(field.name(), id)))
                    .map(StructField::dataType)
                    .findFirst();
            groups.computeIfAbsent(type, key -> new ArrayList<>()).add(known.file());
        }
        List<Dataset<Row>> parts = new ArrayList<>();
        groups.forEach((type, files) -> {
            StructType own = new StructType();
            for (StructField field : schema.fields()) {
                boolean isId = columns.ids().stream().anyMatch(id -> rule.same(field.name(), id));
                own = own.add(field.name(), isId ? type.orElse(field.dataType()) : field.dataType(), true);
            }
            Dataset<Row> rows = SparkFiles.withPartitionColumns(
                    spark.read().schema(own).format(format.sparkName()).load(SparkFiles.patterns(files)), listing);
            if (groups.size() > 1) {
                for (String name : rows.columns()) {
                    if (columns.ids().stream().anyMatch(id -> rule.same(name, id))) {
                        rows = rows.withColumn(name, col("`" + name + "`").cast(DataTypes.StringType));
                    }
                }
            }
            parts.add(rows);
        });
        return parts.stream().reduce(Dataset::union).orElseGet(() -> none(schema, listing));
    }

    private Dataset<Row> none(StructType schema, FileListing listing) {
        StructType all = schema;
        for (String key : listing.partitionColumns()) {
            all = all.add(key, DataTypes.StringType);
        }
        return spark.createDataFrame(List.of(), all);
    }

    private void requireEverywhere(List<Known> files, Set<String> all, NameRule rule) {
        for (String name : all) {
            if (!isNeeded(name, rule)) {
                continue;
            }
            for (Known file : files) {
                if (file.footer().columns().stream().noneMatch(column -> rule.same(column, name))) {
                    throw new UserException("Cannot read " + file.file().shown() + ": it has no column " + name
                            + ", which others have, expected one; add it, or give the files to runs of their own");
                }
            }
        }
    }

    private boolean isNeeded(String name, NameRule rule) {
        return columns.names().stream().anyMatch(needed -> rule.same(needed, name) || needed.startsWith(name + "."));
    }

    /** Spark's types of the columns of a file, without those that Spark does not read. */
    private StructType schema(Known known, TypedFormat format) {
        boolean asLong = Boolean.parseBoolean(spark.conf().get(NANOS_AS_LONG, "false"));
        Set<String> unreadable =
                asLong ? Set.of() : new TreeSet<>(known.footer().nanoseconds());
        NameRule rule = NameRule.of(spark);
        unreadable.stream().filter(name -> isNeeded(name, rule)).findFirst().ifPresent(name -> {
            throw new UserException(
                    "Cannot read column " + name + " of " + known.file().shown()
                            + ": it has timestamps in nanoseconds, expected microseconds; read them as numbers with --conf "
                            + NANOS_AS_LONG + "=true, or leave the column out of --keep-columns");
        });
        StructType schema;
        if (unreadable.isEmpty()) {
            schema = inferred(known.file(), format);
        } else {
            spark.conf().set(NANOS_AS_LONG, "true");
            try {
                schema = inferred(known.file(), format);
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

    private StructType inferred(SourceFile file, TypedFormat format) {
        return spark.read()
                .format(format.sparkName())
                .load(SparkFiles.patterns(List.of(file)))
                .schema();
    }
}
