package io.github.longwing.jobs.options;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.longwing.jobs.TestCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong with a command line is said in one sentence, and the status is 2. */
class UsageErrorsTest {
    @TempDir
    private Path directory;

    private TestCommands commands;

    @BeforeEach
    void prepareCommands() {
        commands = TestCommands.in(directory);
    }

    @Test
    void suggestsTheOptionThatWasMeant() {
        refuses("summarize", "--inptu", "x")
                .isEqualTo("Cannot use --inptu: summarize has no such option, expected one of its own"
                        + " (did you mean --input?); see longwing summarize --help");
    }

    @Test
    void suggestsNothingWhereNothingIsNear() {
        refuses("summarize", "--frobnicate=3")
                .isEqualTo("Cannot use --frobnicate: summarize has no such option, expected one of its own;"
                        + " see longwing summarize --help");
    }

    @Test
    void suggestsTheCommandThatWasMeant() {
        refuses("sumarize", "--input", "x")
                .startsWith("Cannot run \"sumarize\": there is no such command, expected one of summarize, ")
                .contains("(did you mean summarize?)");
    }

    @Test
    void wantsACommand() {
        refuses().startsWith("Cannot run longwing without a command: expected one of summarize, ");
    }

    @Test
    void refusesWordsThatBelongToNoOption() {
        refuses("summarize", "--input", "a", "b")
                .isEqualTo(
                        "Cannot use \"b\": summarize takes options only, expected --NAME VALUE; quote values that have"
                                + " spaces, and see longwing summarize --help");
    }

    @Test
    void refusesAnOptionWithoutItsValue() {
        refuses("summarize", "--limit").startsWith("Cannot use --limit: it has no value, expected N");
    }

    @Test
    void refusesAnOptionThatIsGivenTwice() {
        refuses("summarize", "--limit", "1", "--limit", "2")
                .startsWith("Cannot use --limit: it is given more than once, expected once");
    }

    @Test
    void refusesWhatIsNotANumber() {
        refuses("summarize", "--limit", "many")
                .isEqualTo(
                        "Cannot use --limit: it is \"many\", expected a whole number; see longwing summarize --help");
    }

    @Test
    void namesTheValuesThatAnOptionTakes() {
        refuses("summarize", "--mode", "replace")
                .startsWith("Cannot use --mode: it is \"replace\", expected one of resume, error, append, overwrite,"
                        + " ignore");
        refuses("summarize", "--precision", "int4")
                .startsWith("Cannot use --precision: it is \"int4\", expected one of float32, int8");
        refuses("summarize", "--random-blocks", "random")
                .startsWith("Cannot use --random-blocks: it is \"random\", expected one of reference, paper");
        refuses("summarize", "--on-error", "ignore")
                .startsWith("Cannot use --on-error: it is \"ignore\","
                        + " expected one of permissive, failfast, dropmalformed");
        refuses("summarize", "--newlines", "none")
                .startsWith("Cannot use --newlines: it is \"none\", expected one of newline, space, keep");
    }

    @Test
    void wantsTheOptionsThatACommandCannotDoWithout() {
        refuses("tokenize", "--input", "x").startsWith("Cannot go on without --output: expected --output FILE");
    }

    @Test
    void namesTheFileThatABadValueStandsIn() throws IOException {
        Path file = Files.writeString(directory.resolve("my.properties"), "limit=many\n");

        refuses("summarize", "--conf-file", file.toString())
                .isEqualTo("Cannot use --limit: it is \"many\" in " + file
                        + ", expected a whole number; see longwing summarize --help");
    }

    @Test
    void refusesKeysThatNobodyKnows() throws IOException {
        Path file = Files.writeString(directory.resolve("my.properties"), "num-baems=4\n");

        refuses("summarize", "--conf-file", file.toString())
                .isEqualTo(
                        "Cannot use " + file + ": num-baems is no setting, expected the name of an option without its"
                                + " dashes (did you mean num-beams?)");
        refuses("summarize", "--set", "colour=blue")
                .isEqualTo("Cannot use --set: colour is no setting, expected the name of an option without its dashes");
    }

    @Test
    void refusesOptionsInFilesThatOnlyACommandLineCanHave() {
        refuses("summarize", "--set", "verbose=true").startsWith("Cannot use --set: verbose is no setting");
    }

    @Test
    void sendsSettingsOfSparkToTheirOwnPlaceWithoutShowingSecrets() {
        refuses("summarize", "--set", "spark.hadoop.fs.s3a.secret.key=abc")
                .isEqualTo(
                        "Cannot use --set: spark.hadoop.fs.s3a.secret.key is a setting of Spark, expected it as --conf"
                                + " spark.hadoop.fs.s3a.secret.key=***** or in conf/spark-defaults.conf");
        refuses("summarize", "--input", "x", "--output", "y", "--conf", "num-beams=4")
                .isEqualTo("Cannot use --conf num-beams=4: expected a setting of Spark as spark.NAME=VALUE;"
                        + " settings of Longwing go into --set");
    }

    @Test
    void refusesASettingWithoutAValue() {
        refuses("summarize", "--set", "num-beams")
                .isEqualTo("Cannot use --set num-beams: expected key=value, such as num-beams=4");
    }

    @Test
    void refusesAFileOfSettingsThatIsNotThere() {
        Path file = directory.resolve("none.properties");

        refuses("summarize", "--conf-file", file.toString())
                .isEqualTo("Cannot read " + file + ": there is no such file, expected a file of settings");
    }

    @Test
    void refusesOptionsThatContradictEachOther() {
        refuses("summarize", "--input", "a", "--table", "t", "--output", "o")
                .isEqualTo("Cannot read both --input a and --table t: expected one of the two; leave one out");
        refuses("summarize", "--input", "a", "--output", "o", "--output-table", "t")
                .isEqualTo("Cannot write both --output o and --output-table t: expected one of the two; leave one out");
        refuses("summarize", "--table", "t", "--format", "json", "--output", "o")
                .startsWith("Cannot use --format json with --table t");
        refuses("summarize", "--input", "a", "--output", "o", "--on-error", "failfast", "--max-errors", "3")
                .startsWith("Cannot use --max-errors 3 with --on-error failfast");
    }

    @Test
    void wantsAnInputAndAnOutput() {
        refuses("summarize", "--output", "o")
                .isEqualTo("Cannot read the documents: no input is named, expected --input PATH or --table NAME");
        refuses("summarize", "--input", "a")
                .isEqualTo(
                        "Cannot write the result: no output is named, expected --output PATH or --output-table NAME");
    }

    @Test
    void refusesNumbersOutOfRange() {
        refuses("summarize", "--input", "a", "--output", "o", "--limit", "0")
                .isEqualTo("Cannot use --limit: it is 0, expected a whole number from 1 up");
        refuses("summarize", "--input", "a", "--output", "o", "--max-errors", "-1")
                .startsWith("Cannot use --max-errors -1: expected a number of at least 0, or a share");
        refuses("summarize", "--input", "a", "--output", "o", "--max-source-tokens", "0")
                .startsWith("Cannot summarize: --max-source-tokens is 0, expected at least 2");
    }

    @Test
    void showsTheStackTraceWhenAsked() {
        TestCommands.Outcome outcome = commands.run("summarize", "--limit", "many", "--verbose");

        assertThat(outcome.status()).isEqualTo(2);
        assertThat(outcome.err())
                .startsWith("Cannot use --limit: it is \"many\"")
                .contains("ParameterException", "\tat ");
    }

    private org.assertj.core.api.AbstractStringAssert<?> refuses(String... arguments) {
        TestCommands.Outcome outcome = commands.run(arguments);
        assertThat(outcome.status()).isEqualTo(2);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err().lines()).hasSize(1);
        return assertThat(outcome.err().strip());
    }
}
