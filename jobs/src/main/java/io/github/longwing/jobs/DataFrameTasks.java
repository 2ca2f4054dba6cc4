package io.github.longwing.jobs;

import io.github.longwing.error.UserException;
import io.github.longwing.jobs.command.Backend;
import io.github.longwing.jobs.command.TaskCommand;
import io.github.longwing.jobs.console.ExitStatus;
import io.github.longwing.jobs.console.Failures;
import io.github.longwing.jobs.console.JobFailure;
import io.github.longwing.jobs.console.Terminal;
import io.github.longwing.jobs.options.UsageErrors;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * The tasks on a DataFrame that the caller has in a session, with the options of the command line. The package for Python
 * calls this, by name; it keeps no state, and any thread may call it.
 */
public final class DataFrameTasks {
    private DataFrameTasks() {}

    /**
     * The rows of a task's result, lazy and in no particular order. Reads the configuration of the model, not its weights.
     *
     * @param task such as {@code summarize}
     * @param arguments options of the job without its input and output, as the command line has them
     * @throws UserException if an option, a column or the model is wrong; it is one sentence, as on the command line
     */
    public static Dataset<Row> apply(String task, Dataset<Row> documents, List<String> arguments) {
        return apply(Backend.standard(), task, documents, arguments);
    }

    static Dataset<Row> apply(Backend backend, String task, Dataset<Row> documents, List<String> arguments) {
        return with(Terminal.ofProcess(), backend, task, arguments, command -> command.result(documents));
    }

    /**
     * Computes the rows of a DataFrame and commits them to an output, exactly once: for {@code foreachBatch} of a stream.
     * What the output has already is not computed again, so that a batch that Spark repeats after a failure adds what is
     * missing of it alone, also where the checkpoint of the stream is lost. The rows are those that {@code id} columns, text,
     * model and options tell apart; with {@code --incremental} a document that comes again with another text replaces its old
     * row. Returns when all is committed. One call at a time for each output.
     *
     * @param task such as {@code summarize}
     * @param arguments options of the job without its input, as the command line has them: {@code --output} or {@code
     *     --output-table} among them
     * @return what the command line would print at the end; nothing for a batch without rows
     * @throws UserException if an option, a column, the model or the output is wrong; it is one sentence
     */
    public static String commit(String task, Dataset<Row> batch, List<String> arguments) {
        return commit(Backend.standard(), task, batch, arguments);
    }

    static String commit(Backend backend, String task, Dataset<Row> batch, List<String> arguments) {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        Terminal process = Terminal.ofProcess();
        Terminal terminal = new Terminal(
                new PrintStream(said, /* autoFlush */ true, StandardCharsets.UTF_8),
                process.err(),
                process.progressStyle(),
                process.confDirectory());
        Stream<String> others = arguments.stream().filter(word -> !word.equals("--quiet"));
        List<String> quiet = Stream.concat(others, Stream.of("--quiet")).toList();
        ExitStatus status = with(terminal, backend, task, quiet, command -> command.commit(batch));
        String lines = said.toString(StandardCharsets.UTF_8).strip();
        if (status != ExitStatus.OK) { // Spark would go on to the next batch
            throw new JobFailure("Cannot commit the batch: it was interrupted" + (lines.isEmpty() ? "" : "; " + lines));
        }
        return lines;
    }

    private static <R> R with(
            Terminal terminal,
            Backend backend,
            String task,
            List<String> arguments,
            Function<TaskCommand<?, ?>, R> action) {
        String[] words = Stream.concat(Stream.of(task), arguments.stream()).toArray(String[]::new);
        CommandLine root = Longwing.commandLine(terminal, backend);
        try {
            CommandLine parsed =
                    root.parseArgs(words).subcommand().commandSpec().commandLine();
            Longwing.readOptionsOfFiles(parsed, terminal);
            root.parseArgs(words);
            if (parsed.getCommand() instanceof TaskCommand<?, ?> command) {
                return action.apply(command);
            }
        } catch (ParameterException e) {
            throw new UserException(UsageErrors.sentence(e, List.of(words)), e);
        }
        throw new UserException("Cannot run " + task + " on a DataFrame: expected a task, such as summarize");
    }

    /** What the command line would say of a failure, such as one of Spark's that a task's failure has caused. */
    public static String sentence(Throwable failure) {
        return Failures.sentence(failure);
    }

    /** Whether the user can mend what a failure comes from. */
    public static boolean isUserError(Throwable failure) {
        return Failures.status(failure) == ExitStatus.USAGE;
    }
}
