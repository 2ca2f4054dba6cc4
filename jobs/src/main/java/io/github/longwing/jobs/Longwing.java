package io.github.longwing.jobs;

import io.github.longwing.error.UserException;
import io.github.longwing.jobs.command.Backend;
import io.github.longwing.jobs.command.BenchmarkCommand;
import io.github.longwing.jobs.command.CacheCommand;
import io.github.longwing.jobs.command.EvaluateCommand;
import io.github.longwing.jobs.command.ImportCommand;
import io.github.longwing.jobs.command.JobCommand;
import io.github.longwing.jobs.command.RunsCommand;
import io.github.longwing.jobs.command.ShowCommand;
import io.github.longwing.jobs.command.TaskCommand;
import io.github.longwing.jobs.command.TokenizeCommand;
import io.github.longwing.jobs.command.VerifyCommand;
import io.github.longwing.jobs.conf.OptionNames;
import io.github.longwing.jobs.console.ErrorDetail;
import io.github.longwing.jobs.console.ExitStatus;
import io.github.longwing.jobs.console.Failures;
import io.github.longwing.jobs.console.JobFailure;
import io.github.longwing.jobs.console.Terminal;
import io.github.longwing.jobs.console.VersionLine;
import io.github.longwing.jobs.options.CommonOptions;
import io.github.longwing.jobs.options.UsageErrors;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.Spec;

/** The command {@code longwing}. */
@Command(
        name = "longwing",
        sortOptions = false,
        customSynopsis = "longwing COMMAND [OPTION...]",
        versionProvider = VersionLine.class,
        description = "Long-document inference for Apache Spark: BigBirdPegasus with true block-sparse attention.",
        commandListHeading = "%nCommands:%n",
        footer = {"", "Each command has a help of its own: longwing COMMAND --help"})
public final class Longwing implements Runnable {
    /** Set on drivers of notebooks and job clusters, where exiting would end more than this command. */
    private static final String SHARED_DRIVER = "DATABRICKS_RUNTIME_VERSION";

    private static final int HELP_WIDTH = 110;

    @SuppressWarnings("UnusedVariable") // picocli acts on it
    @CommandLine.Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Show the version and exit.")
    private boolean version;

    @Spec
    private CommandSpec spec;

    private Longwing() {}

    /** Runs one command and ends the process with its status, unless it succeeded or the process belongs to a platform. */
    public static void main(String[] arguments) {
        int status = run(Terminal.ofProcess(), Backend.standard(), arguments);
        if (status != ExitStatus.OK.code()) {
            if (System.getenv(SHARED_DRIVER) != null) {
                throw new JobFailure("longwing ended with status " + status + "; its output says why");
            }
            System.exit(status);
        }
    }

    /** Runs one command; its output goes to the terminal. */
    public static int run(Terminal terminal, Backend backend, String... arguments) {
        CommandLine root = commandLine(terminal, backend);
        ErrorDetail errorDetail = ErrorDetail.of(arguments);
        root.setParameterExceptionHandler((error, args) -> {
            terminal.fail(UsageErrors.sentence(error, List.of(args)), error, errorDetail);
            return ExitStatus.USAGE.code();
        });
        root.setExecutionExceptionHandler((error, command, parsed) -> {
            terminal.fail(Failures.sentence(error), error, errorDetail);
            return Failures.status(error).code();
        });
        root.setExecutionStrategy(
                parsed -> new RunLast().execute(withOptionsOfFiles(root, parsed, terminal, arguments)));
        try {
            return root.execute(arguments);
        } catch (Error e) { // a lack of memory or of a native library is reported like any other failure
            terminal.fail(Failures.sentence(e), e, errorDetail);
            return ExitStatus.FAILED.code();
        }
    }

    /** All commands with their options; documentation is made and checked from it too. */
    static CommandLine commandLine(Terminal terminal, Backend backend) {
        CommandLine root = new CommandLine(new Longwing());
        TaskCommand.all(terminal, backend).forEach(root::addSubcommand);
        root.addSubcommand(EvaluateCommand.commandLine(terminal, backend))
                .addSubcommand(new ShowCommand(terminal))
                .addSubcommand(RunsCommand.commandLine(terminal))
                .addSubcommand(new ImportCommand(terminal, backend))
                .addSubcommand(new VerifyCommand(terminal, backend))
                .addSubcommand(new TokenizeCommand(backend))
                .addSubcommand(new BenchmarkCommand(terminal, backend))
                .addSubcommand(CacheCommand.commandLine(terminal))
                .setUsageHelpWidth(HELP_WIDTH)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setOut(terminal.writer())
                .setErr(terminal.errorWriter());
        addCommonOptions(root);
        return root;
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "Cannot run longwing without a command: expected one of "
                        + String.join(", ", spec.subcommands().keySet()));
    }

    private static void addCommonOptions(CommandLine command) {
        command.addMixin("common", new CommonOptions());
        command.getSubcommands().values().forEach(Longwing::addCommonOptions);
    }

    /** A job takes options that the command line does not give from properties files, which the command line names. */
    private static ParseResult withOptionsOfFiles(
            CommandLine root, ParseResult parsed, Terminal terminal, String... arguments) {
        List<CommandLine> commands = parsed.asCommandLineList();
        CommandLine last = commands.get(commands.size() - 1);
        if (!(last.getCommand() instanceof JobCommand) || last.isUsageHelpRequested()) {
            return parsed;
        }
        try {
            readOptionsOfFiles(last, terminal);
        } catch (UserException e) {
            throw new ExecutionException(last, e.getMessage(), e);
        }
        return root.parseArgs(arguments);
    }

    /** Lets the next parse of a job take what it does not name from files; a command that is no job has none. */
    static void readOptionsOfFiles(CommandLine command, Terminal terminal) {
        if (command.getCommand() instanceof JobCommand job) {
            Set<String> keys = OptionNames.keys(command.getCommandSpec());
            command.setDefaultValueProvider(
                    job.options().readLayers(command.getCommandName(), terminal.confDirectory(), keys));
        }
    }
}
