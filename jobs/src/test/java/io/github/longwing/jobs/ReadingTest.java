package io.github.longwing.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.compressors.CompressorException;
import org.apache.commons.compress.compressors.CompressorStreamFactory;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing that an input holds is lost in silence or changed: what cannot be read is a row that says why, or is counted. */
class ReadingTest {
    private static SparkSession spark;

    @TempDir
    private Path directory;

    private TestCommands commands;
    private TestCommands.Outcome outcome;
    private int outputs;

    @BeforeAll
    static void startSpark() {
        spark = TestCommands.spark();
    }

    @BeforeEach
    void prepare() {
        commands = TestCommands.in(directory.resolve("model"));
    }

    // ---- JSON

    @Test
    void allValuesOfAJsonFileAreRead() throws IOException {
        write(
                "one-line.json",
                "{\"id\":\"d\",\"text\":\"four\"}{\"id\":\"e\",\"text\":\"five\"} {\"id\":\"f\",\"text\":\"six\"}");

        assertThat(texts(fault("json-several-values")))
                .containsExactlyInAnyOrder(
                        "a: The first paper is about rivers and their floods.",
                        "b: The second paper is about bridges over them.",
                        "c: The third paper is about boats.");
        assertThat(texts(path("one-line.json"))).containsExactlyInAnyOrder("d: four", "e: five", "f: six");
    }

    @Test
    void idsAreStringsAsTheyAreWritten() {
        assertThat(texts(fault("json-big-ids")))
                .containsExactlyInAnyOrder("9007199254740993: Big id.", "1.50: Decimal id.", "null: No id.");
    }

    @Test
    void aKeyThatStandsTwiceIsMalformed() {
        assertThat(texts(fault("json-double-key"))).containsExactlyInAnyOrder("null: MalformedRecord", "b: three");
        assertThat(messages())
                .containsExactly("Cannot read line 1 of " + fault("json-double-key") + "/x.jsonl as JSON: the key text"
                        + " stands twice in one object, expected it once; it begins"
                        + " {\"id\":\"a\",\"text\":\"one\",\"text\":\"two\"}");
    }

    @Test
    void whatIsNotOfTheCharsetIsAnErrorRowWithItsPlace() {
        assertThat(texts(fault("jsonl-latin1"))).containsExactlyInAnyOrder("null: UndecodableText", "b: plain");
        assertThat(messages().get(0))
                .startsWith(
                        "Cannot read line 1 of " + fault("jsonl-latin1") + "/x.jsonl: byte 22 of the file is 0xE9,"
                                + " expected UTF-8 throughout; name the file's charset with --encoding; it begins {\"id\":\"a\"");
        assertThat(texts(fault("jsonl-latin1"), "--encoding", "windows-1252"))
                .containsExactlyInAnyOrder("a: Le résumé du café est court.", "b: plain");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE", "UTF-8"})
    void aByteOrderMarkNamesTheCharset(String charset) throws IOException {
        Files.write(
                directory.resolve("x.jsonl"),
                "\uFEFF{\"id\": \"ä\", \"text\": \"日本\"}\r\n{\"id\": \"b\", \"text\": \"two\"}\r\n"
                        .getBytes(Charset.forName(charset)));
        Files.write(directory.resolve("x.csv"), "\uFEFFid,text\nä,日本\n".getBytes(Charset.forName(charset)));
        Files.write(directory.resolve("x.txt"), "\uFEFF日本".getBytes(Charset.forName(charset)));

        assertThat(texts(path("x.jsonl"))).containsExactlyInAnyOrder("ä: 日本", "b: two");
        assertThat(texts(path("x.csv"))).containsExactly("ä: 日本");
        assertThat(texts(path("x.txt"))).containsExactly(path("x.txt") + ": 日本");
    }

    @Test
    void jsonInUtf16IsRead() {
        assertThat(texts(fault("jsonl-utf16")))
                .containsExactlyInAnyOrder(
                        "a: PowerShell wrote line a.", "b: PowerShell wrote line b.", "c: PowerShell wrote line c.");
    }

    @Test
    void afterAMalformedLineReadingGoesOnAtTheNext() throws IOException {
        write("x.jsonl", """
                {"id": "a", "text": "one"}
                {"id": "b", "text": "cut
                {"id": "c", "text": "two",}
                [1]
                no JSON
                {"id": "d", "text": "three"} rest
                {"id": "e", "text": "\\q"}

                {"id": "f", "text": "\\ud800"}
                {"id": "g", "text": "four"},
                null
                """);

        assertThat(texts(path("x.jsonl")))
                .containsExactlyInAnyOrder(
                        "a: one",
                        "null: MalformedRecord",
                        "null: MalformedRecord",
                        "null: MalformedRecord",
                        "null: MalformedRecord",
                        "d: three",
                        "null: MalformedRecord",
                        "null: MalformedRecord",
                        "null: MalformedRecord",
                        "g: four",
                        "null: MalformedRecord");
        assertThat(messages())
                .containsExactlyInAnyOrder(
                        malformed(
                                2,
                                "the line ends inside of a string, expected its closing quote",
                                "{\"id\": \"b\", \"text\": \"cut"),
                        malformed(3, "found }, expected a key in double quotes", "{\"id\": \"c\", \"text\": \"two\",}"),
                        malformed(4, "found 1, expected { and a record", "1]"),
                        malformed(5, "found n, expected { and a record", "no JSON"),
                        malformed(6, "found r, expected { and a record", "rest"),
                        malformed(
                                7,
                                "found q, expected an escape of JSON behind \\",
                                "{\"id\": \"e\", \"text\": \"\\q\"}"),
                        malformed(
                                9,
                                "found half of a surrogate pair (\\ud800), expected both",
                                "{\"id\": \"f\", \"text\": \"\\ud800\"}"),
                        malformed(11, "found n, expected { and a record", "null"));
        assertThat(outcome.out()).contains("Input: 1 file found, 1 read; 11 records found, 3 read, 8 malformed");
    }

    private String malformed(int line, String what, String beginning) {
        return "Cannot read line " + line + " of " + path("x.jsonl") + " as JSON: " + what + "; it begins " + beginning;
    }

    @Test
    void afterAMalformedRecordOverSeveralLinesReadingGoesOnAtTheNextBrace() throws IOException {
        String records = """
                  {
                    "id": "a",
                    "text": "one"
                  },
                  {
                    "id": "b",
                    "tags": [
                      {"name": "x"}
                    ],
                    "text" "no colon"
                  },
                  {
                    "id": "c",
                    "text": "two"
                  }
                """;
        write("array.json", "[\n" + records + "]\n");
        write("values.json", records);

        for (String file : List.of("array.json", "values.json")) {
            assertThat(texts(path(file))).containsExactlyInAnyOrder("a: one", "null: MalformedRecord", "c: two");
            assertThat(messages().get(0)).contains("as JSON: found \", expected :; it begins {");
        }
    }

    @Test
    void recordsBehindAMalformedOneOnTheSameLineAreRead() throws IOException {
        write(
                "a.json",
                "[{\"id\":\"a\",\"text\":\"one\"},{\"id\":\"b\" \"text\":{}},{\"id\":\"c\",\"text\":\"two\"},7,\"s, {\","
                        + "{\"id\":\"d\",\"text\":\"open},{\"id\":\"e\",\"text\":\"three\"},"
                        + "{\"id\":\"f\",\"text\":\"cut\",{\"id\":\"g\",\"text\":\"four\"}]");
        write("firehose.json", "{\"id\":\"a\",\"text\":\"one\"}{\"id\":\"b\",}{\"id\":\"c\",\"text\":\"two\"}");

        assertThat(texts(path("a.json")))
                .containsExactlyInAnyOrder(
                        "a: one",
                        "null: MalformedRecord",
                        "c: two",
                        "null: MalformedRecord",
                        "null: MalformedRecord",
                        "null: MalformedRecord",
                        "e: three",
                        "null: MalformedRecord",
                        "g: four");
        assertThat(outcome.out()).contains("9 records found, 4 read, 5 malformed");
        assertThat(texts(path("firehose.json"))).containsExactlyInAnyOrder("a: one", "null: MalformedRecord", "c: two");
    }

    @Test
    void aRecordThatNothingClosesIsNamedByTheLineThatItBeginsIn() throws IOException {
        write("x.csv", "id,text\n1,one\n2,\"open\n3,three\n4,four\n");
        write("y.csv", "id,text\n1,\"open\n2,two\n3,\"three\"\n");
        write("x.json", "{\n \"id\": \"a\",\n \"text\": \"one\"\n}\n{\n \"id\": \"b\",\n \"text\":\n");

        assertThat(texts(path("x.csv")))
                .containsExactlyInAnyOrder("1: one", "null: MalformedRecord", "3: three", "4: four");
        assertThat(messages())
                .containsExactly("Cannot read line 3 of " + path("x.csv")
                        + " as CSV: it opens a quote that nothing closes,"
                        + " expected a closing quote before the file ends; it begins 2,\"open");
        assertThat(texts(path("y.csv"))).containsExactlyInAnyOrder("null: MalformedRecord", "2: two", "3: three");
        assertThat(messages()).singleElement().asString().startsWith("Cannot read line 2 of ");
        assertThat(texts(path("x.json"))).containsExactlyInAnyOrder("a: one", "null: MalformedRecord");
        assertThat(messages())
                .containsExactly("Cannot read line 5 of " + path("x.json")
                        + " as JSON: the file ends inside of it, expected all of it; it begins {");
    }

    @Test
    void aCutArrayIsSaidSo() throws IOException {
        write("a.json", "[{\"id\": \"a\", \"text\": \"one\"}, {\"id\": \"b\", \"text\": \"two\"}");

        assertThat(texts(path("a.json"))).containsExactlyInAnyOrder("a: one", "b: two", "null: MalformedRecord");
        assertThat(messages().get(0)).contains("the file ends inside of an array, expected its ]; it may be cut");
    }

    @Test
    void longTextsAndDeepNestingAreRead() throws IOException {
        String text = "word" + " word".repeat((6 << 20) - 1);
        write("long.jsonl", "{\"id\": \"a\", \"text\": \"" + text + "\"}\n{\"id\": \"b\", \"text\": \"two\"}\n");
        write(
                "deep.jsonl",
                "{\"id\": \"a\", \"text\": \"one\", \"tree\": " + "[".repeat(5000) + "1.0" + "]".repeat(5000) + "}\n");

        assertThat(summaries(path("long.jsonl"))).containsExactlyInAnyOrder("a: " + (6 << 20) + " words", "b: 1 words");
        assertThat(texts(path("deep.jsonl"))).containsExactly("a: one");
    }

    @Test
    void keptColumnsHaveSparksTypesUnlessANumberWouldChange() throws IOException {
        write("x.jsonl", """
                {"id": "a", "text": "t", "year": 2020, "points": 0.5, "big": 9007199254740993, "long": 9007199254740993, "new": true, "meta": {"n": 1, "tags": ["x"]}, "nan": NaN}
                {"id": "b", "text": "t", "year": 2021, "points": 2, "big": 0.5, "long": 3, "new": null, "meta": {"m": "z"}, "nan": 1.0}
                """);

        run(path("x.jsonl"), "--keep-columns", "year,points,big,long,new,meta,nan");
        assertThat(output().schema().toDDL())
                .contains("year BIGINT", "points DOUBLE", "big STRING", "long BIGINT", "new BOOLEAN", "nan DOUBLE")
                .contains("meta STRUCT<m: STRING, n: BIGINT, tags: ARRAY<STRING>>");
        assertThat(output().selectExpr("concat_ws(' ', id, big, long, cast(nan as string), meta.tags)")
                        .collectAsList())
                .extracting(row -> row.getString(0))
                .containsExactlyInAnyOrder("a 9007199254740993 9007199254740993 NaN x", "b 0.5 3 1.0");
        assertThat(outcome.out()).contains("; kept as strings, since a number would change otherwise: big");
    }

    @Test
    void namesThatDifferByCaseHaveARemedy() throws IOException {
        write("x.jsonl", "{\"id\": \"a\", \"text\": \"one\", \"Text\": \"two\"}\n");

        assertThat(refused(path("x.jsonl")))
                .endsWith(
                        "2 columns of the input have that name, expected one; rename them before, or read Text and text"
                                + " as different columns with --conf spark.sql.caseSensitive=true");
        assertThat(texts(path("x.jsonl"), "--conf", "spark.sql.caseSensitive=true"))
                .containsExactly("a: one");
        spark.conf().unset("spark.sql.caseSensitive");
    }

    // ---- compression

    @Test
    void aCutGzipGivesWhatItHasAndSaysWhereItEnds() {
        assertThat(texts(fault("half-a-gz")))
                .containsExactlyInAnyOrder(
                        "a: The first note is about rain.",
                        "null: MalformedRecord",
                        "a: The first note is about rain.",
                        "b: The second note is about snow.");
        assertThat(messages().get(0))
                .startsWith("Cannot read " + fault("half-a-gz") + "/a.jsonl.gz behind line 2: its compressed data are"
                        + " damaged or cut (")
                .contains("), expected them whole; what stands before was read; it begins {\"id\": \"b\"");
    }

    @Test
    void zstandardIsRead() {
        assertThat(texts(fault("json-zst")))
                .containsExactlyInAnyOrder(
                        "a: Short story number a about a lighthouse.", "b: Short story number b about a lighthouse.");
    }

    @Test
    void compressedTextsAreDecompressed() {
        assertThat(texts(fault("text-gz")))
                .containsExactly(fault("text-gz") + "/x.txt.gz: A plain letter about the harvest, gzipped.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gz", "bzip2", "xz", "zstd", "lz4-framed", "snappy-framed"})
    void theFirstBytesTellTheCompressionWhateverTheName(String compression) throws IOException, CompressorException {
        for (String name : List.of("x.jsonl", "x.csv.gz")) {
            try (OutputStream stream = new CompressorStreamFactory()
                    .createCompressorOutputStream(compression, Files.newOutputStream(directory.resolve(name)))) {
                stream.write((name.equals("x.jsonl") ? "{\"id\": \"a\", \"text\": \"one\"}\n" : "id,text\na,one\n")
                        .getBytes(StandardCharsets.UTF_8));
            }
            assertThat(texts(path(name))).containsExactly("a: one");
        }
    }

    @Test
    void severalGzipFilesInOneAreOne() throws IOException {
        Files.write(
                directory.resolve("x.jsonl.gz"),
                concat(gzip("{\"id\": \"a\", \"text\": \"one\"}\n"), gzip("{\"id\": \"b\", \"text\": \"two\"}\n")));

        assertThat(texts(path("x.jsonl.gz"))).containsExactlyInAnyOrder("a: one", "b: two");
    }

    @Test
    void brotliAndArchivesAreRefusedInOneSentence() throws IOException {
        write("x.json.br", "?");

        assertThat(refused(path("x.json.br")))
                .isEqualTo("Cannot read --input " + path("x.json.br") + ": nothing here opens what its name ends in,"
                        + " expected a file as it is, or .gz, .bz2, .xz, .zst, .lz4 or .snappy; unpack it before");
    }

    // ---- CSV

    @Test
    void csvColumnsAreFoundByNameInEachFile() {
        assertThat(texts(fault("csv-column-order")))
                .containsExactlyInAnyOrder(
                        "a1: The first report is about rivers and their floods.",
                        "a2: The second report is about bridges.",
                        "b1: The third report is about tunnels under mountains.",
                        "b2: The fourth, with a comma, is about harbours.");
    }

    @Test
    void aCsvFileWithoutANeededColumnIsRefused() throws IOException {
        Files.createDirectory(directory.resolve("in"));
        write("in/a.csv", "id,text\na,one\n");
        write("in/b.csv", "id,body\nb,two\n");

        assertThat(refused(path("in")))
                .isEqualTo("Cannot read " + path("in/b.csv")
                        + ": its header has no column text (but id, body), expected" + " one as in " + path("in/a.csv")
                        + "; add it, or give the files to runs of their own");
    }

    @Test
    void surplusAndMissingFieldsAreMalformed() {
        assertThat(texts(fault("csv-surplus-field")))
                .containsExactlyInAnyOrder(
                        "null: MalformedRecord",
                        "2: No comma in this one.",
                        "null: MalformedRecord",
                        "4: She said \"yes\", and left.");
        assertThat(messages())
                .containsExactlyInAnyOrder(
                        "Cannot read line 2 of " + fault("csv-surplus-field")
                                + "/x.csv as CSV: it has 3 fields, expected"
                                + " 2 as in the header; a field with separators or line ends in it needs quotes; it begins"
                                + " 1,Hello there, this text has a comma and goes on about the price of corn.",
                        "Cannot read line 4 of " + fault("csv-surplus-field")
                                + "/x.csv as CSV: it has 1 field, expected 2"
                                + " as in the header; a field with separators or line ends in it needs quotes; it begins 3");
    }

    @Test
    void openQuotesAndBackslashesAreMalformedAndSwallowNothing() throws IOException {
        write("x.csv", "id,text\n1,\"open\n2,two\n3,\"She said \\\"yes\\\".\"\n4,four\n5,\"open again\n6,six\n");

        assertThat(texts(path("x.csv")))
                .containsExactlyInAnyOrder(
                        "null: MalformedRecord",
                        "2: two",
                        "null: MalformedRecord",
                        "4: four",
                        "null: MalformedRecord",
                        "6: six");
    }

    @Test
    void lineEndsInQuotesStayAsTheyAre() {
        assertThat(texts(fault("csv-crlf-in-field")))
                .containsExactly("1: Line one.\r\n\r\nLine two, with more.\r\nLine three has the answer here.");
    }

    @Test
    void csvInAnotherCharset() {
        assertThat(texts(fault("csv-latin1"))).containsExactly("null: UndecodableText");
        assertThat(texts(fault("csv-latin1"), "--encoding", "ISO-8859-1"))
                .containsExactly("1: Le résumé du café est très court.");
    }

    @Test
    void separatorsAndQuotesCanBeNamed() throws IOException {
        write("semi.csv", "id;text\n1;'one; two'\n");
        write("bars.csv", "id||text\n1||one | two\n");
        write("tab.csv", "id\ttext\n1\tone \"two\n");
        write("excel.csv", "sep=;\r\nid;text\r\n1;one, two\r\n");

        assertThat(texts(path("semi.csv"), "--csv-separator", ";", "--csv-quote", "'"))
                .containsExactly("1: one; two");
        assertThat(texts(path("bars.csv"), "--csv-separator", "||")).containsExactly("1: one | two");
        assertThat(texts(path("tab.csv"), "--csv-separator", "\\t", "--csv-quote", "none"))
                .containsExactly("1: one \"two");
        assertThat(texts(path("excel.csv"))).containsExactly("1: one, two");
        assertThat(refused(path("semi.csv")))
                .isEqualTo("Cannot read " + path("semi.csv") + ": its header is one column (id;text), expected several;"
                        + " name what stands between them with --csv-separator ';'");
        assertThat(refused(path("semi.csv"), "--encoding", "latin-99")).contains("Cannot use --encoding latin-99");
        assertThat(refused(path("semi.csv"), "--csv-quote", "''")).contains("expected one character, or none");
    }

    // ---- Parquet

    @Test
    void parquetIdsOfDifferentTypesAreStrings() {
        assertThat(texts(fault("parquet-id-types"))).hasSize(2).allSatisfy(row -> assertThat(row)
                .doesNotContain("Malformed"));
        assertThat(output().schema().apply("id").dataType().simpleString()).isEqualTo("string");
    }

    @Test
    void parquetColumnsOfDifferentTypesAreRefused() {
        spark.sql("SELECT 'a' AS id, 'one' AS text, 1 AS n").write().parquet(path("in/a"));
        spark.sql("SELECT 'b' AS id, 'two' AS text, 'x' AS n").write().parquet(path("in/b"));

        assertThat(texts(path("in"))).containsExactlyInAnyOrder("a: one", "b: two");
        assertThat(refused(path("in"), "--keep-columns", "n"))
                .startsWith("Cannot read column n: it is int in " + path("in/a/part-"))
                .contains(" and string in " + path("in/b/part-"))
                .endsWith(", expected one type; write one of them again, or give the files to runs of their own");
    }

    @Test
    void parquetTimestampsInNanosecondsHurtOnlyWhoAsksForThem() {
        String[] names = {"id", "text"};
        assertThat(texts(fault("parquet-nanoseconds"))).isNotEmpty();
        String other = java.util.Arrays.stream(spark.read()
                        .option("mergeSchema", false)
                        .parquet(nanosecondsAsLong())
                        .columns())
                .filter(name -> !List.of(names).contains(name))
                .findFirst()
                .orElseThrow();
        spark.conf().unset("spark.sql.legacy.parquet.nanosAsLong");
        assertThat(refused(fault("parquet-nanoseconds"), "--keep-columns", other))
                .contains("it has timestamps in nanoseconds, expected microseconds; read them as numbers with --conf"
                        + " spark.sql.legacy.parquet.nanosAsLong=true");
    }

    private static String nanosecondsAsLong() {
        spark.conf().set("spark.sql.legacy.parquet.nanosAsLong", "true");
        return fault("parquet-nanoseconds");
    }

    @Test
    void emptyAndDamagedParquetFilesAreErrorRows() throws IOException {
        spark.sql("SELECT 'a' AS id, 'one' AS text").write().parquet(path("in"));
        write("in/empty.parquet", "");
        write("in/damaged.parquet", "PAR1 and no more");

        assertThat(texts(path("in")))
                .containsExactlyInAnyOrder("a: one", "null: UnreadableFile", "null: UnreadableFile");
        assertThat(messages())
                .anyMatch(m -> m.startsWith("Cannot read " + path("in/empty.parquet") + ": it is empty, expected"))
                .anyMatch(m ->
                        m.startsWith("Cannot read " + path("in/damaged.parquet") + ": its footer cannot be read ("));
        assertThat(outcome.out()).contains("3 records found, 1 read, 2 malformed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"parquet", "orc", "avro"})
    void aFileThatIsDamagedInsideIsAnErrorRowAndTheOthersAreRead(String format) throws IOException {
        String text = "concat_ws(' ', transform(sequence(1, 40), n -> sha2(cast(n * 7919 + id as string), 256)))";
        spark.range(3000)
                .selectExpr("cast(id as string) AS id", text + " AS text", "id AS other")
                .coalesce(1)
                .write()
                .format(format)
                .save(path("damaged"));
        spark.sql("SELECT 'a' AS id, 'one' AS text, 1L AS other")
                .write()
                .format(format)
                .save(path("whole"));
        Path damaged = onlyFile("damaged", format);
        byte[] bytes = Files.readAllBytes(damaged);
        for (int i = bytes.length / 2; i < bytes.length / 2 + 4000; i++) {
            bytes[i] ^= 0x5A;
        }
        Files.delete(damaged);
        Path mended = Files.write(damaged.resolveSibling("d." + format), bytes);
        Files.deleteIfExists(damaged.resolveSibling("." + damaged.getFileName() + ".crc"));

        run(path("damaged"), "--input", path("whole"));
        assertThat(messages())
                .singleElement()
                .asString()
                .startsWith("Cannot read " + mended + ": its data cannot be read behind row ")
                .endsWith("), expected a whole file of its format; write it again, or leave it out");
        assertThat(output().selectExpr("coalesce(id, error.class)").collectAsList())
                .extracting(row -> row.getString(0))
                .containsExactlyInAnyOrder("a", "UnreadableFile");
        assertThat(outcome.out())
                .contains(", 2 read, 5 left out (5 with a hidden name); 2 records found, 1 read, 1 malformed");
        run(path("damaged"), "--on-error", "dropmalformed");
        assertThat(output().count()).isZero();
        assertThat(run(path("damaged"), "--on-error", "failfast").status()).isEqualTo(1);
        assertThat(outcome.err()).contains("(UnreadableFile): Cannot read " + mended);
    }

    @ParameterizedTest
    @ValueSource(strings = {"parquet", "orc", "avro"})
    void filesWhoseColumnsDoNotFitAreRefused(String format) throws IOException {
        save(format, "in/a", "SELECT 'a' AS id, 'one' AS text, 1 AS n, 'q' AS question");
        save(format, "in/b", "SELECT 'b' AS id, 'two' AS text, 'x' AS n");
        save(format, "ids/a", "SELECT 1 AS id, 'one' AS text");
        save(format, "ids/b", "SELECT 'b' AS id, 'two' AS text");

        assertThat(texts(path("in"))).containsExactlyInAnyOrder("a: one", "b: two");
        assertThat(texts(path("ids"))).containsExactlyInAnyOrder("1: one", "b: two");
        assertThat(refused(path("in"), "--keep-columns", "n"))
                .startsWith("Cannot read column n: it is int in " + path("in/a/part-"))
                .contains(" and string in " + path("in/b/part-"));
        assertThat(refused(path("in"), "--keep-columns", "question"))
                .startsWith("Cannot read " + path("in/b/part-"))
                .endsWith(": it has no column question, which others have, expected one; add it, or give the files to"
                        + " runs of their own");
    }

    @ParameterizedTest
    @ValueSource(strings = {"parquet", "orc", "avro"})
    void partitionFoldersOfSparksFormatsAreStringsToo(String format) {
        spark.sql("SELECT '007' AS id, 'one' AS text UNION ALL SELECT 'a:b c%', 'two'")
                .write()
                .partitionBy("id")
                .format(format)
                .save(path("in"));

        assertThat(texts(path("in"))).containsExactlyInAnyOrder("007: one", "a:b c%: two");
    }

    // ---- texts and folders

    @Test
    void foldersAreReadAtAnyDepth() {
        String folder = fault("nested-folders");

        assertThat(texts(folder))
                .containsExactlyInAnyOrder(
                        folder + "/top.txt: A letter from the top of the folder about sheep.\n",
                        folder + "/2019/year.txt: A letter from the year 2019 about goats.\n",
                        folder + "/2019/jan/month.txt: A letter from January about cows.\n");
        assertThat(outcome.out()).contains("Input: 3 files found, 3 read");
    }

    @Test
    void partitionFoldersAreColumnsOfStrings() {
        assertThat(texts(fault("partition-leading-zeros"), "--id-column", "doc_id"))
                .containsExactlyInAnyOrder(
                        "007: The seventh agent writes about ships.", "010: The tenth agent writes about trains.");
        assertThat(refused(fault("partition-leading-zeros")))
                .as("the columns that a user can name")
                .contains("expected one of the columns that the input has (text, doc_id)");
    }

    @Test
    void aPartitionFolderThatHidesAColumnIsRefused() throws IOException {
        Files.createDirectories(directory.resolve("in/id=5"));
        write("in/id=5/a.jsonl", "{\"id\": \"a\", \"text\": \"one\"}\n");

        assertThat(refused(path("in")))
                .isEqualTo(
                        "Cannot read " + path("in/id=5/a.jsonl") + ": its folder gives a column id and its records have"
                                + " a column id, expected names that differ; rename the folder, or name the files themselves"
                                + " with --input");
    }

    @Test
    void partitionFoldersOfDifferentKeysAreRefused() {
        String folder = fault("partition-conflict");

        assertThat(refused(folder))
                .isEqualTo(
                        "Cannot read the input: " + folder + "/year=2020/b.jsonl lies in folders of year and " + folder
                                + "/lang=en/a.jsonl in folders of lang, expected the same key=value folders for all files; give"
                                + " them to runs of their own");
    }

    @Test
    void whatIsLeftOutIsCounted() throws IOException {
        Path in = Files.createDirectories(directory.resolve("in/_temporary")).getParent();
        write("in/a.jsonl", "{\"id\": \"a\", \"text\": \"one\"}\n");
        write("in/_notes.jsonl", "{\"id\": \"b\", \"text\": \"two\"}\n");
        write("in/_temporary/x.jsonl", "{\"id\": \"x\", \"text\": \"three\"}\n");
        write("in/.hidden", "?");
        write("in/empty.jsonl", "");
        write("in/LICENSE", "?");
        Files.createSymbolicLink(in.resolve("gone.jsonl"), in.resolve("nowhere"));
        Files.createSymbolicLink(in.resolve("loop"), in);

        assertThat(texts(path("in"))).containsExactly("a: one");
        assertThat(outcome.out())
                .contains(
                        "Input: 8 files found, 1 read, 7 left out (3 with a hidden name, 1 a link to nothing, 1 a link"
                                + " to a folder above it, 1 empty, 1 of an unknown type); 1 record found, 1 read, 0 malformed");
        assertThat(texts(path("in/*.jsonl"))).containsExactly("a: one");
        assertThat(texts(path("in/_notes.jsonl"))).containsExactly("b: two");
        assertThat(run(path("in"), "--dry-run").out()).contains("Input: 8 files found, 1 read");
    }

    @Test
    void aLimitIsSaidBesideTheNumbersOfTheWholeInput() throws IOException {
        write("x.jsonl", "{\"id\": \"a\", \"text\": \"one\"}\n".repeat(3));

        assertThat(texts(path("x.jsonl"), "--limit", "2")).hasSize(2);
        assertThat(outcome.out())
                .contains(
                        "Input: 1 file found, 1 read; 3 records found, 3 read, 0 malformed; of all these --limit takes"
                                + " the first 2\n");
        assertThat(run(path("x.jsonl"), "--limit", "2", "--dry-run").out()).contains("--limit takes the first 2\n");
        texts(path("x.jsonl"), "--limit", "3");
        assertThat(outcome.out()).doesNotContain("--limit");
    }

    @Test
    void emptyAndArraysTogether() {
        assertThat(texts(fault("array-beside-empty")))
                .containsExactlyInAnyOrder("a: One of an array.", "b: Two of an array.");
    }

    @Test
    void filesWithoutRecordsAreNoError() throws IOException {
        write("empty.jsonl", "");
        write("header.csv", "id,text\n");

        assertThat(texts(path("empty.jsonl"))).isEmpty();
        assertThat(texts(path("header.csv"))).isEmpty();
    }

    @Test
    void oddNamesAreRead() throws IOException {
        Path in = Files.createDirectory(directory.resolve("in"));
        for (String name : List.of("col:on.txt", "a b%20+é.txt", "[x]{y}*.txt", "?.txt")) {
            Files.writeString(in.resolve(name), "one");
        }

        assertThat(texts(path("in")))
                .containsExactlyInAnyOrder(
                        in + "/col:on.txt: one",
                        in + "/a b%20+é.txt: one",
                        in + "/[x]{y}*.txt: one",
                        in + "/?.txt: one");
        assertThat(texts(path("in") + "/*")).hasSize(4);
        assertThat(commands.run("embed", "--input", in + "/*", "--output", in.toString(), "--mode", "overwrite")
                        .err())
                .startsWith(
                        "Cannot overwrite --output " + in + " (" + in + "): the input " + in + " is the same place");
        assertThat(texts(in.toUri().toString(), "--format", "text")).hasSize(4);
    }

    @Test
    void emptyPathsAndFoldersAreRefused() throws IOException {
        Files.createDirectory(directory.resolve("in"));

        assertThat(refused("")).startsWith("Cannot read --input '': it is empty, expected a path");
        assertThat(refused("  ")).startsWith("Cannot read --input '  ': it is empty, expected a path");
        assertThat(refused(path("in")))
                .startsWith("Cannot read --input " + path("in") + ": there is no file in it, expected documents");
    }

    @Test
    void documentsForPeopleNeedTheirFormat() throws IOException {
        Files.createDirectory(directory.resolve("in"));
        write("in/a.txt", "one");
        write("in/b.pdf", "%PDF-1.4");

        assertThat(refused(path("in")))
                .isEqualTo(
                        "Cannot read --input " + path("in/b.pdf") + " without a format: its name is that of a document"
                                + " for people, expected --format binaryFile, which reads PDF, HTML, Word and text files; name it");
    }

    @Test
    void errorPoliciesHoldForRecordsThatCannotBeRead() throws IOException {
        write("x.jsonl", "{\"id\": \"a\", \"text\": \"one\"}\n{\"id\": \"b\", \"te\n");

        assertThat(texts(path("x.jsonl"), "--on-error", "dropmalformed")).containsExactly("a: one");
        TestCommands.Outcome failfast = run(path("x.jsonl"), "--on-error", "failfast");
        assertThat(failfast.status()).isEqualTo(1);
        assertThat(failfast.err()).contains("(MalformedRecord): Cannot read line 2 of " + path("x.jsonl"));
    }

    @Test
    void aLargeFileIsReadInPartsAtItsLines() throws IOException {
        int count = 2_000;
        String filler = "é".repeat(2_200);
        write(
                "large.jsonl",
                IntStream.range(0, count)
                        .mapToObj(i ->
                                i == 1_600 ? "{broken" : "{\"id\": " + i + ", \"text\": \"t" + i + " " + filler + "\"}")
                        .collect(Collectors.joining("\n", "", "\n")));

        run(path("large.jsonl"));
        assertThat(output().count()).isEqualTo(count);
        assertThat(output().where("error is null").select("id").distinct().count())
                .isEqualTo(count - 1);
        assertThat(messages()).singleElement().asString().startsWith("Cannot read line 1601 of ");
        assertThat(outcome.out()).contains("2,000 records found, 1,999 read, 1 malformed");
    }

    @Test
    void damagedCompressionIsFoundInEveryFormat() throws IOException, CompressorException {
        byte[] csv = gzip("id,text\na,one\nb," + "two ".repeat(9) + "\n");
        Files.write(directory.resolve("x.csv.gz"), Arrays.copyOf(csv, csv.length - 12));
        byte[] text = gzip("one two three four five");
        Files.write(directory.resolve("x.txt.gz"), Arrays.copyOf(text, text.length - 9));
        ByteArrayOutputStream bzip = new ByteArrayOutputStream();
        try (OutputStream stream = new CompressorStreamFactory().createCompressorOutputStream("bzip2", bzip)) {
            stream.write("{\"id\": \"a\", \"text\": \"one\"}\n".repeat(50_000).getBytes(StandardCharsets.UTF_8));
        }
        Files.write(directory.resolve("x.jsonl.bz2"), Arrays.copyOf(bzip.toByteArray(), bzip.size() - 60));

        assertThat(texts(path("x.csv.gz"))).containsExactlyInAnyOrder("a: one", "null: MalformedRecord");
        assertThat(texts(path("x.txt.gz"))).containsExactly(path("x.txt.gz") + ": MalformedRecord");
        assertThat(texts(path("x.jsonl.bz2"))).contains("null: MalformedRecord");
    }

    @Test
    void aNamedFormatReadsFilesOfAnyName() throws IOException {
        Files.createDirectory(directory.resolve("in"));
        write("in/part-00000", "{\"id\": \"a\", \"text\": \"one\"}\n");
        write("in/_SUCCESS", "");

        assertThat(texts(path("in"), "--format", "json")).containsExactly("a: one");
        assertThat(texts(path("in") + "/*", "--format", "json")).containsExactly("a: one");
    }

    @Test
    void theFileOfARecordCanBeKept() throws IOException {
        write("x.jsonl", "{\"id\": \"a\", \"text\": \"one\"}\n");

        run(path("x.jsonl"), "--keep-columns", "_metadata.file_name");
        assertThat(output().select("file_name").first().getString(0)).isEqualTo("x.jsonl");
    }

    @Test
    void nothingInTheNameOfAFolderIsNull() throws IOException {
        Files.createDirectories(directory.resolve("in/lang=__HIVE_DEFAULT_PARTITION__"));
        Files.createDirectories(directory.resolve("in/lang=a%3Ab"));
        write("in/lang=__HIVE_DEFAULT_PARTITION__/x.jsonl", "{\"id\": \"a\", \"text\": \"one\"}\n");
        write("in/lang=a%3Ab/x.jsonl", "{\"id\": \"b\", \"text\": \"two\"}\n");
        write("in/x.jsonl", "{\"id\": \"c\", \"text\": \"three\"}\n");

        run(path("in"), "--keep-columns", "lang");
        assertThat(output().selectExpr("concat(id, ' ', coalesce(lang, 'null'))")
                        .collectAsList())
                .extracting(row -> row.getString(0))
                .containsExactlyInAnyOrder("a null", "b a:b", "c null");
    }

    @Test
    void utf16WithoutAMarkIsNoText() throws IOException {
        Files.write(directory.resolve("x.txt"), "one two".getBytes(StandardCharsets.UTF_16LE));

        assertThat(texts(path("x.txt"))).containsExactly(path("x.txt") + ": UndecodableText");
        assertThat(texts(path("x.txt"), "--encoding", "UTF-16LE")).containsExactly(path("x.txt") + ": one two");
    }

    @Test
    void aHeaderWithAColumnTwiceIsAnErrorRow() throws IOException {
        write("x.csv", "id,text,text\na,one,two\n");

        assertThat(texts(path("x.csv"))).containsExactly("null: MalformedRecord");
        assertThat(messages())
                .containsExactly("Cannot read the header of " + path("x.csv") + ": the column text stands in"
                        + " it twice, expected names that differ; rename one");
    }

    // ---- helpers

    private static String fault(String name) {
        try {
            return Path.of(ReadingTest.class.getResource("/faults/" + name).toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream stream = new GZIPOutputStream(bytes)) {
            stream.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    private static byte[] concat(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    private void write(String name, String content) throws IOException {
        Files.writeString(directory.resolve(name), content);
    }

    private void save(String format, String name, String query) {
        spark.sql(query).write().format(format).save(path(name));
    }

    private Path onlyFile(String folder, String format) throws IOException {
        try (var files = Files.list(directory.resolve(folder))) {
            return files.filter(file -> file.toString().endsWith("." + format))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private String path(String name) {
        return directory + "/" + name;
    }

    private TestCommands.Outcome run(String input, String... more) {
        outputs++;
        List<String> arguments =
                new ArrayList<>(List.of("summarize", "--input", input, "--output", path("out-" + outputs), "--quiet"));
        arguments.addAll(List.of(more));
        outcome = commands.run(arguments.toArray(String[]::new));
        return outcome;
    }

    private org.apache.spark.sql.Dataset<Row> output() {
        assertThat(outcome.status()).as(outcome.err()).isZero();
        return spark.read().parquet(path("out-" + outputs));
    }

    /** Id and text of each row, or the class of its error. */
    private List<String> texts(String input, String... more) {
        List<String> arguments = new ArrayList<>(List.of("--keep-columns", "text"));
        arguments.addAll(List.of(more));
        run(input, arguments.toArray(String[]::new));
        return output().collectAsList().stream()
                .map(row -> row.get(0) + ": "
                        + (row.isNullAt(row.fieldIndex("error"))
                                ? row.<String>getAs("text")
                                : row.<Row>getAs("error").getString(0)))
                .toList();
    }

    private List<String> summaries(String input) {
        run(input);
        return output().selectExpr("concat(id, ': ', summary)").collectAsList().stream()
                .map(row -> row.getString(0))
                .toList();
    }

    private List<String> messages() {
        return output().where("error is not null").selectExpr("error.message").collectAsList().stream()
                .map(row -> row.getString(0))
                .toList();
    }

    private String refused(String input, String... more) {
        run(input, more);
        assertThat(outcome.status()).as(outcome.err()).isEqualTo(2);
        assertThat(outcome.err().lines()).hasSize(1);
        return outcome.err().strip();
    }
}
