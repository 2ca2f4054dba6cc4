package io.github.longwing.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is refused before any task runs, each with its sentence: the name, what was found, what was expected, the remedy.
 * {@code DIR} stands for a directory with {@code docs/a.jsonl}, {@code out} (summaries with the column {@code lang}),
 * {@code mine} (Parquet files of somebody else), {@code link} (to {@code docs}) and some files of settings.
 */
class RefusalsTest {
    private static final String APART = ", expected an output apart from what the run reads; name another";
    private static final String SUMMARIZE = "summarize --input DIR/docs ";
    private static final String TO_OUT = SUMMARIZE + "--output DIR/out ";
    private static final String NEW = SUMMARIZE + "--output DIR/new ";

    private static SparkSession spark;

    @TempDir
    private Path temporary;

    private Path directory;
    private TestCommands commands;

    @BeforeAll
    static void startSpark() {
        spark = TestCommands.spark();
    }

    @BeforeEach
    void prepare() throws IOException {
        directory = temporary.toRealPath();
        commands = TestCommands.in(directory);
        Files.createDirectories(directory.resolve("docs"));
        Files.writeString(
                directory.resolve("docs/a.jsonl"),
                "{\"id\": \"a\", \"text\": \"one\", \"lang\": \"en\", \"meta\": {\"n\": 1}, \"tags\": [1]}\n");
        Files.writeString(directory.resolve("x.json.br"), "?");
        Files.createDirectory(directory.resolve("empty"));
        Files.createSymbolicLink(directory.resolve("gone"), directory.resolve("nowhere"));
        Files.createSymbolicLink(directory.resolve("link"), directory.resolve("docs"));
        Files.write(directory.resolve("latin1.properties"), "limit=\u00E9\n".getBytes(StandardCharsets.ISO_8859_1));
        Files.writeString(directory.resolve("typo.properties"), "\uFEFFnum-baems=4\n");
        spark.range(2).coalesce(1).write().parquet(directory.resolve("mine").toString());
        assertThat(commands.run(arguments(TO_OUT + "--keep-columns lang --quiet"))
                        .status())
                .isZero();
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                // places
                row(
                        "summarize --input DIR/link --output DIR/docs --mode overwrite",
                        "Cannot overwrite --output DIR/docs (DIR/docs): the input DIR/link is the same place" + APART),
                row(
                        "summarize --input DIR/docs/a.jsonl --output DIR/link --mode append",
                        "Cannot append to --output DIR/link (DIR/docs): the input DIR/docs/a.jsonl lies there" + APART),
                row(
                        SUMMARIZE + "--output DIR/docs/out --mode append",
                        "Cannot append to --output DIR/docs/out (DIR/docs/out): the input DIR/docs holds it" + APART),
                row(
                        SUMMARIZE + "--output DIR/mine --mode overwrite --conf-file DIR/mine/../mine/my.properties",
                        "Cannot read DIR/mine/../mine/my.properties: there is no such file, expected a file of settings"),
                row(
                        SUMMARIZE + "--output  --mode overwrite",
                        "Cannot write --output \"\": it is empty, expected a path or a URI that Hadoop's file systems"
                                + " write; name one"),
                row(
                        SUMMARIZE + "--output nosuch://host/out",
                        "Cannot write --output nosuch://host/out: No FileSystem for scheme \"nosuch\", expected a path or"
                                + " a URI that Hadoop's file systems write; name another"),
                // what is there
                row(
                        TO_OUT,
                        "Cannot write --output DIR/out: it exists already, expected a path that is new; name another, or"
                                + " use --mode append, overwrite or ignore"),
                row(
                        SUMMARIZE + "--output DIR/docs/a.jsonl --mode ignore",
                        "Cannot write --output DIR/docs/a.jsonl: it is a file, expected a directory or a path that is"
                                + " new; name another"),
                row(
                        SUMMARIZE + "--output DIR/mine --mode overwrite",
                        "Cannot overwrite --output DIR/mine: it holds PART, which has no columns of Longwing, expected"
                                + " nothing but the output of a job of Longwing; name another, or remove it yourself"),
                row(
                        SUMMARIZE + "--output DIR/model --mode overwrite",
                        "Cannot overwrite --output DIR/model: it holds FILE, expected nothing but the output of a job of"
                                + " Longwing; name another, or remove it yourself"),
                row(
                        SUMMARIZE + "--output DIR/model --mode append",
                        "Cannot append to --output DIR/model: it holds FILE, expected Parquet files alone, so that readers"
                                + " see what is added; name another"),
                // rows that do not go together
                row(
                        "embed --input DIR/docs --output DIR/out --keep-columns lang --mode append",
                        "Cannot append to --output DIR/out: PART holds the rows of summarize, expected those of embed;"
                                + " name another output"),
                row(
                        TO_OUT + "--mode append",
                        "Cannot append to --output DIR/out: PART has a column lang, expected only the columns of this run"
                                + " (COLUMNS); give the options of the run that wrote it, such as --keep-columns, or name"
                                + " another output"),
                row(
                        TO_OUT + "--keep-columns lang --partition-by lang --mode append",
                        "Cannot append to --output DIR/out: PART is partitioned by nothing, expected lang as this run has"
                                + " it; leave out --partition-by, or name another output"),
                // columns
                row(
                        NEW + "--keep-columns meta --partition-by meta",
                        "Cannot partition the output: --partition-by names meta, which is struct<n:bigint>, expected a"
                                + " column of plain values, such as strings, numbers or dates; leave it out"),
                row(
                        NEW + "--keep-columns tags --partition-by tags",
                        "Cannot partition the output: --partition-by names tags, which is array<bigint>, expected a"
                                + " column of plain values, such as strings, numbers or dates; leave it out"),
                row(
                        NEW + "--keep-columns lang --partition-by lang,LANG",
                        "Cannot partition the output: --partition-by names LANG more than once, expected each column"
                                + " once; leave one out"),
                row(
                        NEW + "--partition-by language",
                        "Cannot partition the output: --partition-by names language, expected a column of the output"
                                + " (COLUMNS); add it to --keep-columns"),
                row(
                        NEW + "--keep-columns lang,,meta",
                        "Cannot use --keep-columns: a name in its list is empty, expected names of columns with commas"
                                + " between them; put a name that has a comma itself in double quotes"),
                // settings
                row(
                        NEW + "--conf-file DIR/latin1.properties",
                        "Cannot read DIR/latin1.properties: it is not UTF-8, expected a file of settings in UTF-8"),
                row(
                        NEW + "--conf-file DIR/docs",
                        "Cannot read DIR/docs: it is a directory, expected a file of settings in UTF-8"),
                row(
                        NEW + "--conf-file DIR/typo.properties",
                        "Cannot use DIR/typo.properties: num-baems is no setting, expected the name of an option without"
                                + " its dashes (did you mean num-beams?)"),
                // inputs
                row(
                        "summarize --input  --output DIR/new",
                        "Cannot read --input '': it is empty, expected a path; check the variable that it comes from"),
                row(
                        "summarize --input DIR/none --output DIR/new",
                        "Cannot read --input DIR/none: there is no such file or directory, expected one that exists;"
                                + " check the name"),
                row(
                        "summarize --input DIR/gone --output DIR/new",
                        "Cannot read --input DIR/gone: it is a link to nothing, expected a file or a folder; mend the"
                                + " link"),
                row(
                        "summarize --input DIR/empty --output DIR/new",
                        "Cannot read --input DIR/empty: there is no file in it, expected documents; name a file itself"
                                + " with --input to read it whatever its name"),
                row(
                        "summarize --input DIR/x.json.br --output DIR/new",
                        "Cannot read --input DIR/x.json.br: nothing here opens what its name ends in, expected a file as"
                                + " it is, or .gz, .bz2, .xz, .zst, .lz4 or .snappy; unpack it before"),
                row(
                        "summarize --input DIR/docs --input DIR/mine --output DIR/new",
                        "Cannot guess the format of the input: a.jsonl is json and PART is parquet, expected one format;"
                                + " name it with --format or give the files to runs of their own"),
                row(
                        NEW + "--format parquet",
                        "Cannot read --input DIR/docs/a.jsonl as parquet: its footer cannot be read (REASON), expected a"
                                + " file of that format; name another with --format"),
                row(
                        NEW + "--encoding latin-99",
                        "Cannot use --encoding latin-99: expected a charset that Java knows, such as UTF-8, UTF-16,"
                                + " windows-1252 or Shift_JIS"),
                // tables
                row(
                        SUMMARIZE + "--output-table refusals_view --mode overwrite",
                        "Cannot write --output-table refusals_view: it is a view, expected a table or a name that is new;"
                                + " name another"),
                row(
                        SUMMARIZE + "--output-table refusals_mine --mode overwrite",
                        "Cannot overwrite --output-table refusals_mine: its columns are id, expected those of a job of"
                                + " Longwing; name another, or drop it yourself"),
                row(
                        SUMMARIZE + "--output-table refusals_mine --mode append",
                        "Cannot append to --output-table refusals_mine: it has no column COLUMN, expected it as this run"
                                + " has it (COLUMNS); give the options of the run that wrote it, such as --keep-columns,"
                                + " or name another output"),
                row(
                        SUMMARIZE + "--output-table a-b",
                        "Cannot write --output-table a-b: REASON, expected [CATALOG.][DATABASE.]NAME of letters, digits"
                                + " and _, or in backticks"),
                row(
                        "summarize --table nowhere --output DIR/new",
                        "Cannot read --table nowhere: REASON, expected a table or view of Spark's catalog; check its name"
                                + " and its database"),
                // tokenize
                row(
                        "tokenize --input DIR/docs --output DIR/tokens.jsonl",
                        "Cannot read --input DIR/docs: it is a directory, expected a file of JSON lines in UTF-8"),
                row(
                        "tokenize --input DIR/docs/a.jsonl --output DIR/link/a.jsonl",
                        "Cannot write --output DIR/link/a.jsonl: it is the file of --input, expected another; name a new"
                                + " one"),
                row(
                        "tokenize --input DIR/docs/a.jsonl --output DIR/nowhere/tokens.jsonl",
                        "Cannot write --output DIR/nowhere/tokens.jsonl: there is no such file or directory, expected a"
                                + " file in a directory that exists and has room"));
    }

    private static Arguments row(String command, String sentence) {
        return Arguments.of(command, sentence);
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void refuses(String command, String sentence) throws IOException {
        spark.range(2).write().mode("overwrite").saveAsTable("refusals_mine");
        spark.sql("CREATE OR REPLACE VIEW refusals_view AS SELECT 1 AS id");
        List<String> before = listing();
        try {
            TestCommands.Outcome outcome = commands.run(arguments(command));

            assertThat(outcome.err().strip()).matches(pattern(sentence));
            assertThat(outcome.status()).isEqualTo(2);
            assertThat(outcome.err())
                    .doesNotContainPattern("Exception|org\\.apache|java\\.|io\\.github|SQLSTATE|\\[[A-Z]+_[A-Z_.]+\\]");
            assertThat(listing()).isEqualTo(before);
        } finally {
            spark.sql("DROP VIEW refusals_view");
            spark.sql("DROP TABLE refusals_mine");
        }
    }

    private List<String> listing() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.map(Path::toString).sorted().toList();
        }
    }

    private String[] arguments(String command) {
        return Arrays.stream(command.strip().split(" ", -1))
                .map(argument -> argument.replace("DIR", directory.toString()))
                .toArray(String[]::new);
    }

    /** A word in capitals stands for what changes from run to run. */
    private String pattern(String sentence) {
        List<String> parts = new ArrayList<>();
        for (String word : sentence.split("(?<=\\W)|(?=\\W)", -1)) {
            parts.add(
                    switch (word) {
                        case "DIR" -> java.util.regex.Pattern.quote(directory.toString());
                        case "PART" -> "part-[^ ]+\\.parquet";
                        case "FILE" -> "(config|generation_config)\\.json|spiece\\.model";
                        case "COLUMN" -> "[^ ,]+";
                        case "COLUMNS" -> "[^()]+";
                        case "REASON" -> "[^;]+";
                        default -> java.util.regex.Pattern.quote(word);
                    });
        }
        return String.join("", parts)
                .replace(
                        "(config|generation_config)\\.json|spiece\\.model",
                        "(?:(?:config|generation_config)\\.json|spiece\\.model)");
    }
}
