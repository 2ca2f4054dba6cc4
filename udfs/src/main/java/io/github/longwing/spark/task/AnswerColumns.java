package io.github.longwing.spark.task;

import io.github.longwing.config.Architecture;
import io.github.longwing.spark.columns.ResultSchema;
import io.github.longwing.spark.columns.TaskColumns;
import io.github.longwing.spark.columns.TextPages;
import io.github.longwing.spark.options.EmbeddedModel;
import io.github.longwing.task.WindowOptions;
import io.github.longwing.task.answer.Answer;
import io.github.longwing.task.answer.AnswererOptions;
import io.github.longwing.task.answer.Answers;
import io.github.longwing.task.answer.QuestionAnswerer;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;

/** The best answer, null if there is none, then the list of the n best. */
public record AnswerColumns() implements TaskColumns<Answers> {
    public static final SparkTask<AnswererOptions, Answers> TASK = new SparkTask<>(
            "answer",
            List.of(Architecture.QUESTION_ANSWERING),
            EmbeddedModel.CONTRACT_ANSWERS,
            AnswererOptions.standard(),
            QuestionAnswerer::open,
            options -> new AnswerColumns(),
            SparkTask.SqlArguments.QUESTION_AND_TEXT,
            4,
            AnswerColumns::optionTable);

    private static final String N_BEST = "n-best";
    private static final String MAX_ANSWER_LENGTH = "max-answer-length";
    private static final String NO_ANSWER_THRESHOLD = "no-answer-threshold";

    private static OptionTable<AnswererOptions> optionTable() {
        WindowOptions reading = TASK.defaults().reading();
        List<NamedOption> options = new ArrayList<>(List.of(
                NamedOption.integer(
                        N_BEST, 1, String.valueOf(AnswererOptions.DEFAULT_N_BEST), "The most answers in the list."),
                NamedOption.integer(
                        MAX_ANSWER_LENGTH,
                        1,
                        "as the model's generation_config.json says, else " + AnswererOptions.DEFAULT_MAX_ANSWER_TOKENS,
                        "The most tokens of an answer."),
                new NamedOption(
                        NO_ANSWER_THRESHOLD,
                        NamedOption.Kind.NUMBER,
                        "X",
                        "any number",
                        "as the model's generation_config.json says, else there always is an answer",
                        "There is no answer where no_answer_score exceeds the best score by more than this.")));
        options.addAll(SharedOptions.windows(reading));
        return new OptionTable<>(
                options,
                (texts, model) -> new AnswererOptions(
                        SharedOptions.readWindows(texts, reading, model),
                        texts.integer(N_BEST, 1).orElse(AnswererOptions.DEFAULT_N_BEST),
                        texts.integer(MAX_ANSWER_LENGTH, 1).orElse(AnswererOptions.MODELS_OWN_LENGTH),
                        texts.number(NO_ANSWER_THRESHOLD).orElse(AnswererOptions.MODELS_OWN_THRESHOLD)));
    }

    @Override
    public List<StructField> fields() {
        List<StructField> fields = new ArrayList<>(span("answer"));
        fields.add(ResultSchema.array("answers", DataTypes.createStructType(span("text"))));
        fields.add(ResultSchema.nullable("no_answer_score", DataTypes.DoubleType));
        return fields;
    }

    @Override
    public void fill(List<Object> row, Answers output, TextPages pages) {
        row.add(output.best().map(Answer::text).orElse(null));
        row.add(output.best().map(Answer::score).orElse(null));
        row.add(output.best().map(Answer::begin).orElse(null));
        row.add(output.best().map(Answer::end).orElse(null));
        row.add(output.nBest().stream()
                .map(a -> RowFactory.create(a.text(), a.score(), a.begin(), a.end()))
                .toArray(Row[]::new));
        row.add(output.noAnswerScore());
    }

    private static List<StructField> span(String text) {
        return List.of(
                ResultSchema.nullable(text, DataTypes.StringType),
                ResultSchema.nullable("score", DataTypes.DoubleType),
                ResultSchema.nullable("begin", DataTypes.IntegerType),
                ResultSchema.nullable("end", DataTypes.IntegerType));
    }
}
