package io.github.longwing.spark;

import static org.apache.spark.sql.functions.col;

import io.github.longwing.error.UserException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.CharType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.VarcharType;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Finds the columns of a job in its input, on the driver, and complains about those that are not there or cannot serve.
 * Names match as the session's {@code spark.sql.caseSensitive} says.
 */
final class InputColumns {
    /** Where the projected rows have the text, always as bytes. */
    static final int TEXT = 0;

    /** Where they have the id as a string, the same for the same id wherever it is read. */
    static final int DOCUMENT_ID = 1;

    /** Where they have why there is no text, as {@link ReadingFailure} has it; null where there is one. */
    static final int READING_FAILURE = 2;

    /** Where the columns begin that the result keeps, the id first. */
    static final int KEPT = 3;

    private static final int MOST_NAMES_IN_A_MESSAGE = 30;

    private final Dataset<Row> documents;
    private final NameRule names;

    private InputColumns(Dataset<Row> documents) {
        this.documents = documents;
        this.names = NameRule.of(documents.sparkSession());
    }

    /** The input reduced to what a job needs: text, id, reading failure, then the kept columns under the names that the result has. */
    static Dataset<Row> project(Dataset<Row> documents, DocumentColumns columns) {
        return new InputColumns(documents).project(columns);
    }

    /** The fields of projected rows that go into the result as they are. */
    static List<StructField> keptFields(Dataset<Row> projected) {
        StructField[] fields = projected.schema().fields();
        return List.of(fields).subList(KEPT, fields.length);
    }

    private Dataset<Row> project(DocumentColumns columns) {
        Found text = find(columns.text(), "text", "--text-column");
        requireText(text);
        List<Column> selection = new ArrayList<>();
        // a string that is not UTF-8 would otherwise reach Java with its damage painted over
        selection.add(text.column().cast(DataTypes.BinaryType).as("longwing text"));
        Found id = find(columns.id(), "id", "--id-column");
        selection.add(id.column().cast(DataTypes.StringType).as("longwing document id"));
        selection.add(ReadingFailure.column(documents).as("longwing reading failure"));
        List<Found> kept = new ArrayList<>(List.of(id));
        for (String name : columns.keep()) {
            Found found = find(name, "kept", "--keep-columns");
            Optional<Found> namesake = kept.stream()
                    .filter(k -> names.same(k.field().name(), found.field().name()))
                    .findFirst();
            if (namesake.isEmpty()) {
                kept.add(found);
            } else if (!namesake.get().path().equals(found.path())) {
                throw new UserException("Cannot keep column " + name + ": "
                        + namesake.get().path() + " already gives the result a column "
                        + found.field().name()
                        + ", expected names that differ; rename one of them before, or leave it out of --keep-columns");
            }
        }
        kept.forEach(k -> selection.add(k.column()));
        return documents.select(selection.toArray(Column[]::new));
    }

    /** A column of the input: how to select it, what it is called in full, and the field that it becomes. */
    private record Found(Column column, String path, StructField field) {}

    private Found find(String name, String role, String option) {
        List<StructField> matches = Arrays.stream(documents.schema().fields())
                .filter(f -> names.same(f.name(), name))
                .toList();
        if (matches.size() == 1) {
            StructField field = matches.get(0);
            return new Found(col(quoted(field.name())), quoted(field.name()), field);
        }
        if (matches.size() > 1) {
            throw new UserException("Cannot read the documents: the " + role + " column is " + name + ", and "
                    + matches.size() + " columns of the input have that name, expected one; rename them before");
        }
        return findPath(name).orElseThrow(() -> missing(name, role, option));
    }

    /** A field inside a struct, or a hidden column such as {@code _metadata.file_path}. */
    private Optional<Found> findPath(String name) {
        if (name.isBlank() || name.equals("*") || name.endsWith(".*")) {
            return Optional.empty();
        }
        try {
            StructType schema = documents.select(col(name)).schema();
            return Optional.of(new Found(col(name), name, schema.fields()[0]));
        } catch (Exception e) { // Scala does not declare it, so Java cannot catch it by name
            if (e instanceof AnalysisException) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private UserException missing(String name, String role, String option) {
        String[] there = documents.schema().fieldNames();
        String list = Arrays.stream(there)
                .limit(MOST_NAMES_IN_A_MESSAGE)
                .reduce((a, b) -> a + ", " + b)
                .orElse("none");
        String more = there.length > MOST_NAMES_IN_A_MESSAGE
                ? " and " + (there.length - MOST_NAMES_IN_A_MESSAGE) + " more"
                : "";
        String hint =
                nearest(name, there).map(n -> " (did you mean " + n + "?)").orElse("");
        return new UserException("Cannot read the documents: the " + role + " column is " + name
                + ", expected one of the columns that the input has (" + list + more + "); name it with " + option
                + hint);
    }

    private static Optional<String> nearest(String name, String[] there) {
        int atMost = Math.max(1, name.length() / 3);
        return Arrays.stream(there)
                .filter(candidate -> distance(name, candidate) <= atMost)
                .min(Comparator.comparingInt(candidate -> distance(name, candidate)));
    }

    private static int distance(String a, String b) {
        return UTF8String.fromString(a.toLowerCase(Locale.ROOT))
                .levenshteinDistance(UTF8String.fromString(b.toLowerCase(Locale.ROOT)));
    }

    private static void requireText(Found text) {
        DataType type = text.field().dataType();
        boolean usable = type instanceof StringType
                || type instanceof BinaryType
                || type instanceof CharType
                || type instanceof VarcharType;
        if (!usable) {
            throw new UserException(
                    "Cannot read the documents: the text column " + text.field().name() + " is " + type.simpleString()
                            + ", expected string or binary; name another with --text-column");
        }
    }

    private static String quoted(String name) {
        return "`" + name.replace("`", "``") + "`";
    }
}
