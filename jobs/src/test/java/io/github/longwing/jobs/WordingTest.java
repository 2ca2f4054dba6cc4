package io.github.longwing.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.longwing.error.DocumentException;
import io.github.longwing.error.UserException;
import io.github.longwing.jobs.conf.Redaction;
import io.github.longwing.jobs.console.ExitStatus;
import io.github.longwing.jobs.console.Failures;
import io.github.longwing.jobs.options.GenerationOptionGroup;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;

/** How names, secrets and failures are put into words. */
class WordingTest {
    @Test
    void hidesSecretsByTheirNamesAndInUris() {
        assertThat(Redaction.show("spark.hadoop.fs.s3a.access.key", "AKIA")).isEqualTo("*****");
        assertThat(Redaction.show("spark.hadoop.fs.azure.account.key.x.dfs.core.windows.net", "k"))
                .isEqualTo("*****");
        assertThat(Redaction.show("spark.my.PASSWORD", "p")).isEqualTo("*****");
        assertThat(Redaction.show("input", "s3a://key:secret@bucket/a")).isEqualTo("s3a://*****@bucket/a");
        assertThat(Redaction.show("max-source-tokens", "4096")).isEqualTo("4096");
        assertThat(Redaction.show("spark.hadoop.fs.s3a.session.token", "t")).isEqualTo("*****");
        assertThat(Redaction.show("spark.my.accessToken", "t")).isEqualTo("*****");
        assertThat(GenerationOptionGroup.keys())
                .as("ids of tokens, numbers of tokens")
                .allSatisfy(key -> assertThat(Redaction.show(key, "2")).isEqualTo("2"));
        assertThat(Redaction.show("input", "/data/a@b.jsonl")).isEqualTo("/data/a@b.jsonl");
    }

    @Test
    void takesTheSentenceOfTheCauseOutOfSparksException() {
        UserException cause = new UserException("Cannot load the model: weights.bin is damaged");
        SparkException failure = new SparkException("Job aborted due to stage failure", new RuntimeException(cause));

        assertThat(Failures.sentence(failure)).isEqualTo(cause.getMessage());
        assertThat(Failures.status(failure)).isEqualTo(ExitStatus.FAILED);
        assertThat(Failures.status(cause)).isEqualTo(ExitStatus.USAGE);
    }

    @Test
    void takesTheSentenceOfATaskOutOfTheTextWhereThereIsNoCause() {
        SparkException failure = new SparkException(
                "Job aborted due to stage failure: Task 0 in stage 1.0 failed 4 times, most recent failure: Lost task 0.3 in"
                        + " stage 1.0 (TID 7) (host executor 1): io.github.longwing.error.UserException: Cannot load it\n"
                        + "\tat io.github.longwing.Some.method(Some.java:1)\n\nDriver stacktrace:");

        assertThat(Failures.sentence(failure)).isEqualTo("Cannot load it");
    }

    @Test
    void takesTheSentenceOfADocument() {
        DocumentException document =
                new DocumentException(DocumentException.Kind.EmptyText, "Cannot summarize: the text is empty");

        assertThat(Failures.sentence(new SparkException("Task failed", document)))
                .isEqualTo(document.getMessage());
    }

    @Test
    void saysWhatToDoAboutALackOfMemory() {
        assertThat(Failures.sentence(new OutOfMemoryError("Java heap space")))
                .isEqualTo(
                        "Cannot go on: there is not enough memory (Java heap space); give the driver or the executors more"
                                + " with --conf spark.driver.memory or spark.executor.memory");
    }

    @Test
    void namesAnExceptionThatSaysNothing() {
        assertThat(Failures.sentence(new IllegalStateException())).isEqualTo("IllegalStateException");
    }
}
