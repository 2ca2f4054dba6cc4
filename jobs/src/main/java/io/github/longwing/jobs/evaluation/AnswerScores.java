package io.github.longwing.jobs.evaluation;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.filter;
import static org.apache.spark.sql.functions.get;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;

import io.github.longwing.evaluation.AnswerScore;
import io.github.longwing.evaluation.Baselines;
import io.github.longwing.io.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;

/** Answers beside those that are right, as SQuAD 2 compares them. */
record AnswerScores() implements TaskScores {
    private static final long serialVersionUID = 1L;
    private static final String OVERLAP = "overlap_sentence";
    private static final String NEVER = "never_answer";
    private static final DataType STRINGS = DataTypes.createArrayType(DataTypes.StringType);
    private static final String EXPECTED =
            "array<string>, string, or answers as SQuAD has them: struct<text: array<string>> or array<struct<text: string>>";

    // of the sums
    private static final int QUESTIONS = 0;
    private static final int EXACT = 1;
    private static final int F1 = 2;
    private static final int ANSWERABLE = 3;
    private static final int EXACT_ANSWERABLE = 4;
    private static final int F1_ANSWERABLE = 5;
    private static final int UNANSWERABLE = 6;
    private static final int RECOGNISED = 7;

    @Override
    public String task() {
        return "answer";
    }

    @Override
    public Column prediction(OutputColumns output) {
        Column none = lit(null).cast(DataTypes.DoubleType);
        Column best = output.has("answers") ? get(output.result("answers", task()), lit(0)) : null;
        Column margin = best == null || !output.has("no_answer_score")
                ? none
                : output.result("no_answer_score", task()).minus(best.getField("score"));
        return struct(
                output.result("answer", task()).cast(DataTypes.StringType).as("prediction"),
                output.error().as("error"),
                (best == null ? lit(null) : best.getField("text"))
                        .cast(DataTypes.StringType)
                        .as("span"),
                margin.cast(DataTypes.DoubleType).as("margin"));
    }

    /** The texts of the right answers; empty where there is none, null where nobody says. */
    @Override
    public Column reference(ReferenceColumn column) {
        DataType type = column.type();
        Column value = column.column();
        Column texts = null;
        if (type instanceof StringType) {
            texts = array(value);
        } else if (type instanceof ArrayType several && several.elementType() instanceof StringType) {
            texts = value;
        } else if (textType(type) != null) {
            texts = textType(type) instanceof StringType
                    ? array(value.getField("text"))
                    : value.getField("text").cast(STRINGS);
        } else if (type instanceof ArrayType several && textType(several.elementType()) instanceof StringType) {
            texts = value.getField("text");
        }
        if (texts == null) {
            throw column.unfit(EXPECTED);
        }
        return when(value.isNull(), lit(null))
                .otherwise(filter(texts, text -> text.isNotNull().and(text.notEqual(""))));
    }

    /** The type of the field text of a struct that may be SQuAD's, else null. */
    private static DataType textType(DataType type) {
        if (!(type instanceof StructType struct)) {
            return null;
        }
        return Arrays.stream(struct.fields())
                .filter(field -> field.name().equals("text"))
                .map(field -> field.dataType())
                .filter(text -> text instanceof StringType
                        || (text instanceof ArrayType texts && texts.elementType() instanceof StringType))
                .findFirst()
                .orElse(null);
    }

    @Override
    public List<String> baselines() {
        return List.of(OVERLAP, NEVER);
    }

    @Override
    public StructType scoreType() {
        return new StructType()
                .add("prediction", DataTypes.StringType)
                .add("error", DataTypes.StringType)
                .add("exact", DataTypes.DoubleType)
                .add("f1", DataTypes.DoubleType)
                .add("margin", DataTypes.DoubleType)
                .add("span_exact", DataTypes.DoubleType)
                .add("span_f1", DataTypes.DoubleType);
    }

    @Override
    public Row score(Example example, Row prediction) {
        String answer = prediction.getAs("prediction");
        String error = prediction.getAs("error");
        String span = prediction.getAs("span");
        Double margin = prediction.getAs("margin");
        if (error != null) {
            return RowFactory.create(answer, error, 0.0, 0.0, null, null, null);
        }
        AnswerScore score = score(answer, example);
        AnswerScore best = margin == null ? null : score(span, example);
        return RowFactory.create(
                answer,
                null,
                score.exact(),
                score.f1(),
                margin,
                best == null ? null : best.exact(),
                best == null ? null : best.f1());
    }

    @Override
    public Row scoreBaseline(String name, Example example) {
        String answer = name.equals(NEVER)
                ? null
                : Baselines.overlapSentence(
                        Objects.requireNonNullElse(example.question(), ""),
                        Objects.requireNonNullElse(example.text(), ""),
                        Locale.ROOT);
        AnswerScore score = score(answer, example);
        return RowFactory.create(answer, null, score.exact(), score.f1(), null, null, null);
    }

    private static AnswerScore score(String answer, Example example) {
        return AnswerScore.of(
                Objects.requireNonNullElse(answer, ""),
                example.row().getList(example.row().fieldIndex(Pairs.REFERENCE)));
    }

    /** Questions about one text are no independent samples. */
    @Override
    public String document(Example example) {
        return example.text() == null ? example.id() : Sha256.of(example.text().getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public int width() {
        return RECOGNISED + 1;
    }

    @Override
    public void add(double[] sums, Row reference, Row score) {
        double exact = score.getAs("exact");
        double f1 = score.getAs("f1");
        sums[QUESTIONS]++;
        sums[EXACT] += exact;
        sums[F1] += f1;
        if (isUnanswerable(reference)) {
            sums[UNANSWERABLE]++;
            sums[RECOGNISED] += exact;
        } else {
            sums[ANSWERABLE]++;
            sums[EXACT_ANSWERABLE] += exact;
            sums[F1_ANSWERABLE] += f1;
        }
    }

    static boolean isUnanswerable(Row scored) {
        return AnswerScore.isUnanswerable(scored.getList(scored.fieldIndex(Pairs.REFERENCE)));
    }

    @Override
    public List<Figure> figures() {
        return List.of(
                new Figure("exact", "exact match", Unit.PERCENT, sums -> sums[EXACT] / sums[QUESTIONS]),
                new Figure("f1", "F1", Unit.PERCENT, sums -> sums[F1] / sums[QUESTIONS]),
                new Figure(
                        "answerable_exact",
                        "exact match, answerable",
                        Unit.PERCENT,
                        sums -> sums[EXACT_ANSWERABLE] / sums[ANSWERABLE]),
                new Figure(
                        "answerable_f1",
                        "F1, answerable",
                        Unit.PERCENT,
                        sums -> sums[F1_ANSWERABLE] / sums[ANSWERABLE]),
                new Figure(
                        "no_answer",
                        "no answer recognised",
                        Unit.PERCENT,
                        sums -> sums[RECOGNISED] / sums[UNANSWERABLE]));
    }

    @Override
    public List<Compared> compared() {
        return List.of(new Compared("exact", "exact match"), new Compared("f1", "F1"));
    }
}
