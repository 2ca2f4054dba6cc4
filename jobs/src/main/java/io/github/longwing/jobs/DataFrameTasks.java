package io.github.longwing.jobs;

import io.github.longwing.error.UserException;
import io.github.longwing.jobs.command.Backend;
import io.github.longwing.jobs.command.TaskCommand;
import io.github.longwing.jobs.console.ExitStatus;
import io.github.longwing.jobs.console.Failures;
import io.github.longwing.jobs.console.Terminal;
import io.github.longwing.jobs.options.UsageErrors;
import java.util.List;
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
        String[] words = Stream.concat(Stream.of(task), arguments.stream()).toArray(String[]::new);
        Terminal terminal = Terminal.ofProcess();
        CommandLine root = Longwing.commandLine(terminal, backend);
        try {
            CommandLine parsed =
                    root.parseArgs(words).subcommand().commandSpec().commandLine();
            Longwing.readOptionsOfFiles(parsed, terminal);
            root.parseArgs(words);
            if (parsed.getCommand() instanceof TaskCommand<?, ?> command) {
                return command.result(documents);
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
