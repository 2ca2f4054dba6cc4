package io.github.longwing.jobs.options;

import io.github.longwing.error.UserException;
import io.github.longwing.jobs.commit.Change;
import io.github.longwing.jobs.conf.ConfLayer;
import io.github.longwing.jobs.conf.ConfLayers;
import io.github.longwing.jobs.conf.Redaction;
import io.github.longwing.jobs.console.Verbosity;
import io.github.longwing.jobs.input.DocumentInput;
import io.github.longwing.jobs.input.InputFormat;
import io.github.longwing.jobs.output.OutputMode;
import io.github.longwing.jobs.output.ResultOutput;
import io.github.longwing.jobs.output.RunReads;
import io.github.longwing.jobs.session.SparkOptions;
import io.github.longwing.spark.files.FormatOptions;
import io.github.longwing.spark.options.DocumentColumns;
import io.github.longwing.spark.options.DocumentOrder;
import io.github.longwing.spark.options.DurationText;
import io.github.longwing.spark.options.EqualTexts;
import io.github.longwing.spark.options.ErrorPolicy;
import io.github.longwing.spark.options.Questions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * The options that all jobs share. picocli fills the fields from the command line and, through {@link ConfLayers}, from
 * properties files; the accessors check them.
 */
public final class JobOptions {
    private static final int MAX_SLICE_MINUTES = 24 * 60;

    @Option(
            names = "--input",
            paramLabel = "PATH",
            description = {
                "A file or a directory of documents; globs and URIs that Hadoop reads are welcome.",
                "May be given several times."
            })
    private List<String> input = List.of();

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            completionCandidates = InputFormat.Help.class,
            description = "${COMPLETION-CANDIDATES} or any other source of Spark. Default: guessed from the names.")
    private String format;

    @Option(
            names = "--encoding",
            paramLabel = "CHARSET",
            description = "The charset of JSON, CSV and text without a byte-order mark. Default: UTF-8.")
    private String encoding;

    @Option(
            names = "--csv-separator",
            paramLabel = "CHARACTERS",
            description = "What stands between the fields of CSV; \\t is a tab. Default: a comma, a tab in .tsv files.")
    private String csvSeparator;

    @Option(
            names = "--csv-quote",
            paramLabel = "CHARACTER",
            description = "What stands around fields of CSV, or none. Default: a double quote.")
    private String csvQuote;

    @Option(names = "--table", paramLabel = "NAME", description = "Read a table of Spark's catalog, not --input.")
    private String table;

    @Option(names = "--output", paramLabel = "PATH", description = "Where the Parquet files go.")
    private String output;

    @Option(
            names = "--output-table",
            paramLabel = "NAME",
            description = "Write a table of Spark's catalog, not --output.")
    private String outputTable;

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            defaultValue = "resume",
            description = {
                "What to do where the output exists: resume (compute what is missing), error, append, overwrite",
                "or ignore.",
                "Default: ${DEFAULT-VALUE}."
            })
    private OutputMode mode;

    @Option(
            names = "--id-column",
            paramLabel = "NAME",
            split = ",",
            defaultValue = "id",
            description = "The column or columns that identify a document. Default: ${DEFAULT-VALUE}.")
    private List<String> idColumn;

    @Option(
            names = "--text-column",
            paramLabel = "NAME",
            defaultValue = "text",
            description = "The column with the text. Default: ${DEFAULT-VALUE}.")
    private String textColumn;

    @Option(
            names = "--keep-columns",
            paramLabel = "NAME",
            split = ",",
            description = {
                "Further columns to carry into the output, with commas between them; a name that has a comma",
                "itself stands in double quotes: --keep-columns '\"last, first\",title'. May be given several times."
            })
    private List<String> keepColumns = List.of();

    @Option(
            names = "--result-prefix",
            paramLabel = "PREFIX",
            defaultValue = "",
            description = "Goes before the name of every result column, where they would clash with kept ones.")
    private String resultPrefix;

    @Option(
            names = "--partition-by",
            paramLabel = "NAME",
            split = ",",
            description = "Columns of the output that become its directories, written as --keep-columns.")
    private List<String> partitionBy = List.of();

    @Option(
            names = "--slice-minutes",
            paramLabel = "M",
            defaultValue = "5",
            description = "Rows are committed about so often; a fraction is allowed. Default: ${DEFAULT-VALUE}.")
    private double sliceMinutes;

    @Option(
            names = "--stop-after",
            paramLabel = "TIME",
            description = {
                "Stop after this time, such as 2h or 1h30m, with what is finished committed; the same command goes on."
            })
    private String stopAfter;

    @Option(
            names = "--document-timeout",
            paramLabel = "TIME",
            description = "A document that takes longer, such as 10m, becomes a row with an error.")
    private String documentTimeout;

    @Option(
            names = "--incremental",
            description = {
                "Compute what is new or changed in the input since the last run; changed documents replace their",
                "old rows."
            })
    private boolean incremental;

    @Option(names = "--prune", description = "With --incremental: remove the rows of documents that are gone.")
    private boolean prune;

    @Option(names = "--retry-errors", description = "Compute rows with an error again.")
    private boolean retryErrors;

    @Option(
            names = "--stream",
            description = {
                "Go on with whatever comes: compute what is new or changed at each --trigger, as --incremental does."
            })
    private boolean stream;

    @Option(
            names = "--trigger",
            paramLabel = "TIME",
            description = {
                "With --stream: look at the input so often, such as 1m, until stopped, or do what is there and end",
                "(available-now). Default: available-now."
            })
    private String trigger;

    @Option(
            names = "--deduplicate",
            description = {
                "Compute documents of equal texts, and equal questions, once in a run; each still has its own row."
            })
    private boolean deduplicate;

    @Option(
            names = "--sort-by-length",
            description = {
                "Give all tasks about equal work and begin the longest documents first, so that none of them is left",
                "alone at the end; reads the input once more for its lengths."
            })
    private boolean sortByLength;

    @Option(names = "--limit", paramLabel = "N", description = "Read only so many documents.")
    private Long limit;

    @Mixin
    private ModelOptions model;

    @Option(
            names = "--on-error",
            paramLabel = "POLICY",
            defaultValue = "permissive",
            description = {
                "A document that cannot be processed becomes a row with an error (permissive),",
                "fails the job (failfast) or is left out (dropmalformed). Default: ${DEFAULT-VALUE}."
            })
    private ErrorPolicy onError;

    @Option(
            names = "--max-errors",
            paramLabel = "N",
            description =
                    "Fail the job when more documents than this cannot be processed; a number, or a share such as 2%.")
    private String maxErrors;

    @Option(
            names = "--dry-run",
            description = {"Show schema, settings, token counts and estimates of memory and time; run no model."})
    private boolean dryRun;

    @Option(
            names = "--conf-file",
            paramLabel = "FILE",
            description = {
                "A file of settings: key=value lines, a key is an option's name without its dashes.",
                "The command line and --set win over it, and it wins over the job's file in conf/."
            })
    private Path confFile;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "A setting as a --conf-file has it.")
    private List<String> sets = List.of();

    @Mixin
    private SparkOptionGroup spark;

    @Option(names = "--quiet", description = "Print nothing but errors and the closing summary.")
    private boolean quiet;

    private ConfLayers layers = new ConfLayers(List.of());

    /**
     * Reads the properties files that the command line names, and the one of the job, as defaults for picocli.
     *
     * @param keys the options that may stand there
     */
    public ConfLayers readLayers(String job, Optional<Path> confDirectory, Collection<String> keys) {
        List<ConfLayer> all = new ArrayList<>();
        if (!sets.isEmpty()) {
            all.add(ConfLayer.ofSets(sets, keys));
        }
        if (confFile != null) {
            all.add(ConfLayer.read(confFile, keys));
        }
        all.add(ConfLayer.ofJob(job, confDirectory, keys));
        layers = new ConfLayers(all);
        return layers;
    }

    /** As {@link #readLayers} read them. */
    public ConfLayers layers() {
        return layers;
    }

    public DocumentColumns columns() {
        return new DocumentColumns(
                ColumnNames.unquoted("--id-column", idColumn),
                textColumn,
                new Questions.None(),
                ColumnNames.unquoted("--keep-columns", keepColumns),
                resultPrefix);
    }

    public ModelOptions model() {
        return model;
    }

    public ErrorPolicy onError() {
        return onError;
    }

    public OptionalLong limit() {
        return atLeast("--limit", limit, 1);
    }

    public ErrorLimit maxErrors() {
        return ErrorLimit.parse(maxErrors);
    }

    public Duration sliceTime() {
        if (!(sliceMinutes > 0) || sliceMinutes > MAX_SLICE_MINUTES) {
            throw new UserException("Cannot use --slice-minutes " + sliceMinutes + ": expected more than 0 and at most "
                    + MAX_SLICE_MINUTES + "; 5 is usual");
        }
        return Duration.ofMillis(Math.max(1, Math.round(sliceMinutes * 60_000)));
    }

    /** How long a document may take. */
    public Optional<Duration> documentTimeout() {
        return Optional.ofNullable(documentTimeout).map(text -> DurationText.parse("--document-timeout", text));
    }

    /** When to stop; empty for not before all is done. */
    public Optional<Duration> stopAfter() {
        return Optional.ofNullable(stopAfter).map(text -> DurationText.parse("--stop-after", text));
    }

    /** What is to be changed in an output that earlier runs have made. */
    public Set<Change> changes() {
        Set<Change> changes = EnumSet.noneOf(Change.class);
        if (incremental || stream) {
            changes.add(Change.INPUTS);
        }
        if (retryErrors) {
            changes.add(Change.ERRORS);
        }
        if (prune) {
            changes.add(Change.GONE);
        }
        if (!changes.isEmpty() && mode != OutputMode.RESUME) {
            throw new UserException("Cannot use --incremental, --stream, --retry-errors or --prune with --mode "
                    + mode.name().toLowerCase(Locale.ROOT)
                    + ": expected --mode resume, which is the default; leave one out");
        }
        if (prune && !incremental) {
            throw new UserException("Cannot use --prune without --incremental: expected both, since only a run that"
                    + " compares its input with the last one's knows what is gone; add --incremental");
        }
        return changes;
    }

    /** How often the input is looked at; once without {@code --stream}. */
    public Trigger trigger() {
        if (!stream) {
            if (trigger != null) {
                throw new UserException(
                        "Cannot use --trigger " + trigger
                                + " without --stream: expected both, since only a stream looks at its input again; add --stream");
            }
            return new Trigger.Once();
        }
        refuseInStream("--limit", limit != null, "since it goes on with whatever comes");
        refuseInStream("--prune", prune, "since files may be moved away once they are read");
        refuseInStream("--retry-errors", retryErrors, "since each look would compute errors again");
        return Trigger.parse(Objects.requireNonNullElse(trigger, Trigger.AVAILABLE_NOW));
    }

    /** Whether {@code --stream} is asked for. */
    public boolean isStream() {
        return stream;
    }

    private static void refuseInStream(String option, boolean given, String why) {
        if (given) {
            throw new UserException("Cannot use " + option + " with --stream: expected a stream without it, " + why
                    + "; leave one out");
        }
    }

    /** Those of the options given that need an output in slices. */
    public List<String> ofSlices() {
        Map<String, Boolean> given = new LinkedHashMap<>();
        given.put("--stream", stream);
        given.put("--incremental", incremental);
        given.put("--prune", prune);
        given.put("--retry-errors", retryErrors);
        given.put("--stop-after", stopAfter != null);
        return given.keySet().stream().filter(given::get).toList();
    }

    /** Whether equal texts are computed once. */
    public EqualTexts equalTexts() {
        return deduplicate ? EqualTexts.ONCE : EqualTexts.EACH;
    }

    /** In which order the documents of a task are begun. */
    public DocumentOrder order() {
        return sortByLength ? DocumentOrder.LONGEST_FIRST : DocumentOrder.AS_GIVEN;
    }

    public RunMode runMode() {
        return dryRun ? RunMode.DRY_RUN : RunMode.RUN;
    }

    public Verbosity verbosity() {
        return quiet ? Verbosity.QUIET : Verbosity.NORMAL;
    }

    public DocumentInput input() {
        if (table != null && !input.isEmpty()) {
            throw new UserException("Cannot read both --input " + Redaction.show("input", input.get(0))
                    + " and --table " + table + ": expected one of the two; leave one out");
        }
        if (table != null && format != null) {
            throw new UserException("Cannot use --format " + format + " with --table " + table
                    + ": expected it with --input only, since the catalog knows the format; leave it out");
        }
        if (table != null) {
            return new DocumentInput.Table(table);
        }
        if (input.isEmpty()) {
            throw new UserException(
                    "Cannot read the documents: no input is named, expected --input PATH or --table NAME");
        }
        return new DocumentInput.Files(input, Optional.ofNullable(format), written());
    }

    /** What is said about how files are written. */
    public FormatOptions written() {
        return new FormatOptions(encoding, csvSeparator, csvQuote);
    }

    /** All that a run over this input reads. */
    public RunReads reads(DocumentInput read) {
        return new RunReads(read, Optional.ofNullable(model.reference().location()), Optional.ofNullable(confFile));
    }

    /** Where the result goes; a dry run needs none. */
    public Optional<ResultOutput.Target> output() {
        Optional<ResultOutput.Target> named = namedOutput();
        if (named.isEmpty() && !dryRun) {
            throw new UserException(
                    "Cannot write the result: no output is named, expected --output PATH or --output-table NAME");
        }
        return named;
    }

    /** Where the user wants the result to go, if it is said. */
    public Optional<ResultOutput.Target> namedOutput() {
        if (output != null && outputTable != null) {
            throw new UserException("Cannot write both --output " + Redaction.show("output", output)
                    + " and --output-table " + outputTable + ": expected one of the two; leave one out");
        }
        if (outputTable != null) {
            return Optional.of(new ResultOutput.Table(outputTable));
        }
        if (output != null) {
            return Optional.of(new ResultOutput.Files(output));
        }
        return Optional.empty();
    }

    /** For a command that has a place of its own where the user names none. */
    public void writeTo(String path) {
        output = path;
    }

    public OutputMode mode() {
        return mode;
    }

    public List<String> partitionBy() {
        return ColumnNames.unquoted("--partition-by", partitionBy);
    }

    /** {@code --master} and {@code --conf}. */
    public SparkOptions spark() {
        return spark.options();
    }

    /** Refuses options that contradict each other, before anything is started. */
    public void check() {
        checkInput();
        checkOutput();
    }

    /** The same for rows that the caller has in a session, which are committed whole or the call fails. */
    public void checkGiven() {
        refuseGiven("--input", !input.isEmpty());
        refuseGiven("--table", table != null);
        refuseGiven("--limit", limit != null);
        refuseGiven("--stream", stream);
        refuseGiven("--stop-after", stopAfter != null);
        refuseGiven("--dry-run", dryRun);
        refuseGiven("--prune", prune);
        if (mode != OutputMode.RESUME) {
            refuseGiven("--mode " + mode.name().toLowerCase(Locale.ROOT), true);
        }
        columns();
        checkOutput();
    }

    private static void refuseGiven(String option, boolean given) {
        if (given) {
            throw new UserException("Cannot use " + option + " for a DataFrame: its rows are committed, all of them, to"
                    + " what others have added before; leave it out");
        }
    }

    private void checkOutput() {
        output();
        maxErrors();
        partitionBy();
        sliceTime();
        trigger();
        changes();
        stopAfter();
        documentTimeout();
        spark();
        if (maxErrors != null && onError == ErrorPolicy.FAILFAST) {
            throw new UserException("Cannot use --max-errors " + maxErrors
                    + " with --on-error failfast: expected one of the two, since failfast ends at the first error; "
                    + "leave one out");
        }
    }

    /** The part of {@link #check} for a command that only reads. */
    public void checkInput() {
        input();
        limit();
        columns();
        spark();
    }

    private static OptionalLong atLeast(String option, Long value, long least) {
        if (value == null) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(OptionRange.atLeast(option, value, least));
    }

    /** Whether the model is run. */
    public enum RunMode {
        RUN,
        DRY_RUN
    }
}
