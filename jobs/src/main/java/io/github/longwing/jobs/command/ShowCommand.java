package io.github.longwing.jobs.command;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;

import io.github.longwing.error.DidYouMean;
import io.github.longwing.error.UserException;
import io.github.longwing.jobs.conf.Redaction;
import io.github.longwing.jobs.console.DisplayText;
import io.github.longwing.jobs.console.ExitStatus;
import io.github.longwing.jobs.console.Failures;
import io.github.longwing.jobs.console.ProgressLine;
import io.github.longwing.jobs.console.Terminal;
import io.github.longwing.jobs.console.TextTable;
import io.github.longwing.jobs.options.OptionRange;
import io.github.longwing.jobs.options.SparkOptionGroup;
import io.github.longwing.jobs.output.ValueText;
import io.github.longwing.jobs.session.JobSession;
import io.github.longwing.spark.columns.ColumnName;
import io.github.longwing.spark.columns.ResultSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkException;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints rows that a job wrote as a table for people. */
@Command(
        name = "show",
        sortOptions = false,
        customSynopsis = {"longwing show OUT [OPTION...]", "       longwing show --table NAME [OPTION...]"},
        description = {
            "Prints rows of a job's output as a table. Columns that say the same in all these rows are named once below",
            "it. Long texts are cut, a null is shown as -, and control characters as \\n or \\u001b."
        })
public final class ShowCommand implements Callable<Integer> {
    private static final int DEFAULT_WIDTH = 120;
    private static final int MIN_WIDTH = 40;
    private static final int MAX_CELL_LINES = 4;
    private static final String ID = "id";
    private static final String ERROR = "error";

    private final Terminal terminal;

    @Parameters(paramLabel = "OUT", arity = "0..1", description = "The --output of a job: a path or a URI.")
    private String output;

    @Option(names = "--table", paramLabel = "NAME", description = "The --output-table of a job, not a path.")
    private String table;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "20",
            description = "The most rows. Default: ${DEFAULT-VALUE}.")
    private int limit;

    @Option(
            names = "--columns",
            paramLabel = "NAME",
            split = ",",
            description = "Only these columns, with commas between them; also error.class.")
    private List<String> columns = List.of();

    @Option(
            names = "--id",
            paramLabel = "X",
            description = "Only the rows of this document, with whole texts, each column on lines of its own.")
    private String id;

    @Option(
            names = "--id-column",
            paramLabel = "NAME",
            description = "The column that --id looks at. Default: id, else the first.")
    private String idColumn;

    @Option(names = "--errors", description = "Only rows with an error.")
    private boolean errors;

    @Option(
            names = "--width",
            paramLabel = "N",
            description = "Columns of the terminal. Default: what COLUMNS says, else 120.")
    private Integer width;

    @Mixin
    private SparkOptionGroup sparkOptions;

    public ShowCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        if ((output == null) == (table == null)) {
            throw new UserException("Cannot show "
                    + (output == null ? "nothing" : "both " + output + " and --table " + table)
                    + ": expected one output, as in longwing show OUT or longwing show --table NAME");
        }
        OptionRange.atLeast("--limit", limit, 1);
        int columnsOfTerminal = OptionRange.atLeast(
                "--width",
                width == null ? Math.max(MIN_WIDTH, Terminal.columns().orElse(DEFAULT_WIDTH)) : width,
                MIN_WIDTH);
        try (JobSession session = JobSession.open(sparkOptions.options(), "longwing show")) {
            show(filtered(read(session)), columnsOfTerminal);
        }
        return ExitStatus.OK.code();
    }

    private String name() {
        return table == null ? Redaction.show("output", output) : table;
    }

    private void show(Dataset<Row> rows, int columnsOfTerminal) {
        Optional<String> error = errorColumn(rows.schema());
        Row totals = rows.agg(
                        count(lit(1)),
                        error.map(name -> count(ColumnName.column(name))).orElse(lit(0L)))
                .head();
        Dataset<Row> selected = columns.isEmpty()
                ? withoutFingerprint(rows, error)
                : rows.select(columns.stream().map(name -> column(rows, name)).toArray(Column[]::new));
        List<Row> shown = selected.limit(limit).collectAsList();
        if (!shown.isEmpty()) {
            print(selected.schema(), shown, columnsOfTerminal);
        }
        terminal.out().println(closingLine(shown.size(), totals.getLong(0), totals.getLong(1)));
    }

    /** It tells people nothing, unless they ask for it or for one document. */
    private Dataset<Row> withoutFingerprint(Dataset<Row> rows, Optional<String> error) {
        return id != null || error.isEmpty()
                ? rows
                : rows.drop(ColumnName.column(
                        error.get().substring(0, error.get().length() - ERROR.length()) + ResultSchema.FINGERPRINT));
    }

    private void print(StructType schema, List<Row> rows, int columnsOfTerminal) {
        StructField[] fields = schema.fields();
        List<List<String>> cells = rows.stream()
                .map(row -> IntStream.range(0, fields.length)
                        .mapToObj(i -> DisplayText.escape(ValueText.of(row.get(i))))
                        .toList())
                .toList();
        if (id != null) {
            table(fields, cells, IntStream.range(0, fields.length).toArray())
                    .below(columnsOfTerminal, Integer.MAX_VALUE)
                    .forEach(terminal.out()::println);
            return;
        }
        Map<String, String> constant = new LinkedHashMap<>();
        int[] varying = IntStream.range(0, fields.length)
                .filter(i -> {
                    String first = cells.get(0).get(i);
                    boolean same = columns.isEmpty()
                            && i > 0
                            && cells.size() > 1
                            && cells.stream().allMatch(row -> row.get(i).equals(first));
                    if (same) {
                        constant.put(fields[i].name(), first);
                    }
                    return !same;
                })
                .toArray();
        TextTable table = table(fields, cells, varying);
        table.beside(columnsOfTerminal, MAX_CELL_LINES)
                .orElseGet(() -> table.below(columnsOfTerminal, MAX_CELL_LINES))
                .forEach(terminal.out()::println);
        if (!constant.isEmpty()) {
            List<String> said = constant.entrySet().stream()
                    .map(entry -> entry.getKey() + " " + entry.getValue())
                    .toList();
            terminal.out().println();
            DisplayText.wrap("In all these rows: " + String.join(", ", said), columnsOfTerminal, MAX_CELL_LINES)
                    .forEach(terminal.out()::println);
        }
        terminal.out().println();
    }

    private static TextTable table(StructField[] fields, List<List<String>> cells, int... chosen) {
        List<TextTable.Column> columns = Arrays.stream(chosen)
                .mapToObj(i -> new TextTable.Column(
                        DisplayText.escape(fields[i].name()),
                        ValueText.isNumber(fields[i].dataType())
                                ? TextTable.Alignment.RIGHT
                                : TextTable.Alignment.LEFT))
                .toList();
        return new TextTable(
                columns,
                cells.stream()
                        .map(row -> Arrays.stream(chosen).mapToObj(row::get).toList())
                        .toList());
    }

    private String closingLine(int shown, long rows, long failed) {
        String what = shown < rows
                ? ProgressLine.number(shown) + " of " + ProgressLine.count(rows, "row")
                : ProgressLine.count(rows, "row");
        String outcome = failed == 0
                ? "no errors"
                : ProgressLine.count(failed, "error") + (errors || failed == rows ? "" : " (--errors shows them)");
        return what + ", " + outcome + ", in " + name();
    }

    private Dataset<Row> filtered(Dataset<Row> rows) {
        Dataset<Row> filtered = rows;
        if (id != null) {
            String name = idColumn != null ? idColumn : idColumn(rows.schema());
            filtered = filtered.where(column(rows, name).cast("string").equalTo(id));
        }
        if (errors) {
            String name = errorColumn(rows.schema())
                    .orElseThrow(() -> new UserException("Cannot use --errors: " + name()
                            + " has no column of errors, expected the output of a job; leave it out"));
            filtered = filtered.where(ColumnName.column(name).isNotNull());
        }
        return filtered;
    }

    private static String idColumn(StructType schema) {
        List<String> names = List.of(schema.fieldNames());
        return names.contains(ID) ? ID : names.get(0);
    }

    /** Whatever its prefix. */
    private static Optional<String> errorColumn(StructType schema) {
        return Arrays.stream(schema.fields())
                .filter(field -> field.name().endsWith(ERROR) && ValueText.isError(field.dataType()))
                .map(StructField::name)
                .findFirst();
    }

    private Column column(Dataset<Row> rows, String name) {
        List<String> names = Arrays.asList(rows.schema().fieldNames());
        Column column = names.contains(name) ? ColumnName.column(name) : col(name);
        try {
            var unused = rows.select(column).schema();
            return column;
        } catch (Exception e) { // AnalysisException, which Scala does not declare
            throw new UserException(
                    "Cannot show column " + name + ": " + name() + " has no such column, expected one of "
                            + String.join(", ", names) + DidYouMean.hint(name.toLowerCase(Locale.ROOT), names),
                    e);
        }
    }

    private Dataset<Row> read(JobSession session) {
        try {
            return table == null
                    ? session.spark().read().parquet(find(session.hadoopConfiguration()))
                    : session.spark().table(table);
        } catch (Exception e) { // AnalysisException and SparkException, which Scala does not declare
            if (e instanceof AnalysisException || e instanceof SparkException) {
                throw new UserException(
                        "Cannot show " + name() + ": "
                                + (table == null ? "it holds no rows in Parquet" : "it cannot be read")
                                + ", expected the output of a job that ended well (" + Failures.firstLine(e) + ")",
                        e);
            }
            throw e;
        }
    }

    /** A local path that exists is taken as it is named, whatever its name would mean as a pattern or a URI. */
    private String find(Configuration hadoop) {
        try {
            String pattern = FileSystem.getDefaultUri(hadoop).getScheme().equals("file") && isLocal(output)
                    ? "file:"
                            + java.nio.file.Path.of(output)
                                    .toAbsolutePath()
                                    .normalize()
                                    .toString()
                                    .replaceAll("[\\\\\\[\\]{}*?]", "\\\\$0")
                    : output;
            Path path = new Path(pattern);
            FileStatus[] found = path.getFileSystem(hadoop).globStatus(path);
            if (found != null && found.length > 0) {
                return pattern;
            }
            throw new UserException("Cannot show " + name()
                    + ": there is no such file or directory, expected the output of a job; check the name");
        } catch (IOException | IllegalArgumentException e) {
            throw new UserException(
                    "Cannot show " + name() + ": " + e.getMessage()
                            + ", expected a path or a URI that Hadoop's file systems read",
                    e);
        }
    }

    private static boolean isLocal(String path) {
        try {
            return Files.exists(java.nio.file.Path.of(path));
        } catch (java.nio.file.InvalidPathException e) {
            return false;
        }
    }
}
