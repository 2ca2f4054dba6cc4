package io.github.longwing.spark.source;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;

import io.github.longwing.spark.columns.FileFailure;
import io.github.longwing.spark.options.DocumentColumns;
import io.github.longwing.spark.options.Questions;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The nested layout of SQuAD, {@code {"data": [{"title", "paragraphs": [{"context", "qas": [{"id", "question",
 * "answers"}]}]}]}}, as a row for each question.
 */
public final class SquadLayout {
    private static final String DATA = "data";
    private static final String PARAGRAPHS = "paragraphs";
    private static final String QUESTIONS = "qas";
    private static final String CONTEXT = "context";
    private static final String ANSWER = "text";

    private SquadLayout() {}

    /** Whether records are files of this layout. */
    public static boolean isThere(StructType records) {
        return element(records, DATA)
                .flatMap(article -> element(article, PARAGRAPHS))
                .filter(paragraph -> has(paragraph, CONTEXT))
                .flatMap(paragraph -> element(paragraph, QUESTIONS))
                .filter(question -> has(question, "id") && has(question, "question"))
                .isPresent();
    }

    /**
     * A row for each question: its id, the text, the question, its answers as a struct of their texts, an empty array
     * where there is none, and the title of the text. A file that could not be read stays one row, which says why.
     *
     * @param columns the names of id and text
     */
    public static Dataset<Row> rows(Dataset<Row> records, DocumentColumns columns) {
        StructType article = element(records.schema(), DATA).orElseThrow();
        StructType paragraph = element(article, PARAGRAPHS).orElseThrow();
        StructType question = element(paragraph, QUESTIONS).orElseThrow();
        Dataset<Row> articles = records.select(explode(col(DATA)).as("article"));
        Dataset<Row> paragraphs = articles.select(
                (has(article, "title") ? col("article.title") : lit(null))
                        .cast(DataTypes.StringType)
                        .as("title"),
                explode(col("article").getField(PARAGRAPHS)).as("paragraph"));
        Dataset<Row> questions = paragraphs.select(
                col("title"),
                col("paragraph").getField(CONTEXT).cast(DataTypes.StringType).as("context"),
                explode(col("paragraph").getField(QUESTIONS)).as("asked"));
        DataType texts = DataTypes.createArrayType(DataTypes.StringType);
        Column answers = element(question, "answers")
                        .filter(answer -> has(answer, ANSWER))
                        .isPresent()
                ? col("asked").getField("answers").getField(ANSWER).cast(texts)
                : array().cast(texts);
        Column failure = col("`" + FileFailure.COLUMN + "`");
        Dataset<Row> rows = questions.select(
                col("asked").getField("id").cast(DataTypes.StringType).as(columns.id()),
                col("context").as(columns.text()),
                col("asked").getField("question").cast(DataTypes.StringType).as(Questions.QUESTION),
                struct(answers.as(ANSWER)).as("answers"),
                col("title"),
                lit(null).cast(FileFailure.TYPE).as(FileFailure.COLUMN));
        Dataset<Row> failed = records.where(failure.isNotNull())
                .select(Arrays.stream(rows.schema().fields())
                        .map(field -> field.name().equals(FileFailure.COLUMN)
                                ? failure
                                : lit(null).cast(field.dataType()).as(field.name()))
                        .toArray(Column[]::new));
        return rows.union(failed);
    }

    /** The struct of which a field has an array. */
    private static Optional<StructType> element(StructType type, String name) {
        return Arrays.stream(type.fields())
                .filter(field -> field.name().equals(name))
                .map(StructField::dataType)
                .filter(ArrayType.class::isInstance)
                .map(array -> ((ArrayType) array).elementType())
                .filter(StructType.class::isInstance)
                .map(StructType.class::cast)
                .findFirst();
    }

    private static boolean has(StructType type, String name) {
        return List.of(type.fieldNames()).contains(name);
    }
}
