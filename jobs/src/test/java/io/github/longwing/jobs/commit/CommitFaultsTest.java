package io.github.longwing.jobs.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.longwing.error.UserException;
import io.github.longwing.jobs.TestCommands;
import io.github.longwing.jobs.commit.FaultyFileSystem.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What goes wrong while a slice is committed costs no row. */
class CommitFaultsTest {
    private static SparkSession spark;

    @TempDir
    private Path directory;

    private TestCommands commands;
    private Path input;
    private Path output;

    @BeforeAll
    static void startSpark() {
        spark = TestCommands.spark();
        Configuration hadoop = spark.sparkContext().hadoopConfiguration();
        hadoop.set("fs.faulty.impl", FaultyFileSystem.class.getName());
    }

    @BeforeEach
    void writeInput() throws IOException {
        commands = TestCommands.in(directory.resolve("small"));
        output = directory.resolve("out");
        input = directory.resolve("a.jsonl");
        Files.writeString(
                input,
                IntStream.range(0, 20)
                        .mapToObj(i -> "{\"id\": \"d" + i + "\", \"lang\": \"l" + i % 2 + "\", \"text\": \"a text\"}\n")
                        .collect(Collectors.joining()));
    }

    @AfterEach
    void mend() {
        FaultyFileSystem.fail(Fault.NONE);
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"RENAME_ROWS", "RENAME_HALF"})
    void aSliceWhoseFilesCouldNotTakeTheirPlacesIsEndedByTheNextRun(Fault fault) throws IOException {
        FaultyFileSystem.fail(fault);
        TestCommands.Outcome failed = run();
        assertThat(failed.status()).isEqualTo(1);
        assertThat(failed.err()).contains("the store does not answer; ").contains("the same command goes on");
        assertThat(log().slices()).as("committed slices").hasSize(1);
        FaultyFileSystem.fail(Fault.NONE);

        TestCommands.Outcome again = run();

        assertThat(again.status()).as(again.err()).isZero();
        assertThat(again.out()).as("nothing is done twice").doesNotContain("20 documents (0 errors), ");
        assertThat(ids()).hasSize(20).doesNotHaveDuplicates();
        assertThat(output.resolve("_longwing/stage")).doesNotExist();
    }

    @Test
    void aRecordWhoseProcessDiedAsItReplacedItIsFoundUnderItsOtherName() throws IOException {
        run("--limit", "5");
        Path record = files("runs").stream()
                .filter(file -> file.toString().endsWith(".json"))
                .findFirst()
                .orElseThrow();
        Files.move(record, record.resolveSibling("." + record.getFileName() + ".half"));

        assertThat(run("--limit", "5").out()).contains("is complete: 5 documents");
        assertThat(run().out()).contains("15 documents (0 errors)");
    }

    @Test
    void aRunWhoseOutputAnotherHasTakenCommitsNoMore() throws IOException {
        RunLog log = log();
        try (Lease lease = Lease.take(log, "slept", line -> {})) {
            lease.requireHeld();
            log.write(
                    new org.apache.hadoop.fs.Path(log.folder(), "lease.json"),
                    new Lease.Holder(
                            "other",
                            new ProcessIdentity("elsewhere", 7, "1970-01-01T00:00:00Z"),
                            "2999-01-01T00:00:00Z"));

            assertThatThrownBy(lease::requireHeld)
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("run other on elsewhere has taken it over");
        }
        assertThat(Lease.holder(log)).as("the lease of the other").isPresent();
    }

    @Test
    void aStoreThatLooksAtTheEndWhetherANameIsFreeKeepsTheLeaseOfARunThatLives() throws IOException {
        FaultyFileSystem.fail(Fault.LATE_CREATE);
        try (Lease lease = Lease.take(log(), "other", line -> {})) {
            TestCommands.Outcome outcome = run();

            assertThat(outcome.status()).as(outcome.err()).isEqualTo(2);
            assertThat(outcome.err()).contains("run other on ").contains("writes it now, expected no other run");
            lease.requireHeld();
        }
        assertThat(run().status()).isZero();
    }

    @Test
    void aRunWhoseDirectoryIsGoneSaysSo() throws IOException {
        RunLog log = log();
        try (Lease lease = Lease.take(log, "slept", line -> {})) {
            log.fileSystem().delete(log.output(), true);

            assertThatThrownBy(lease::requireHeld)
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("as if somebody had moved or deleted the directory");
        }
        assertThat(output).as("is not made again").doesNotExist();
    }

    @Test
    void aProcessIsTheSameWhoseStartIsSeenALittleDifferently() {
        ProcessIdentity me = ProcessIdentity.current();
        String start = java.time.Instant.parse(me.start()).plusSeconds(1).toString();

        assertThat(new ProcessIdentity(me.host(), me.pid(), start).isAlive()).isTrue();
        assertThat(new ProcessIdentity(me.host(), me.pid(), "1970-01-01T00:00:00Z").isAlive())
                .isFalse();
    }

    private RunLog log() throws IOException {
        org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path("faulty:" + output);
        return new RunLog(path.getFileSystem(spark.sparkContext().hadoopConfiguration()), path);
    }

    private List<Path> files(String kind) throws IOException {
        try (Stream<Path> all = Files.list(output.resolve(RunLog.NAME).resolve(kind))) {
            return all.sorted().toList();
        }
    }

    private List<String> ids() {
        return spark.read().parquet(output.toString()).collectAsList().stream()
                .map(row -> row.<String>getAs("id"))
                .toList();
    }

    private TestCommands.Outcome run(String... more) {
        return commands.run(Stream.concat(
                        Stream.of(
                                "summarize",
                                "--input",
                                input.toString(),
                                "--output",
                                "faulty:" + output,
                                "--keep-columns",
                                "lang",
                                "--partition-by",
                                "lang"),
                        Stream.of(more))
                .toArray(String[]::new));
    }
}
