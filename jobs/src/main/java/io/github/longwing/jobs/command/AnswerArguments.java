package io.github.longwing.jobs.command;

import io.github.longwing.config.BigBirdPegasusConfig;
import io.github.longwing.config.Passes;
import io.github.longwing.error.UserException;
import io.github.longwing.jobs.options.OptionRange;
import io.github.longwing.jobs.options.WindowOptionGroup;
import io.github.longwing.spark.options.DocumentColumns;
import io.github.longwing.spark.options.Questions;
import io.github.longwing.spark.task.AnswerColumns;
import io.github.longwing.spark.task.SparkTask;
import io.github.longwing.task.WindowOptions;
import io.github.longwing.task.answer.AnswererOptions;
import io.github.longwing.task.answer.Answers;
import java.nio.file.Path;
import java.util.Objects;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The options of {@code longwing answer}. */
@Command(
        description = {
            "Reads documents and questions with Spark, finds the answers in the documents and writes them as Parquet.",
            "begin and end count Unicode code points of the document. Options may also stand in files of settings; see --conf-file."
        })
final class AnswerArguments implements TaskArguments<AnswererOptions, Answers> {
    @Option(
            names = "--question-column",
            paramLabel = "NAME",
            description = "The column with the question of a document. Default: question, if the input has it.")
    private String questionColumn;

    @Option(
            names = "--questions-column",
            paramLabel = "NAME",
            description = {
                "The column with an array of questions, each of which gets a row of its own.",
                "Default: questions, if the input has it."
            })
    private String questionsColumn;

    @Option(
            names = "--n-best",
            paramLabel = "N",
            defaultValue = "" + AnswererOptions.DEFAULT_N_BEST,
            description = "The most answers in the list. Default: ${DEFAULT-VALUE}.")
    private int nBest;

    @Option(
            names = "--max-answer-length",
            paramLabel = "N",
            description = {
                "The most tokens of an answer.",
                "Default: as the model's generation_config.json says, else " + AnswererOptions.DEFAULT_MAX_ANSWER_TOKENS
                        + "."
            })
    private Integer maxAnswerLength;

    @Option(
            names = "--no-answer-threshold",
            paramLabel = "X",
            description = {
                "There is no answer where no_answer_score exceeds the best score by more than this.",
                "Default: as the model's generation_config.json says, else there always is. Infinity: there always is."
            })
    private Double noAnswerThreshold;

    private WindowOptionGroup windowOptions;

    @Override
    public SparkTask<AnswererOptions, Answers> task() {
        return AnswerColumns.TASK;
    }

    @Override
    public void addSharedOptions(CommandSpec command) {
        windowOptions = WindowOptionGroup.addTo(command, task().defaults().reading());
    }

    @Override
    public DocumentColumns columns(DocumentColumns ofJob) {
        return ofJob.asking(questions());
    }

    private Questions questions() {
        if (questionColumn != null && questionsColumn != null) {
            throw new UserException("Cannot use both --question-column " + questionColumn + " and --questions-column "
                    + questionsColumn + ": expected one of the two; leave one out");
        }
        if (questionColumn != null) {
            return new Questions.InColumn(questionColumn);
        }
        return questionsColumn == null ? new Questions.DefaultColumns() : new Questions.InArrayColumn(questionsColumn);
    }

    @Override
    public AnswererOptions options() {
        return options(windowOptions.options());
    }

    @Override
    public FittedTask<AnswererOptions> fit(Path files, BigBirdPegasusConfig config) {
        WindowOptionGroup.Fitted windows = windowOptions.fit(config, 0);
        return FittedTask.withoutGeneration(options(windows.options()), windows, Passes.ENCODER_AND_DECODER);
    }

    private AnswererOptions options(WindowOptions reading) {
        if (noAnswerThreshold != null && noAnswerThreshold.isNaN()) {
            throw new UserException("Cannot use --no-answer-threshold: it is NaN, expected a number");
        }
        return new AnswererOptions(
                reading,
                OptionRange.atLeast("--n-best", nBest, 1),
                maxAnswerLength == null
                        ? AnswererOptions.MODELS_OWN_LENGTH
                        : OptionRange.atLeast("--max-answer-length", maxAnswerLength, 1),
                Objects.requireNonNullElse(noAnswerThreshold, AnswererOptions.MODELS_OWN_THRESHOLD));
    }
}
