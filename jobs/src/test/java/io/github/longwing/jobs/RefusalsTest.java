package io.github.longwing.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is refused before any task runs, each with its sentence: the name, what was found, what was expected, the remedy.
 * {@code DIR} stands for a directory with {@code docs/a.jsonl}, {@code out} (summaries with the column {@code lang}),
 * {@code mine} (Parquet files of somebody else), {@code link} (to {@code docs}) and the files below; {@code FAULTS} for
 * inputs that the tests carry.
 */
class RefusalsTest {
    private static final String APART = ", expected an output apart from what the run reads; name another";
    private static final String SUMMARIZE = "summarize --input DIR/docs ";
    private static final String TO_OUT = SUMMARIZE + "--output DIR/out ";
    private static final String NEW = SUMMARIZE + "--output DIR/new ";

    private static final String FAULTS = faults();

    /** One for all refusals, since none of them changes anything. */
    @TempDir
    private static Path temporary;

    private static SparkSession spark;
    private static Path directory;
    private static TestCommands commands;

    @BeforeAll
    static void prepare() throws IOException {
        spark = TestCommands.spark();
        directory = temporary.toRealPath();
        commands = TestCommands.in(directory);
        Files.createDirectories(directory.resolve("docs"));
        Files.writeString(
                directory.resolve("docs/a.jsonl"),
                "{\"id\": \"a\", \"text\": \"one\", \"lang\": \"en\", \"meta\": {\"n\": 1}, \"tags\": [1]}\n");
        write("x.json.br", "?");
        write("x.jsonl.zip", "?");
        write("documents.xyz", "?");
        write("case.jsonl", "{\"id\": \"a\", \"text\": \"one\", \"Text\": \"two\"}");
        write("semicolons.csv", "id;text\n1;one\n");
        write("months/a.csv", "id,text\na,one\n");
        write("months/b.csv", "id,body\nb,two\n");
        write("folders/year=2020/a.jsonl", "{\"text\": \"one\"}");
        write("folders/lang=en/a.jsonl", "{\"text\": \"one\"}");
        write("hides/id=5/a.jsonl", "{\"id\": \"a\", \"text\": \"one\"}");
        write("letters/a.txt", "one");
        write("letters/b.pdf", "%PDF-1.4");
        write("tags.jsonl", "{\"id\": 1, \"text\": [\"one\"]}");
        write("asks.jsonl", "{\"id\": 1, \"text\": \"one\", \"question\": \"?\", \"questions\": [\"?\"]}");
        write("hidden/_a.jsonl", "?");
        write("settings/my.properties", "");
        Files.createDirectory(directory.resolve("empty"));
        Files.createSymbolicLink(directory.resolve("gone"), directory.resolve("nowhere"));
        Files.createSymbolicLink(directory.resolve("link"), directory.resolve("docs"));
        Files.write(directory.resolve("latin1.properties"), "limit=\u00E9\n".getBytes(StandardCharsets.ISO_8859_1));
        Files.writeString(directory.resolve("typo.properties"), "\uFEFFnum-baems=4\n");
        spark.range(2).coalesce(1).write().parquet(directory.resolve("mine").toString());
        assertThat(commands.run(arguments(TO_OUT + "--keep-columns lang --quiet"))
                        .status())
                .isZero();
        spark.range(2).write().mode("overwrite").saveAsTable("refusals_mine");
        spark.sql("CREATE OR REPLACE VIEW refusals_view AS SELECT 1 AS id");
    }

    @AfterAll
    static void findTheTablesAsTheyWere() {
        assertThat(spark.table("refusals_mine").collectAsList())
                .as("the table that runs were not to write")
                .hasSize(2);
        assertThat(spark.table("refusals_view").columns()).containsExactly("id");
        spark.sql("DROP VIEW refusals_view");
        spark.sql("DROP TABLE refusals_mine");
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
                        SUMMARIZE + "--model DIR/model --output DIR/model --mode overwrite",
                        "Cannot overwrite --output DIR/model (DIR/model): --model DIR/model is the same place" + APART),
                row(
                        SUMMARIZE + "--output DIR/settings --mode overwrite --conf-file DIR/settings/my.properties",
                        "Cannot overwrite --output DIR/settings (DIR/settings): --conf-file DIR/settings/my.properties"
                                + " lies there" + APART),
                row(
                        "summarize --table refusals_mine --output WAREHOUSE/refusals_mine --mode overwrite",
                        "Cannot overwrite --output WAREHOUSE/refusals_mine (REST): the table refusals_mine is the same"
                                + " place" + APART),
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
                        TO_OUT + "--quiet",
                        "Cannot go on with DIR/out: --keep-columns was lang and is not set, expected the same; give the"
                                + " option of that run, name another output, or write it anew with --mode overwrite"),
                row(
                        TO_OUT + "--mode error",
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
                        NEW + "--csv-quote ''",
                        "Cannot use --csv-quote '\'\'': expected one character, or none where quotes mean nothing"),
                row(
                        NEW + "--csv-separator  --format csv",
                        "Cannot use --csv-separator '': expected one or more characters that are no line ends, such as ;"
                                + " or \\t"),
                row(
                        NEW + "--csv-separator || --csv-quote |",
                        "Cannot use --csv-quote | with --csv-separator ||: expected a quote that is no part of the"
                                + " separator"),
                row(
                        "summarize --input DIR/semicolons.csv --output DIR/new",
                        "Cannot read DIR/semicolons.csv: its header is one column (id;text), expected several; name what"
                                + " stands between them with --csv-separator ';'"),
                row(
                        "summarize --input DIR/months --output DIR/new",
                        "Cannot read DIR/months/b.csv: its header has no column text (but id, body), expected one as in"
                                + " DIR/months/a.csv; add it, or give the files to runs of their own"),
                row(
                        "summarize --input DIR/folders --id-column year --output DIR/new",
                        "Cannot read the input: DIR/folders/REST lies in folders of COLUMN and DIR/folders/REST in"
                                + " folders of COLUMN, expected the same key=value folders for all files; give them to"
                                + " runs of their own"),
                row(
                        "summarize --input DIR/hides --output DIR/new",
                        "Cannot read DIR/hides/id=5/a.jsonl: its folder gives a column id and its records have a column"
                                + " id, expected names that differ; rename the folder, or name the files themselves with"
                                + " --input"),
                row(
                        "summarize --input DIR/letters --output DIR/new",
                        "Cannot read --input DIR/letters/b.pdf without a format: its name is that of a document for"
                                + " people, expected --format binaryFile, which reads PDF, HTML, Word and text files; name"
                                + " it"),
                row(
                        "summarize --input DIR/hidden --output DIR/new",
                        "Cannot read --input DIR/hidden: all files in it are left out (Input: 1 file found, 0 read, 1"
                                + " left out (1 with a hidden name)), expected documents; name a file itself with --input"
                                + " to read it whatever its name"),
                row(
                        "summarize --input DIR/x.jsonl.zip --output DIR/new",
                        "Cannot read --input DIR/x.jsonl.zip: nothing here opens what its name ends in, expected a file as"
                                + " it is, or .gz, .bz2, .xz, .zst, .lz4 or .snappy; unpack it before"),
                row(
                        "summarize --input DIR/documents.xyz --output DIR/new",
                        "Cannot guess the format of DIR/documents.xyz: expected a name that ends in REST; name it with"
                                + " --format"),
                row(
                        NEW + "--format jsno",
                        "Cannot read --input DIR/docs: Spark has no source for --format jsno, expected REST or one on"
                                + " Spark's class path (did you mean json?); add it with --conf"
                                + " spark.jars.packages=GROUP:ARTIFACT:VERSION"),
                row(
                        "summarize --input DIR/case.jsonl --output DIR/new",
                        "Cannot read the documents: the text column is text, and 2 columns of the input have that name,"
                                + " expected one; rename them before, or read Text and text as different columns with"
                                + " --conf spark.sql.caseSensitive=true"),
                row(
                        "summarize --input DIR/tags.jsonl --output DIR/new",
                        "Cannot read the documents: the text column text is array<string>, expected string or binary; name"
                                + " another with --text-column"),
                row(
                        NEW + "--text-column txet",
                        "Cannot read the documents: the text column is txet, expected one of the columns that the input"
                                + " has (COLUMNS); name it with --text-column (did you mean text?)"),
                row(
                        NEW + "--id-column doc",
                        "Cannot read the documents: the id column is doc, expected one of the columns that the input has"
                                + " (COLUMNS); name it with --id-column"),
                row(
                        NEW + "--keep-columns nothing",
                        "Cannot read the documents: the kept column is nothing, expected one of the columns that the input"
                                + " has (COLUMNS); name it with --keep-columns"),
                row(
                        NEW + "--keep-columns lang,meta.lang",
                        "Cannot read the documents: the kept column is meta.lang, expected one of the columns that the"
                                + " input has (COLUMNS); name it with --keep-columns"),
                row(
                        "answer --model mine --input DIR/asks.jsonl --output DIR/new",
                        "Cannot read the questions: the input has a column question and a column questions, expected one"
                                + " of the two; name it with --question-column or --questions-column"),
                row(
                        "answer --model mine --input DIR/docs --output DIR/new",
                        "Cannot read the documents: the question column is question, expected one of the columns that the"
                                + " input has (COLUMNS); name it with --question-column or --questions-column"),
                row(
                        "summarize --input FAULTS/parquet-id-types --id-column text --keep-columns id --output DIR/new",
                        "Cannot read column id: it is COLUMN in FAULTS/parquet-id-types/REST and COLUMN in"
                                + " FAULTS/parquet-id-types/REST, expected one type; write one of them again, or give the"
                                + " files to runs of their own"),
                row(
                        "summarize --input FAULTS/parquet-nanoseconds --keep-columns seen --output DIR/new",
                        "Cannot read column seen of FAULTS/parquet-nanoseconds/REST: it has timestamps in nanoseconds,"
                                + " expected microseconds; read them as numbers with --conf"
                                + " spark.sql.legacy.parquet.nanosAsLong=true, or leave the column out of --keep-columns"),
                row(
                        "summarize --output DIR/new",
                        "Cannot read the documents: no input is named, expected --input PATH or --table NAME"),
                row(
                        NEW + "--table documents",
                        "Cannot read both --input DIR/docs and --table documents: expected one of the two; leave one out"),
                row(
                        "summarize --table documents --format json --output DIR/new",
                        "Cannot use --format json with --table documents: expected it with --input only, since the catalog"
                                + " knows the format; leave it out"),
                row(
                        SUMMARIZE,
                        "Cannot write the result: no output is named, expected --output PATH or --output-table NAME"),
                row(
                        NEW + "--output-table documents",
                        "Cannot write both --output DIR/new and --output-table documents: expected one of the two; leave"
                                + " one out"),
                row(NEW + "--limit 0", "Cannot use --limit: it is 0, expected a whole number from 1 up"),
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

    private static String faults() {
        try {
            return Path.of(RefusalsTest.class.getResource("/faults").toURI()).toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Arguments row(String command, String sentence) {
        return Arguments.of(command, sentence);
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void refuses(String command, String sentence) throws IOException {
        List<String> before = listing();

        TestCommands.Outcome outcome = commands.run(arguments(command));

        assertThat(outcome.err().strip()).matches(pattern(sentence));
        assertThat(outcome.status()).isEqualTo(2);
        assertThat(outcome.err())
                .doesNotContainPattern("Exception|org\\.apache|java\\.|io\\.github|SQLSTATE|\\[[A-Z]+_[A-Z_.]+\\]");
        assertThat(listing()).isEqualTo(before);
    }

    private static void write(String name, String content) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private static List<String> listing() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.map(Path::toString).sorted().toList();
        }
    }

    private static String[] arguments(String command) {
        return Arrays.stream(command.strip().split(" ", -1))
                .map(argument -> argument.replace("DIR", directory.toString())
                        .replace("FAULTS", FAULTS)
                        .replace("WAREHOUSE", TestCommands.WAREHOUSE.toString()))
                .toArray(String[]::new);
    }

    /** A word in capitals stands for what changes from run to run. */
    private static String pattern(String sentence) {
        List<String> parts = new ArrayList<>();
        for (String word : sentence.split("(?<=\\W)|(?=\\W)", -1)) {
            parts.add(
                    switch (word) {
                        case "DIR" -> java.util.regex.Pattern.quote(directory.toString());
                        case "FAULTS" -> java.util.regex.Pattern.quote(FAULTS);
                        case "WAREHOUSE" -> java.util.regex.Pattern.quote(TestCommands.WAREHOUSE.toString());
                        case "REST" -> "[^;]+";
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
