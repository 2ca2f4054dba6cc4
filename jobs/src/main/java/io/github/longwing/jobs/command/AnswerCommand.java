package io.github.longwing.jobs.command;

import io.github.longwing.config.Architecture;
import io.github.longwing.config.BigBirdPegasusConfig;
import io.github.longwing.error.UserException;
import io.github.longwing.jobs.options.JobOptions;
import io.github.longwing.jobs.options.OptionRange;
import io.github.longwing.jobs.options.WindowOptionGroup;
import io.github.longwing.jobs.run.Estimate;
import io.github.longwing.jobs.run.VerifiedModel;
import io.github.longwing.spark.DocumentTransformation;
import io.github.longwing.spark.options.DocumentColumns;
import io.github.longwing.spark.options.Questions;
import io.github.longwing.task.WindowOptions;
import io.github.longwing.task.answer.AnswererOptions;
import io.github.longwing.task.answer.Answers;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Reads documents with questions, answers these and writes Parquet. */
@Command(
        name = "answer",
        sortOptions = false,
        customSynopsis = "longwing answer --model MODEL --input PATH --output PATH [OPTION...]",
        description = {
            "Reads documents and questions with Spark, finds the answers in the documents and writes them as Parquet.",
            "begin and end count Unicode code points of the document. Options may also stand in files of settings; see --conf-file."
        })
public final class AnswerCommand implements TaskCommand<AnswererOptions, Answers>, Callable<Integer> {
    private final JobLaunch launch;

    @Spec
    private CommandSpec spec;

    @Mixin
    private JobOptions options;

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
            defaultValue = "" + AnswererOptions.DEFAULT_MAX_ANSWER_TOKENS,
            description = "The most tokens of an answer. Default: ${DEFAULT-VALUE}.")
    private int maxAnswerLength;

    @Option(
            names = "--no-answer-threshold",
            paramLabel = "X",
            description = {
                "There is no answer where no_answer_score exceeds the best score by more than this.",
                "Default: there always is."
            })
    private Double noAnswerThreshold;

    private WindowOptionGroup reading;

    private AnswerCommand(JobLaunch launch) {
        this.launch = launch;
    }

    public static CommandLine commandLine(JobLaunch launch) {
        AnswerCommand command = new AnswerCommand(launch);
        CommandLine commandLine = new CommandLine(command);
        command.reading = WindowOptionGroup.addTo(
                commandLine.getCommandSpec(), AnswererOptions.standard().reading());
        return commandLine;
    }

    @Override
    public Integer call() {
        return launch.run(this);
    }

    @Override
    public JobOptions options() {
        return options;
    }

    @Override
    public CommandSpec spec() {
        return spec;
    }

    @Override
    public DocumentTransformation<AnswererOptions, Answers> transformation() {
        return DocumentTransformation.ANSWER;
    }

    @Override
    public Set<Architecture> architectures() {
        return Set.of(Architecture.QUESTION_ANSWERING);
    }

    @Override
    public DocumentColumns columns() {
        return options.columns().asking(questions());
    }

    private Questions questions() {
        if (questionColumn != null && questionsColumn != null) {
            throw new UserException("Cannot use both --question-column " + questionColumn + " and --questions-column "
                    + questionsColumn + ": expected one of the two; leave one out");
        }
        if (questionColumn != null) {
            return new Questions.InColumn(questionColumn);
        }
        return questionsColumn == null ? new Questions.Usual() : new Questions.InArrayColumn(questionsColumn);
    }

    @Override
    public AnswererOptions settings() {
        return settings(reading.options());
    }

    @Override
    public FittedTask<AnswererOptions> fit(VerifiedModel model, BigBirdPegasusConfig config) {
        return new FittedTask<>(
                settings(reading.fit(config)),
                reading.windows(config, 0),
                Optional.empty(),
                Estimate.Passes.ENCODER_AND_DECODER,
                reading.defaults(config));
    }

    private AnswererOptions settings(WindowOptions read) {
        if (noAnswerThreshold != null && noAnswerThreshold.isNaN()) {
            throw new UserException("Cannot use --no-answer-threshold: it is NaN, expected a number");
        }
        return new AnswererOptions(
                read,
                OptionRange.atLeast("--n-best", nBest, 1),
                OptionRange.atLeast("--max-answer-length", maxAnswerLength, 1),
                Objects.requireNonNullElse(noAnswerThreshold, AnswererOptions.NO_THRESHOLD));
    }
}
