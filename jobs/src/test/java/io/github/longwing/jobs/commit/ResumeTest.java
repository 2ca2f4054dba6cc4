package io.github.longwing.jobs.commit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.longwing.jobs.TestCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The same command again does only what is missing. */
class ResumeTest {
    private static SparkSession spark;

    @TempDir
    private Path directory;

    private TestCommands commands;
    private Path input;
    private Path output;

    @BeforeAll
    static void startSpark() {
        spark = TestCommands.spark();
    }

    @BeforeEach
    void writeInput() throws IOException {
        commands = TestCommands.in(directory.resolve("small"));
        input = Files.createDirectories(directory.resolve("in"));
        output = directory.resolve("out");
        write("a", IntStream.range(0, 20).mapToObj(i -> "{\"id\": \"a" + i + "\", \"text\": \"a text of " + i + "\"}"));
    }

    @Test
    void doesNothingWhereAllIsDone() throws IOException {
        assertThat(run().out()).contains("20 documents (0 errors)");
        Map<String, FileTime> before = parquetFiles();

        TestCommands.Outcome again = run();

        assertThat(again.status()).isZero();
        assertThat(again.out())
                .isEqualToIgnoringNewLines(output + " is complete: 20 documents (0 errors); nothing was left to do");
        assertThat(parquetFiles()).isEqualTo(before);
    }

    @Test
    void readsNoDocumentWhereAllIsDone() throws IOException {
        run();
        Path file = input.resolve("a.jsonl");
        FileTime time = Files.getLastModifiedTime(file);
        Files.write(file, new byte[(int) Files.size(file)]);
        Files.setLastModifiedTime(file, time);

        TestCommands.Outcome again = run();

        assertThat(again.out()).as(again.err()).contains(" is complete: 20 documents (0 errors)");
    }

    @Test
    void isOneSliceWhereTheRunIsShort() throws IOException {
        run();

        assertThat(parquetFiles()).hasSize(1);
        assertThat(files("slices")).hasSize(1);
    }

    @Test
    void leavesNothingBelowItsDirectoryThatReadersTakeForRows() throws IOException {
        run("--slice-minutes", "0.0001");

        try (Stream<Path> all = Files.walk(output.resolve(RunLog.NAME))) {
            assertThat(all.map(Path::toString)).noneMatch(name -> name.endsWith(".parquet"));
        }
        assertThat(Files.exists(output.resolve(RunLog.NAME + "/stage"))).isFalse();
        assertThat(Files.exists(output.resolve(RunLog.NAME + "/lease.json"))).isFalse();
    }

    @Test
    void computesWhatAHigherLimitAdds() throws IOException {
        run("--limit", "5");
        List<String> first = ids();

        TestCommands.Outcome more = run("--limit", "12");

        assertThat(more.out()).contains("7 documents (0 errors)", "With earlier runs it has 12 documents (0 errors)");
        assertThat(ids()).hasSize(12).doesNotHaveDuplicates().containsAll(first);
    }

    @Test
    void completesARunThatWasKilledBetweenTwoSlices() throws IOException {
        run("--slice-minutes", "0.0001");
        assertThat(files("slices").size()).as("slices").isGreaterThan(1);
        forgetSlicesButTheFirst();
        int left = ids().size();

        TestCommands.Outcome again = run();

        assertThat(again.out()).contains((20 - left) + " documents (0 errors)");
        assertThat(ids()).hasSize(20).doesNotHaveDuplicates();
    }

    @Test
    void endsASliceThatAProcessBeganAndDidNotEnd() throws IOException {
        run();
        Path part = output.resolve(parquetFiles().keySet().iterator().next());
        Path slice = files("slices").get(0);
        String staged = RunLog.NAME + "/stage/" + Files.readString(slice).replaceAll("(?s).*stage/([^\"]+)\".*", "$1");
        Files.createDirectories(output.resolve(staged).getParent());
        Files.move(part, output.resolve(staged));

        TestCommands.Outcome again = run();

        assertThat(again.out()).contains("is complete: 20 documents");
        assertThat(ids()).hasSize(20);
    }

    @Test
    void keepsTheNumberOfEqualDocumentsAndThoseWithoutAnId() throws IOException {
        write(
                "b",
                Stream.of(
                        "{\"id\": null, \"text\": \"none\"}",
                        "{\"id\": null, \"text\": \"none\"}",
                        "{\"id\": null, \"text\": \"other\"}"));
        run("--slice-minutes", "0.0001");
        forgetSlicesButTheFirst();

        run();

        assertThat(ids()).hasSize(23);
        assertThat(rows().stream().filter(row -> row.isNullAt(0))).hasSize(3);
    }

    @Test
    void takesSeveralColumnsAsTheId() throws IOException {
        write(
                "a",
                Stream.of(
                        "{\"book\": 1, \"page\": \"x\", \"text\": \"one\"}",
                        "{\"book\": 1, \"page\": null, \"text\": \"one\"}",
                        "{\"book\": 2, \"page\": \"x\", \"text\": \"one\"}"));

        run("--id-column", "book,page", "--limit", "2");
        run("--id-column", "book,page");

        assertThat(spark.read()
                        .parquet(output.toString())
                        .select("book", "page")
                        .distinct()
                        .count())
                .isEqualTo(3);
        assertThat(rows()).hasSize(3);
    }

    @Test
    void refusesAnInputThatHasChanged() throws IOException {
        run();
        write("b", Stream.of("{\"id\": \"b\", \"text\": \"more\"}"));

        TestCommands.Outcome again = run();

        assertThat(again.status()).isEqualTo(2);
        assertThat(again.err())
                .contains("Cannot go on with " + output + ": 1 file of the input is new, changed or gone since run ")
                .contains("--incremental");
        assertThat(ids()).hasSize(20);
    }

    @ParameterizedTest
    @CsvSource({
        "--num-beams, 3, --num-beams was 5 and is 3",
        "--max-new-tokens, 7, --max-new-tokens was not set and is 7",
        "--text-column, id, --text-column was text and is id",
        "--on-error, dropmalformed, --on-error was permissive and is dropmalformed"
    })
    void namesTheOptionThatDiffers(String option, String value, String difference) {
        run("--num-beams", "5");

        TestCommands.Outcome again =
                option.equals("--num-beams") ? run(option, value) : run("--num-beams", "5", option, value);

        assertThat(again.status()).isEqualTo(2);
        assertThat(again.err()).contains("Cannot go on with " + output + ": ").contains(difference);
    }

    @Test
    void goesOnWhereOnlyTheWayOfWorkingDiffers() {
        run("--limit", "5");

        TestCommands.Outcome again =
                run("--max-errors", "3", "--conf", "spark.sql.shuffle.partitions=3", "--slice-minutes", "1", "--quiet");

        assertThat(again.status()).as(again.err()).isZero();
        assertThat(ids()).hasSize(20);
    }

    @Test
    void refusesALimitThatIsLowerThanBefore() {
        run("--limit", "5");

        TestCommands.Outcome again = run("--limit", "3");

        assertThat(again.status()).isEqualTo(2);
        assertThat(again.err()).contains("limit was 5 and is 3");
    }

    @Test
    void refusesADirectoryThatNoRunHasMade() throws IOException {
        Files.createDirectories(output);
        Files.writeString(output.resolve("notes.txt"), "mine");

        TestCommands.Outcome outcome = run();

        assertThat(outcome.status()).isEqualTo(2);
        assertThat(outcome.err()).contains("it exists already and has no record of a run");
        assertThat(output.resolve("notes.txt")).hasContent("mine");
    }

    @Test
    void namesAFileThatIsMissingOrChanged() throws IOException {
        run();
        Path part = output.resolve(parquetFiles().keySet().iterator().next());
        byte[] bytes = Files.readAllBytes(part);

        Files.delete(part);
        assertThat(run().err()).contains(part.getFileName() + " of slice ").contains(" is missing, expected ");

        Files.write(part, new byte[] {1, 2, 3});
        assertThat(run().err()).contains(" is 3 bytes long, expected " + bytes.length + " bytes");
        assertThat(part).as("nothing is deleted").hasBinaryContent(new byte[] {1, 2, 3});
    }

    @Test
    void namesARecordThatIsDamaged() throws IOException {
        run();
        Path slice = files("slices").get(0);
        Files.writeString(slice, "{\"run\": ");

        TestCommands.Outcome again = run();

        assertThat(again.status()).isEqualTo(2);
        assertThat(again.err()).contains(slice + " is damaged");
    }

    @Test
    void namesAFileOfRowsThatIsOfNoRun() throws IOException {
        run();
        Files.copy(output.resolve(parquetFiles().keySet().iterator().next()), output.resolve("part-copy.parquet"));

        TestCommands.Outcome again = run();

        assertThat(again.status()).isEqualTo(2);
        assertThat(again.err()).contains("it holds part-copy.parquet, which is of no run");
    }

    @Test
    void refusesToWriteBesideARunThatLives() throws IOException {
        RunLog log = log();
        Lease held = Lease.take(log, "other", line -> {});
        try (held) {
            TestCommands.Outcome outcome = run();

            assertThat(outcome.status()).isEqualTo(2);
            assertThat(outcome.err())
                    .contains("Cannot write " + output + ": run other on ")
                    .contains("(process " + ProcessHandle.current().pid());
        }
        assertThat(run().status()).isZero();
    }

    @Test
    void takesALeaseThatAProcessMadeAndDidNotWrite() throws IOException {
        Path lease = Files.createDirectories(output.resolve(RunLog.NAME)).resolve("lease.json");
        Files.createFile(lease);

        TestCommands.Outcome outcome = run();

        assertThat(outcome.status()).as(outcome.err()).isZero();
        assertThat(lease).doesNotExist();
    }

    @Test
    void takesOverFromAProcessThatLivesNoMore() throws Exception {
        Process process = new ProcessBuilder("true").start();
        process.waitFor();
        Path lease = Files.createDirectories(output.resolve(RunLog.NAME)).resolve("lease.json");
        ProcessIdentity me = ProcessIdentity.current();
        Files.writeString(
                lease,
                RunLog.json(new Lease.Holder(
                        "dead",
                        new ProcessIdentity(me.host(), process.pid(), "1970-01-01T00:00:00Z"),
                        "2999-01-01T00:00:00Z")));

        assertThat(run().status()).isZero();
    }

    @Test
    void writesDirectoriesForThePartitionColumns() throws IOException {
        write(
                "a",
                Stream.of(
                        "{\"id\": 1, \"text\": \"one\", \"lang\": \"de\"}",
                        "{\"id\": 2, \"text\": \"two\", \"lang\": \"a/b =c\"}",
                        "{\"id\": 3, \"text\": \"three\", \"lang\": null}"));

        run("--keep-columns", "lang", "--partition-by", "lang", "--limit", "2");
        run("--keep-columns", "lang", "--partition-by", "lang");

        Map<String, String> langs = new TreeMap<>();
        spark.read()
                .parquet(output.toString())
                .collectAsList()
                .forEach(row -> langs.put(row.getAs("id"), String.valueOf(row.<String>getAs("lang"))));
        assertThat(langs).isEqualTo(Map.of("1", "de", "2", "a/b =c", "3", "null"));
    }

    @Test
    void appendsAgainWhatWasAppendedAndCompletesWhatWasNot() throws IOException {
        run();

        assertThat(run("--mode", "append").status()).isZero();
        assertThat(ids()).hasSize(40);
        assertThat(run().out()).contains("is complete: 40 documents");
        assertThat(run("--mode", "append").status()).isZero();
        assertThat(ids()).hasSize(60);
    }

    @Test
    void writesAnEmptyOutputThatReadersRead() throws IOException {
        write("a", Stream.of("{\"id\": \"bad\", \"text\": \"\"}"));

        assertThat(run("--on-error", "dropmalformed").status()).isZero();

        assertThat(spark.read().parquet(output.toString()).columns()).contains("summary", "fingerprint");
    }

    @Test
    void replacesTheRowsOfChangedDocumentsAndAddsNewOnes() throws IOException {
        run("--slice-minutes", "0.0001");
        write(
                "a",
                Stream.of(
                        "{\"id\": \"a1\", \"text\": \"quite another text\"}",
                        "{\"id\": \"a2\", \"text\": \"a text of 2\"}"));
        write("b", Stream.of("{\"id\": \"b\", \"text\": \"new\"}"));

        TestCommands.Outcome outcome = run("--incremental");

        assertThat(outcome.status()).as(outcome.err()).isZero();
        assertThat(outcome.out()).contains("2 documents (0 errors)");
        assertThat(ids())
                .as("those that are gone stay")
                .hasSize(21)
                .doesNotHaveDuplicates()
                .contains("b", "a3");
        assertThat(summaries()).containsEntry("a1", "3 words").containsEntry("a2", "4 words");
        assertThat(run().out()).contains("is complete: 21 documents");
    }

    @Test
    void removesTheRowsOfDocumentsThatAreGoneOnRequest() throws IOException {
        write("b", Stream.of("{\"id\": null, \"text\": \"x\"}", "{\"id\": null, \"text\": \"x\"}"));
        run("--slice-minutes", "0.0001");
        write("a", Stream.of("{\"id\": \"a2\", \"text\": \"a text of 2\"}"));
        write("b", Stream.of("{\"id\": null, \"text\": \"x\"}"));

        run("--incremental", "--prune");

        assertThat(ids()).containsExactlyInAnyOrder("a2", null);
        assertThat(run("--incremental").out()).contains("is complete: 2 documents");
    }

    @Test
    void computesRowsWithAnErrorAgainOnRequest() throws IOException {
        write("b", Stream.of("{\"id\": \"b\", \"text\": \"fail\"}"));
        assertThat(run().out()).contains("21 documents (1 error)");

        TestCommands.Outcome again = run("--retry-errors");

        assertThat(again.out()).contains("1 document (1 error)", "it has 21 documents (1 error)");
        assertThat(ids()).hasSize(21).doesNotHaveDuplicates();
    }

    @Test
    void endsAReplacementThatWasKilledAlsoWhereNobodyAsksForOne() throws IOException {
        run("--slice-minutes", "0.0001");
        Map<String, byte[]> before = contents();
        write("a", Stream.of("{\"id\": \"a1\", \"text\": \"quite another text\"}"));
        assertThat(run("--incremental").status()).isZero();
        undoTheRemoval(before);
        assertThat(ids().stream().filter("a1"::equals))
                .as("rows of the changed document")
                .hasSize(2);

        TestCommands.Outcome again = run();

        assertThat(again.status()).as(again.err()).isZero();
        assertThat(ids()).hasSize(20).doesNotHaveDuplicates();
        assertThat(summaries()).containsEntry("a1", "3 words");
    }

    /** As if the last run had been killed before its last slice, which removed what it had replaced. */
    private void undoTheRemoval(Map<String, byte[]> before) throws IOException {
        RunLog log = log();
        SliceRecord last = log.slices().get(log.slices().size() - 1);
        assertThat(last.removed()).isNotEmpty();
        for (SliceRecord.SliceFile file : last.files()) {
            Files.delete(output.resolve(file.path()));
        }
        for (String path : last.removed()) {
            Files.write(output.resolve(path), before.get(path));
        }
        Files.delete(output.resolve(RunLog.NAME + "/slices/" + last.name() + ".json"));
        log.write(killed(log.runs().get(1)));
    }

    private Map<String, byte[]> contents() throws IOException {
        Map<String, byte[]> contents = new TreeMap<>();
        for (String path : parquetFiles().keySet()) {
            contents.put(path, Files.readAllBytes(output.resolve(path)));
        }
        return contents;
    }

    /** As its process left it. */
    private static RunRecord killed(RunRecord run) {
        return new RunRecord(
                run.id(),
                run.process(),
                run.begun(),
                null,
                RunRecord.State.RUNNING,
                run.settings(),
                run.limit(),
                run.inputs(),
                0,
                0,
                run.changes(),
                run.columns(),
                run.buckets(),
                run.version());
    }

    @Test
    void stopsByTheClockWithWhatIsFinished() throws IOException {
        write("b", Stream.of("{\"id\": \"b\", \"text\": \"slow\"}"));

        TestCommands.Outcome stopped = run("--stop-after", "10s"); // the slow document takes all of it
        assertThat(stopped.status()).as(stopped.err()).isZero();
        assertThat(stopped.out())
                .contains("Stopped by --stop-after: ", " committed to " + output + "; the same command goes on");
        List<String> first = ids();
        assertThat(first).doesNotContain("b").hasSizeGreaterThan(10);
        assertThat(log().runs()).extracting(RunRecord::state).containsExactly(RunRecord.State.STOPPED);

        run("--stop-after", "2s");
        assertThat(ids()).as("nothing twice").doesNotHaveDuplicates().containsAll(first);
    }

    @Test
    void refusesATimeThatIsNone() {
        assertThat(run("--stop-after", "soon").err())
                .contains("Cannot use --stop-after soon: expected a time such as 2h, 1h30m, 45s or 1d, more than 0");
    }

    @Test
    void refusesChangesThatDoNotGoTogether() {
        assertThat(run("--prune").err()).contains("Cannot use --prune without --incremental");
        assertThat(run("--incremental", "--mode", "append").err()).contains("with --mode append");
    }

    private Map<String, String> summaries() {
        Map<String, String> summaries = new TreeMap<>();
        rows().forEach(row -> summaries.put(row.getAs("id"), row.getAs("summary")));
        return summaries;
    }

    private RunLog log() throws IOException {
        org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(output.toString());
        return new RunLog(path.getFileSystem(spark.sparkContext().hadoopConfiguration()), path);
    }

    /** As if the process had been killed after its first slice. */
    private void forgetSlicesButTheFirst() throws IOException {
        RunLog log = log();
        for (SliceRecord slice : log.slices()) {
            if (slice.number() > 1) {
                for (SliceRecord.SliceFile file : slice.files()) {
                    Files.delete(output.resolve(file.path()));
                }
                Files.delete(output.resolve(RunLog.NAME + "/slices/" + slice.name() + ".json"));
            }
        }
        for (RunRecord run : log.runs()) {
            log.write(killed(run));
        }
    }

    private List<Path> files(String kind) throws IOException {
        try (Stream<Path> all = Files.list(output.resolve(RunLog.NAME).resolve(kind))) {
            return all.sorted().toList();
        }
    }

    private Map<String, FileTime> parquetFiles() throws IOException {
        Map<String, FileTime> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(output)) {
            for (Path file : all.filter(f -> f.toString().endsWith(".parquet")).toList()) {
                files.put(output.relativize(file).toString(), Files.getLastModifiedTime(file));
            }
        }
        return files;
    }

    private List<Row> rows() {
        return spark.read().parquet(output.toString()).collectAsList();
    }

    private List<String> ids() {
        return rows().stream().map(row -> row.<String>getAs("id")).collect(Collectors.toList()); // may hold nulls
    }

    private void write(String name, Stream<String> lines) throws IOException {
        Files.write(input.resolve(name + ".jsonl"), lines.toList());
    }

    private TestCommands.Outcome run(String... more) {
        return commands.run(Stream.concat(
                        Stream.of("summarize", "--input", input.toString(), "--output", output.toString()),
                        Stream.of(more))
                .toArray(String[]::new));
    }
}
