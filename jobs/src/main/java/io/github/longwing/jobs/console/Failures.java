package io.github.longwing.jobs.console;

import io.github.longwing.error.DocumentException;
import io.github.longwing.error.UserException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.AnalysisException;

/** The sentence and the exit status for a failure. */
public final class Failures {
    /** How the message of Spark's exception quotes that of a task: {@code Lost task ... : some.Exception: message}. */
    private static final Pattern OF_A_TASK =
            Pattern.compile("Lost task [^\\n]*?\\): (?:[\\w.$]+(?:Exception|Error): )?([^\\n]*)");

    private Failures() {}

    public static ExitStatus status(Throwable failure) {
        return failure instanceof UserException || failure instanceof AnalysisException
                ? ExitStatus.USAGE
                : ExitStatus.FAILED;
    }

    public static String sentence(Throwable failure) {
        if (failure instanceof UserException || failure instanceof JobFailure) {
            return failure.getMessage();
        }
        Throwable deepest = failure;
        while (deepest != null) {
            if (deepest instanceof UserException
                    || deepest instanceof JobFailure
                    || deepest instanceof DocumentException) {
                return deepest.getMessage();
            }
            if (deepest.getCause() == null) {
                break;
            }
            deepest = deepest.getCause();
        }
        if (deepest instanceof OutOfMemoryError) {
            return "Cannot go on: there is not enough memory (" + firstLine(deepest)
                    + "); give the driver or the executors more with --conf spark.driver.memory or "
                    + "spark.executor.memory";
        }
        Optional<String> ofFiles = FileFailure.sentence(failure);
        if (ofFiles.isPresent()) {
            return ofFiles.get();
        }
        Matcher ofTask = OF_A_TASK.matcher(String.valueOf(failure.getMessage()));
        return ofTask.find() ? ofTask.group(1) : firstLine(deepest);
    }

    /** The first line of a message, without the plans and stack traces that Spark appends. */
    public static String firstLine(Throwable failure) {
        String message = failure.getMessage();
        if (message == null || message.isBlank()) {
            return failure.getClass().getSimpleName();
        }
        String line = message.strip().lines().findFirst().orElseThrow().strip();
        return line.replaceFirst("^\\[[A-Z][A-Z0-9_.]+\\] ", "") // the name of Spark's class of errors
                .replaceFirst("\\s*SQLSTATE: \\w+.*$", "")
                .replaceFirst(failure instanceof AnalysisException ? "\\.$" : "$^", "");
    }
}
