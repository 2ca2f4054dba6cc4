package io.github.longwing.jobs.output;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * What is known of rows that an output holds already.
 *
 * @param columns without those that are directories
 * @param partitionColumns in the order of the directories
 * @param models labels of the models that made the rows, as far as statistics say
 * @param witness the file or table that shows it
 */
record ExistingRows(StructType columns, List<String> partitionColumns, Set<String> models, String witness) {
    private static final String ERROR = "error";

    /** Columns by which the output of a job is known; the first that an output has decides. */
    private static final Map<String, String> JOBS = Map.of(
            "summary", "summarize",
            "summaries", "summarize",
            "labels", "classify",
            "values", "classify",
            "answers", "answer",
            "generated", "generate",
            "generations", "generate",
            "embedding", "embed");

    ExistingRows {
        partitionColumns = List.copyOf(partitionColumns);
        models = Set.copyOf(models);
    }

    /** Whether a job of Longwing has made such rows. */
    boolean areResults() {
        return prefix().isPresent();
    }

    /** Why this run's rows do not go with these, if so, with the remedy. */
    Optional<String> difference(StructType rows, List<String> partitionBy, Optional<String> model) {
        if (!partitionColumns.equals(partitionBy)) {
            return Optional.of("is partitioned by " + list(partitionColumns) + ", expected " + list(partitionBy)
                    + " as this run has it; "
                    + (partitionColumns.isEmpty()
                            ? "leave out --partition-by"
                            : "give --partition-by " + String.join(",", partitionColumns))
                    + ", or name another output");
        }
        return job(columns, partitionColumns)
                .flatMap(old -> job(rows, List.of())
                        .filter(now -> !now.equals(old))
                        .map(now ->
                                "holds the rows of " + old + ", expected those of " + now + "; name another output"))
                .or(() -> differentColumn(rows, partitionBy))
                .or(() -> model.filter(now -> !models.isEmpty() && !models.equals(Set.of(now)))
                        .map(now -> "holds rows of the model " + String.join(" and ", new TreeSet<>(models))
                                + ", expected " + now + "; name another output, or the model of those rows"));
    }

    private Optional<String> differentColumn(StructType rows, List<String> partitionBy) {
        Set<String> now = new LinkedHashSet<>(Arrays.asList(rows.fieldNames()));
        now.removeAll(partitionBy);
        Set<String> before = new LinkedHashSet<>(Arrays.asList(columns.fieldNames()));
        for (String name : before) {
            if (!now.contains(name)) {
                return Optional.of("has a column " + name + ", expected only the columns of this run ("
                        + String.join(", ", now)
                        + "); give the options of the run that wrote it, such as --keep-columns, or name another"
                        + " output");
            }
        }
        for (String name : now) {
            if (!before.contains(name)) {
                return Optional.of("has no column " + name + ", expected it as this run has it ("
                        + String.join(", ", now)
                        + "); give the options of the run that wrote it, such as --keep-columns, or name another"
                        + " output");
            }
        }
        return Stream.of(rows.fields())
                .filter(field -> before.contains(field.name()))
                .filter(field -> !sameType(columns.apply(field.name()).dataType(), field.dataType()))
                .findFirst()
                .map(field -> "has the column " + field.name() + " as "
                        + columns.apply(field.name()).dataType().simpleString() + ", expected "
                        + field.dataType().simpleString()
                        + " as this run has it; name another output, or write that one anew with --mode overwrite");
    }

    /** Null or not makes no difference to a reader. */
    private static boolean sameType(DataType a, DataType b) {
        return a.catalogString().equals(b.catalogString());
    }

    private Optional<String> prefix() {
        return prefix(columns, partitionColumns);
    }

    private static Optional<String> prefix(StructType columns, List<String> partitionColumns) {
        Set<String> names = Stream.concat(Arrays.stream(columns.fieldNames()), partitionColumns.stream())
                .collect(Collectors.toSet());
        return Arrays.stream(columns.fields())
                .filter(field -> field.name().endsWith(ERROR) && isError(field))
                .map(field -> field.name().substring(0, field.name().length() - ERROR.length()))
                .filter(prefix ->
                        names.containsAll(List.of(prefix + "model", prefix + "input_tokens", prefix + "attention")))
                .findFirst();
    }

    private static boolean isError(StructField field) {
        return field.dataType() instanceof StructType type
                && Arrays.asList(type.fieldNames()).containsAll(List.of("class", "message"));
    }

    private static Optional<String> job(StructType columns, List<String> partitionColumns) {
        Set<String> names = new LinkedHashSet<>(Arrays.asList(columns.fieldNames()));
        return prefix(columns, partitionColumns).flatMap(prefix -> JOBS.entrySet().stream()
                .filter(entry -> names.contains(prefix + entry.getKey()))
                .map(Map.Entry::getValue)
                .sorted()
                .findFirst());
    }

    /** Where the column of models is, in an output whose columns have a prefix or not. */
    static Optional<String> modelColumn(StructType columns, List<String> partitionColumns) {
        return prefix(columns, partitionColumns).map(prefix -> prefix + "model");
    }

    private static String list(List<String> names) {
        return names.isEmpty() ? "nothing" : String.join(",", names);
    }
}
