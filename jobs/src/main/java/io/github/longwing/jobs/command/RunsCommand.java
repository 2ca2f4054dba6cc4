package io.github.longwing.jobs.command;

import io.github.longwing.error.UserException;
import io.github.longwing.jobs.commit.OutputState;
import io.github.longwing.jobs.commit.OutputState.Run;
import io.github.longwing.jobs.commit.OutputState.Standing;
import io.github.longwing.jobs.commit.RunLog;
import io.github.longwing.jobs.commit.RunRecord;
import io.github.longwing.jobs.conf.Redaction;
import io.github.longwing.jobs.console.ExitStatus;
import io.github.longwing.jobs.console.FileFailure;
import io.github.longwing.jobs.console.ProgressLine;
import io.github.longwing.jobs.console.Terminal;
import io.github.longwing.jobs.console.TextTable;
import io.github.longwing.jobs.console.TextTable.Alignment;
import io.github.longwing.jobs.output.ResultOutput;
import io.github.longwing.jobs.session.JobSession;
import io.github.longwing.jobs.session.SparkOptions;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What the runs of an output have left beside its rows. */
@Command(
        name = "runs",
        sortOptions = false,
        customSynopsis = "longwing runs show OUT",
        description = "The runs that wrote an output.")
public final class RunsCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    private RunsCommand() {}

    public static CommandLine commandLine(Terminal terminal) {
        return new CommandLine(new RunsCommand()).addSubcommand(new Show(terminal));
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "Cannot run longwing runs without a word more: expected runs show");
    }

    /** Shows the runs of an output, also while one is under way. */
    @Command(
            name = "show",
            sortOptions = false,
            customSynopsis = "longwing runs show OUT [--conf spark.hadoop.X=Y]",
            description = {
                "Shows the runs of an output, their slices, counts and settings, which of them is under way or was killed,",
                "and what is left to do. Reads the records beside the rows; starts no Spark and changes nothing."
            })
    static final class Show implements Callable<Integer> {
        private static final DateTimeFormatter TIME =
                DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
        private static final int WIDTH = 160;

        private final PrintStream out;

        @Parameters(
                paramLabel = "OUT",
                description = "The --output of a job, or the location of its --output-table: a path or a URI.")
        private String output;

        @Option(
                names = "--conf",
                paramLabel = "spark.hadoop.X=Y",
                description = "A setting of the file system, as a job takes it. May be given several times.")
        private List<String> conf = List.of();

        private Show(Terminal terminal) {
            this.out = terminal.out();
        }

        @Override
        public Integer call() {
            SparkOptions options = SparkOptions.of(Optional.empty(), conf);
            try {
                List<RunLog> logs = ResultOutput.logs(output, JobSession.hadoopConfiguration(options));
                Optional<OutputState> state = OutputState.read(logs.get(0));
                List<RunLog> besides = logs.subList(1, logs.size());
                if (state.isEmpty() && besides.isEmpty()) {
                    throw refused("it has no record of a run");
                }
                if (state.isPresent()) {
                    show(name(), state.get());
                }
                for (RunLog beside : besides) {
                    Optional<OutputState> begun = OutputState.read(beside);
                    if (begun.isPresent()) {
                        out.println();
                        show("Not visible yet, in " + shown(beside.output()), begun.get());
                    }
                }
                return ExitStatus.OK.code();
            } catch (IOException | IllegalArgumentException e) {
                throw refused(FileFailure.reason(e));
            }
        }

        private String name() {
            return Redaction.show("output", output);
        }

        private static String shown(Path path) {
            return "file".equals(path.toUri().getScheme()) ? path.toUri().getPath() : path.toString();
        }

        private UserException refused(String found) {
            return new UserException("Cannot show the runs of " + name() + ": " + found
                    + ", expected the --output of a job; check the name");
        }

        private void show(String name, OutputState state) {
            out.println(name + ": " + ProgressLine.count(state.rows(), "row") + " ("
                    + ProgressLine.count(state.errors(), "error") + ") in "
                    + ProgressLine.count(state.slices(), "slice")
                    + (state.files() > 0 ? " and " + ProgressLine.count(state.files(), "file") : ""));
            if (!state.runs().isEmpty()) {
                settings(state.runs().get(state.runs().size() - 1).record());
                out.println();
                table(state.runs()).forEach(out::println);
                out.println();
            }
            state.holder().ifPresent(this::holder);
            left(state).forEach(out::println);
        }

        /** Of the last run; all before it had the same, but for the limit and the input. */
        private void settings(RunRecord run) {
            List<String> options = new ArrayList<>();
            run.settings()
                    .options()
                    .forEach((option, value) -> options.add(option + " " + Redaction.show(option, value)));
            out.println("Job: " + run.settings().job() + ", " + run.settings().model());
            String table = run.version() == null
                    ? "a table or files that were not listed"
                    : "a table at version " + run.version();
            out.println("Input: "
                    + (run.inputs() < 0 ? table : ProgressLine.count(run.inputs(), "file"))
                    + (run.limit() > 0 ? ", limit " + ProgressLine.number(run.limit()) : ""));
            if (!options.isEmpty()) {
                out.println("Options: " + String.join(", ", options));
            }
        }

        private static List<String> table(List<Run> runs) {
            TextTable table = new TextTable(
                    List.of(
                            new TextTable.Column("run", Alignment.RIGHT),
                            new TextTable.Column("state", Alignment.RIGHT),
                            new TextTable.Column("began (UTC)", Alignment.RIGHT),
                            new TextTable.Column("took", Alignment.RIGHT),
                            new TextTable.Column("slices", Alignment.RIGHT),
                            new TextTable.Column("rows", Alignment.RIGHT),
                            new TextTable.Column("errors", Alignment.RIGHT),
                            new TextTable.Column("process", Alignment.RIGHT)),
                    runs.stream().map(Show::cells).toList());
            return table.beside(WIDTH, 1).orElseGet(() -> table.below(WIDTH, 1));
        }

        private static List<String> cells(Run run) {
            RunRecord record = run.record();
            Instant begun = Instant.parse(record.begun());
            Optional<Instant> ended =
                    switch (run.standing()) {
                        case RUNNING -> Optional.of(Instant.now());
                        case KILLED -> Optional.empty();
                        case STOPPED, FAILED, COMPLETE ->
                            Optional.ofNullable(record.ended()).map(Instant::parse);
                    };
            return List.of(
                    record.id(),
                    run.standing().name().toLowerCase(Locale.ROOT),
                    TIME.format(begun),
                    ended.map(end -> ProgressLine.time(Duration.between(begun, end)))
                            .orElse("-"),
                    ProgressLine.number(run.slices()),
                    ProgressLine.number(run.rows()),
                    ProgressLine.number(run.errors()),
                    record.process().pid() + " on " + record.process().host());
        }

        private void holder(OutputState.Holder holder) {
            String process = "process " + holder.process().pid() + " on "
                    + holder.process().host();
            out.println(
                    switch (holder.life()) {
                        case LIVES -> "Run " + holder.run() + " writes it now: " + process;
                        case PRESUMED ->
                            "Run " + holder.run() + " writes it now: " + process + ", whose lease holds until "
                                    + TIME.format(Instant.parse(holder.expires())) + " UTC";
                        case ENDED ->
                            "Run " + holder.run() + " holds the lease and lives no more: " + process
                                    + "; the next run takes over";
                    });
        }

        private static List<String> left(OutputState state) {
            List<String> left = new ArrayList<>();
            Optional<Standing> last = state.runs().isEmpty()
                    ? Optional.empty()
                    : Optional.of(state.runs().get(state.runs().size() - 1).standing());
            boolean runs = state.holder()
                    .filter(holder -> holder.life() != OutputState.Life.ENDED)
                    .isPresent();
            if (state.staged().files() > 0) {
                left.add(ProgressLine.count(state.staged().files(), "file") + " ("
                        + ProgressLine.number(Math.round(state.staged().bytes() / 1e3)) + " kB) in stage: written"
                        + (runs ? " and not committed yet" : ", not committed, and of no use"));
            }
            if (state.pendingFiles() > 0) {
                left.add(ProgressLine.count(state.pendingFiles(), "file")
                        + " of committed slices not in place"
                        + (runs ? " yet" : "; the next run ends that, or names what is missing"));
            }
            if (state.marked() > 0) {
                left.add(ProgressLine.count(state.marked(), "document")
                        + (runs ? " run alone, or ended a process" : " that ended a process"));
            }
            if (last.filter(standing -> standing == Standing.COMPLETE).isPresent()) {
                left.add("Left: nothing of the input of the last run");
            } else if (!runs) {
                left.add("Left: the same command goes on with the rest");
            }
            return left;
        }
    }
}
