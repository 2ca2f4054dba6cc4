package io.github.longwing.spark.columns;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.posexplode_outer;

import io.github.longwing.error.DidYouMean;
import io.github.longwing.error.UserException;
import io.github.longwing.spark.options.DocumentColumns;
import io.github.longwing.spark.options.Questions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.CharType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.VarcharType;

/**
 * Finds the columns of a job in its input, on the driver, and complains about those that are not there or cannot serve.
 * Names match as the session's {@code spark.sql.caseSensitive} says.
 */
public final class InputColumns {
    /** Where the projected rows have the text, always as bytes. */
    public static final int TEXT = 0;

    /** Where they have the id as a string, the same for the same id wherever it is read. */
    public static final int DOCUMENT_ID = 1;

    /**
     * Where they have the question as bytes: null where nothing is asked, empty where a document lacks its question.
     * Before {@link #askEach} it may be an array of questions.
     */
    public static final int QUESTION = 2;

    /** Where they have why there is no text, as {@link FileFailure} has it; null where there is one. */
    public static final int READING_FAILURE = 3;

    /** Where they have the pages of the text, as {@link TextPages} has them; null where there are none. */
    public static final int PAGES = 4;

    /** Where the columns begin that the result keeps, the id first. */
    public static final int KEPT = 5;

    private static final String TEXT_NAME = "longwing text";
    private static final String DOCUMENT_ID_NAME = "longwing document id";
    private static final String QUESTION_NAME = "longwing question";
    private static final String ONE_QUESTION_NAME = "longwing one question";
    private static final String QUESTION_INDEX_NAME = "longwing question index";

    /** Columns of an input that no user has named. */
    private static final Set<String> OURS = Set.of(FileFailure.COLUMN, TextPages.COLUMN);

    private static final int MAX_NAMES_IN_MESSAGE = 30;

    private final Dataset<Row> documents;
    private final NameRule names;

    private InputColumns(Dataset<Row> documents) {
        this.documents = documents;
        this.names = NameRule.of(documents.sparkSession());
    }

    /**
     * The input reduced to what a job needs: text, id, what is asked, reading failure, pages, then the kept columns under the names that the
     * result has.
     */
    public static Dataset<Row> project(Dataset<Row> documents, DocumentColumns columns) {
        return new InputColumns(documents).project(columns);
    }

    /**
     * A row as a projection has it, of a text that was not read from a file.
     *
     * @param text in UTF-8; null for none
     * @param question in UTF-8; null where nothing is asked
     * @param kept values for the result
     */
    public static Row row(byte[] text, String id, byte[] question, Object... kept) {
        Object[] values = new Object[KEPT + kept.length];
        values[TEXT] = text;
        values[DOCUMENT_ID] = id;
        values[QUESTION] = question;
        System.arraycopy(kept, 0, values, KEPT, kept.length);
        return RowFactory.create(values);
    }

    /** The fields of projected rows that go into the result as they are. */
    public static List<StructField> keptFields(Dataset<Row> projected) {
        StructField[] fields = projected.schema().fields();
        return List.of(fields).subList(KEPT, fields.length);
    }

    /** What the result says besides of the question of a row; nothing unless questions come in arrays. */
    public static List<StructField> questionFields(Dataset<Row> projected) {
        return hasArrays(projected)
                ? List.of(
                        ResultSchema.nullable("question", DataTypes.StringType),
                        ResultSchema.nullable("question_index", DataTypes.IntegerType))
                : List.of();
    }

    /**
     * Projected rows with one question each, those of a document one after the other in the partition that it is in. A
     * document without questions stays one row.
     */
    public static Dataset<Row> askEach(Dataset<Row> projected) {
        if (!hasArrays(projected)) {
            return projected;
        }
        Column question = ColumnName.column(ONE_QUESTION_NAME);
        List<Column> selection = new ArrayList<>(List.of(
                ColumnName.column(TEXT_NAME),
                ColumnName.column(DOCUMENT_ID_NAME),
                bytesOrNone(question),
                ColumnName.column(FileFailure.COLUMN),
                ColumnName.column(TextPages.COLUMN)));
        keptFields(projected).forEach(field -> selection.add(ColumnName.column(field.name())));
        selection.add(question);
        selection.add(ColumnName.column(QUESTION_INDEX_NAME));
        Column eachQuestion = posexplode_outer(ColumnName.column(QUESTION_NAME))
                .as(new String[] {QUESTION_INDEX_NAME, ONE_QUESTION_NAME});
        return projected.select(col("*"), eachQuestion).select(selection.toArray(Column[]::new));
    }

    private static boolean hasArrays(Dataset<Row> projected) {
        return projected.schema().fields()[QUESTION].dataType() instanceof ArrayType;
    }

    private static Column bytesOrNone(Column question) {
        return coalesce(question.cast(DataTypes.BinaryType), lit(new byte[0]));
    }

    private Dataset<Row> project(DocumentColumns columns) {
        Found text = find(columns.text(), "text", "--text-column");
        requireText(text);
        List<Column> selection = new ArrayList<>();
        // a string that is not UTF-8 would otherwise reach Java with its damage painted over
        selection.add(text.column().cast(DataTypes.BinaryType).as(TEXT_NAME));
        List<Found> kept = new ArrayList<>();
        columns.ids().forEach(id -> kept.add(find(id, "id", "--id-column")));
        selection.add(documentId(kept).as(DOCUMENT_ID_NAME));
        selection.add(question(columns.questions()).as(QUESTION_NAME));
        selection.add(FileFailure.column(documents).as(FileFailure.COLUMN));
        selection.add(TextPages.column(documents).as(TextPages.COLUMN));
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

    /** Of several columns one text that tells documents apart, also where parts are null. */
    private static Column documentId(List<Found> ids) {
        return ids.size() == 1
                ? ids.get(0).column().cast(DataTypes.StringType)
                : concat_ws(
                        ",",
                        ids.stream()
                                .map(id -> coalesce(id.column().cast(DataTypes.StringType), lit("null")))
                                .toArray(Column[]::new));
    }

    private Column question(Questions questions) {
        if (questions instanceof Questions.InColumn one) {
            Found found = find(one.column(), "question", "--question-column");
            require(isString(found.field().dataType()), found, "question", "string", "--question-column");
            return bytesOrNone(found.column());
        }
        if (questions instanceof Questions.InArrayColumn several) {
            Found found = find(several.column(), "questions", "--questions-column");
            boolean usable = found.field().dataType() instanceof ArrayType array && isString(array.elementType());
            require(usable, found, "questions", "array<string>", "--questions-column");
            return found.column().cast(DataTypes.createArrayType(DataTypes.StringType));
        }
        return questions instanceof Questions.DefaultColumns
                ? question(defaultQuestions())
                : lit(null).cast(DataTypes.BinaryType);
    }

    private Questions defaultQuestions() {
        boolean one = isThere(Questions.QUESTION);
        boolean several = isThere(Questions.QUESTIONS);
        if (one && several) {
            throw new UserException("Cannot read the questions: the input has a column " + Questions.QUESTION
                    + " and a column " + Questions.QUESTIONS
                    + ", expected one of the two; name it with --question-column or --questions-column");
        }
        if (!one && !several) {
            throw missing(Questions.QUESTION, "question", "--question-column or --questions-column");
        }
        return one ? new Questions.InColumn(Questions.QUESTION) : new Questions.InArrayColumn(Questions.QUESTIONS);
    }

    private boolean isThere(String name) {
        return Arrays.stream(documents.columns()).anyMatch(column -> names.same(column, name));
    }

    /** A column of the input: how to select it, what it is called in full, and the field that it becomes. */
    private record Found(Column column, String path, StructField field) {}

    private Found find(String name, String role, String option) {
        List<StructField> matches = Arrays.stream(documents.schema().fields())
                .filter(f -> names.same(f.name(), name))
                .toList();
        if (matches.size() == 1) {
            StructField field = matches.get(0);
            return new Found(ColumnName.column(field.name()), ColumnName.quoted(field.name()), field);
        }
        if (matches.size() > 1) {
            List<String> spellings =
                    matches.stream().map(StructField::name).distinct().toList();
            String remedy = spellings.size() == matches.size() // then case tells them apart
                    ? ", or read " + String.join(" and ", spellings)
                            + " as different columns with --conf spark.sql.caseSensitive=true"
                    : "";
            throw new UserException("Cannot read the documents: the " + role + " column is " + name + ", and "
                    + matches.size() + " columns of the input have that name, expected one; rename them before"
                    + remedy);
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
        String[] there = Arrays.stream(documents.schema().fieldNames())
                .filter(column -> !OURS.contains(column))
                .toArray(String[]::new);
        String list = Arrays.stream(there)
                .limit(MAX_NAMES_IN_MESSAGE)
                .reduce((a, b) -> a + ", " + b)
                .orElse("none");
        String more =
                there.length > MAX_NAMES_IN_MESSAGE ? " and " + (there.length - MAX_NAMES_IN_MESSAGE) + " more" : "";
        return new UserException("Cannot read the documents: the " + role + " column is " + name
                + ", expected one of the columns that the input has (" + list + more + "); name it with " + option
                + DidYouMean.hint(name, List.of(there)));
    }

    private static void requireText(Found text) {
        DataType type = text.field().dataType();
        require(isString(type) || type instanceof BinaryType, text, "text", "string or binary", "--text-column");
    }

    private static boolean isString(DataType type) {
        return type instanceof StringType || type instanceof CharType || type instanceof VarcharType;
    }

    private static void require(boolean holds, Found found, String role, String expected, String option) {
        if (!holds) {
            throw new UserException("Cannot read the documents: the " + role + " column "
                    + found.field().name() + " is " + found.field().dataType().simpleString() + ", expected "
                    + expected + "; name another with " + option);
        }
    }
}
