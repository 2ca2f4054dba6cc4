package io.github.longwing.spark.source;

import io.github.longwing.error.UserException;
import io.github.longwing.spark.columns.NameRule;
import io.github.longwing.spark.files.FileListing;
import io.github.longwing.spark.files.FileListing.LeftOut;
import io.github.longwing.spark.files.InputAccount;
import io.github.longwing.spark.files.Slice;
import io.github.longwing.spark.files.SourceFile;
import io.github.longwing.spark.options.DocumentColumns;
import io.github.longwing.spark.options.Questions;
import io.github.longwing.spark.source.RecordRows.Metadata;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Reads files of a {@link RecordFormat} as rows. Where the columns are not known, all files are read once to find them;
 * that also counts the records.
 *
 * @param slots how many tasks run at a time
 * @param columns those that the job needs; the one of the id becomes a string
 */
public record RecordSource(SparkSession spark, Configuration hadoop, int slots, DocumentColumns columns) {
    static final String METADATA = "_metadata";

    /**
     * The rows of an input.
     *
     * @param rows the columns of the records, those of their folders, and why a record could not be read
     */
    public record SourceRows(Dataset<Row> rows, InputAccount account) {}

    /** The rows of all files; refuses what contradicts itself before it reads any. */
    public SourceRows read(FileListing listing, RecordFormat format) {
        Map<LeftOut, Long> leftOut = new EnumMap<>(LeftOut.class);
        leftOut.putAll(listing.leftOut());
        List<SourceFile> files = listing.files();
        if (!format.readsEmptyFiles()) {
            files = files.stream().filter(file -> file.length() > 0).toList();
            int empty = listing.files().size() - files.size();
            if (empty > 0) {
                leftOut.put(LeftOut.EMPTY, (long) empty);
            }
        }
        SerializableConfiguration configuration = new SerializableConfiguration(hadoop);
        List<List<Slice>> splits = plan(files, format);
        StructType found;
        InputAccount account;
        if (format.columns().isPresent()) {
            found = format.columns().get();
            account = new InputAccount(files.size(), leftOut, OptionalLong.empty(), 0, List.of());
        } else {
            InputScan scan = InputScan.of(Splits.dataset(spark, splits, slots), format, configuration);
            splits = withFirstLines(splits, scan);
            requireHeaders(scan);
            found = columns(scan);
            account = new InputAccount(
                    files.size(), leftOut, OptionalLong.of(scan.records()), scan.malformed(), madeStrings(scan));
        }
        requireNoClash(found, listing);
        Metadata metadata =
                columns.keep().stream().anyMatch(name -> name.startsWith(METADATA + ".") || name.equals(METADATA))
                                && found.getFieldIndex(METADATA).isEmpty()
                        ? Metadata.ASKED_FOR
                        : Metadata.LEFT_OUT;
        Dataset<Row> rows = Splits.dataset(spark, splits, slots)
                .mapPartitions(
                        new RecordRows(
                                format,
                                configuration,
                                found,
                                listing.partitionColumns().size(),
                                metadata),
                        Encoders.row(RecordRows.schema(found, listing.partitionColumns(), metadata)));
        return new SourceRows(rows, account);
    }

    private List<List<Slice>> plan(List<SourceFile> files, RecordFormat format) {
        try {
            return Splits.plan(files, format::isSplittable, slots, hadoop);
        } catch (IOException e) {
            throw new UserException(
                    "Cannot read the input: " + e.getMessage() + ", expected files that can be read", e);
        }
    }

    /** With the number of the first line of each part, which errors name. */
    private static List<List<Slice>> withFirstLines(List<List<Slice>> splits, InputScan scan) {
        List<List<Slice>> numbered = new ArrayList<>(splits.size());
        long line = 1;
        for (List<Slice> split : splits) {
            Slice first = split.get(0);
            if (first.end() == Slice.TO_THE_END) {
                numbered.add(split);
            } else { // the parts of a file stand one after the other
                line = first.begin() == 0 ? 1 : line;
                numbered.add(List.of(first.withFirstLine(line)));
                line += scan.lines(first);
            }
        }
        return numbered;
    }

    /** In the order of the headers, where there are any; else by name, as Spark has them. */
    private StructType columns(InputScan scan) {
        Map<String, ColumnType> types = scan.columns().fields();
        Set<String> names = new LinkedHashSet<>();
        scan.headers().keySet().forEach(names::addAll);
        names.addAll(types.keySet());
        if (names.isEmpty()) { // nothing could be read, and what is wrong with it is in its rows
            names.addAll(columns.ids());
            names.addAll(List.of(columns.text(), Questions.QUESTION));
        }
        NameRule rule = NameRule.of(spark);
        StructType schema = new StructType();
        for (String name : names) {
            boolean string = columns.ids().stream().anyMatch(id -> rule.same(name, id)) || !types.containsKey(name);
            schema = schema.add(
                    name, string ? DataTypes.StringType : types.get(name).dataType());
        }
        return schema;
    }

    private List<String> madeStrings(InputScan scan) {
        NameRule rule = NameRule.of(spark);
        return scan.columns().fields().entrySet().stream()
                .filter(entry -> entry.getValue().hasNumbersMadeStrings()
                        && !columns.ids().stream().anyMatch(id -> rule.same(entry.getKey(), id)))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** A column that some files have must be in all of them, or a whole file would lose it. */
    private void requireHeaders(InputScan scan) {
        NameRule rule = NameRule.of(spark);
        for (String name : columns.names()) {
            Optional<String> with = Optional.empty();
            Optional<Map.Entry<List<String>, String>> without = Optional.empty();
            for (Map.Entry<List<String>, String> header : scan.headers().entrySet()) {
                if (header.getKey().stream().anyMatch(column -> rule.same(column, name))) {
                    with = Optional.of(header.getValue());
                } else {
                    without = Optional.of(header);
                }
            }
            if (with.isPresent() && without.isPresent()) {
                throw new UserException("Cannot read " + without.get().getValue() + ": its header has no column " + name
                        + " (but " + String.join(", ", without.get().getKey()) + "), expected one as in " + with.get()
                        + "; add it, or give the files to runs of their own");
            }
            if (with.isEmpty() && without.isPresent() && without.get().getKey().size() == 1) {
                requireSeparator(without.get());
            }
        }
    }

    private static void requireSeparator(Map.Entry<List<String>, String> header) {
        String only = header.getKey().get(0);
        for (String separator : List.of(";", "\t", "|", ",")) {
            if (only.contains(separator)) {
                String shown = separator.equals("\t") ? "\\t" : separator;
                throw new UserException("Cannot read " + header.getValue() + ": its header is one column ("
                        + only.strip() + "), expected several; name what stands between them with --csv-separator '"
                        + shown + "'");
            }
        }
    }

    private void requireNoClash(StructType found, FileListing listing) {
        NameRule rule = NameRule.of(spark);
        for (String key : listing.partitionColumns()) {
            for (StructField field : found.fields()) {
                if (rule.same(field.name(), key)) {
                    SourceFile file = listing.files().stream()
                            .filter(f -> f.partition() != null)
                            .findFirst()
                            .orElseThrow();
                    throw new UserException(
                            "Cannot read " + file.shown() + ": its folder gives a column " + key
                                    + " and its records have a column " + field.name()
                                    + ", expected names that differ; rename the folder, or name the files themselves with --input");
                }
            }
        }
    }
}
