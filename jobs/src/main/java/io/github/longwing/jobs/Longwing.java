package io.github.longwing.jobs;

import io.github.longwing.error.UserException;
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
    /** Where exiting would end more than this command: a notebook's or a job cluster's driver. */
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

    /** Runs one command and ends the process with its status, unless all went well or the process is not ours. */
    public static void main(String[] arguments) {
        int status = run(Shell.ofProcess(), Backend.standard(), arguments);
        if (status != ExitStatus.OK.code()) {
            if (System.getenv(SHARED_DRIVER) != null) {
                throw new JobFailure("longwing ended with status " + status + "; its output says why");
            }
            System.exit(status);
        }
    }

    /** Runs one command; what it has to say goes to the shell. */
    static int run(Shell shell, Backend backend, String... arguments) {
        JobLaunch launch = new JobLaunch(shell, backend);
        CommandLine root = new CommandLine(new Longwing())
                .addSubcommand(SummarizeCommand.commandLine(launch))
                .addSubcommand(ClassifyCommand.commandLine(launch))
                .addSubcommand(AnswerCommand.commandLine(launch))
                .addSubcommand(GenerateCommand.commandLine(launch))
                .addSubcommand(EmbedCommand.commandLine(launch))
                .addSubcommand(new ImportCommand(shell, backend))
                .addSubcommand(new VerifyCommand(shell, backend))
                .addSubcommand(new TokenizeCommand(backend))
                .addSubcommand(new BenchmarkCommand(shell, backend))
                .addSubcommand(CacheCommand.commandLine(shell))
                .setUsageHelpWidth(HELP_WIDTH)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setOut(shell.writer())
                .setErr(shell.errorWriter());
        addCommonOptions(root);
        Verbosity verbosity = Verbosity.of(arguments);
        root.setParameterExceptionHandler((error, args) -> {
            shell.fail(UsageErrors.sentence(error, List.of(args)), error, verbosity);
            return ExitStatus.USAGE.code();
        });
        root.setExecutionExceptionHandler((error, command, parsed) -> {
            shell.fail(Failures.sentence(error), error, verbosity);
            return Failures.status(error).code();
        });
        root.setExecutionStrategy(parsed -> new RunLast().execute(withFilesOfSettings(root, parsed, shell, arguments)));
        try {
            return root.execute(arguments);
        } catch (Error e) { // a lack of memory or of a native library is told like any other failure
            shell.fail(Failures.sentence(e), e, verbosity);
            return ExitStatus.FAILED.code();
        }
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

    /** A job takes what the command line leaves open from files, which the command line names. */
    private static ParseResult withFilesOfSettings(
            CommandLine root, ParseResult parsed, Shell shell, String... arguments) {
        List<CommandLine> commands = parsed.asCommandLineList();
        CommandLine last = commands.get(commands.size() - 1);
        if (!(last.getCommand() instanceof JobCommand job) || last.isUsageHelpRequested()) {
            return parsed;
        }
        Set<String> keys = OptionNames.settings(last.getCommandSpec());
        try {
            last.setDefaultValueProvider(job.options().readLayers(last.getCommandName(), shell.confDirectory(), keys));
        } catch (UserException e) {
            throw new ExecutionException(last, e.getMessage(), e);
        }
        return root.parseArgs(arguments);
    }
}
