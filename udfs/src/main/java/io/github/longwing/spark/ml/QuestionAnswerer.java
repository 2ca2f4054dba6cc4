package io.github.longwing.spark.ml;

import io.github.longwing.spark.task.AnswerColumns;
import io.github.longwing.task.answer.AnswererOptions;
import io.github.longwing.task.answer.Answers;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/** Adds the answer that each document gives to its question. */
public final class QuestionAnswerer extends Transformer
        implements RunParams<QuestionAnswerer>, WindowParams<QuestionAnswerer>, DefaultParamsWritable {
    private static final long serialVersionUID = 1L;

    private final String uid;
    private final TaskStage<AnswererOptions, Answers> stage;

    /** A stage of this name, as a saved one is made again. */
    public QuestionAnswerer(String uid) {
        this.uid = uid; // first, since the Params ask for it
        this.stage = new TaskStage<>(this, AnswerColumns.TASK, "answer");
    }

    /** A stage of a random name. */
    public QuestionAnswerer() {
        this(Identifiable$.MODULE$.randomUID("questionAnswerer"));
    }

    /** A stage that was saved. */
    public static QuestionAnswerer load(String path) {
        return read().load(path);
    }

    /** Reads stages that were saved. */
    public static MLReader<QuestionAnswerer> read() {
        return new DefaultParamsReader<>();
    }

    /** The option {@code n-best}. */
    public IntParam nBest() {
        return stage().integer("n-best");
    }

    /** Sets {@link #nBest}. */
    public QuestionAnswerer setNBest(int value) {
        return with("n-best", value);
    }

    /** The option {@code max-answer-length}. */
    public IntParam maxAnswerLength() {
        return stage().integer("max-answer-length");
    }

    /** Sets {@link #maxAnswerLength}. */
    public QuestionAnswerer setMaxAnswerLength(int value) {
        return with("max-answer-length", value);
    }

    /** The option {@code no-answer-threshold}. */
    public DoubleParam noAnswerThreshold() {
        return stage().number("no-answer-threshold");
    }

    /** Sets {@link #noAnswerThreshold}. */
    public QuestionAnswerer setNoAnswerThreshold(double value) {
        return with("no-answer-threshold", value);
    }

    /** The column with the question of a document; {@code question} by default. */
    public Param<String> questionCol() {
        return stage.text(TaskStage.QUESTION);
    }

    /** Sets {@link #questionCol}. */
    public QuestionAnswerer setQuestionCol(String value) {
        return with(TaskStage.QUESTION, value);
    }

    @Override
    public TaskStage<?, ?> stage() {
        return stage;
    }

    @Override
    public String uid() {
        return uid;
    }

    @Override
    public Dataset<Row> transform(Dataset<?> documents) {
        return stage.transform(documents.toDF());
    }

    @Override
    public StructType transformSchema(StructType schema) {
        return stage.schema(schema);
    }

    @Override
    public QuestionAnswerer copy(ParamMap extra) {
        return (QuestionAnswerer) defaultCopy(extra);
    }
}
