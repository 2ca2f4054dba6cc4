package io.github.longwing.jobs.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;

/** What a job says that a file or a disk ended in its middle; the messages are those of Spark and Hadoop. */
class FileFailureTest {
    private static final String LOST =
            "Job aborted due to stage failure: Task 0 in stage 3.0 failed 1 times, most recent"
                    + " failure: Lost task 0.0 in stage 3.0 (TID 3) (host executor driver): ";

    @Test
    void saysThatADiskIsFull() {
        for (String message : new String[] {
            "org.apache.hadoop.fs.FSError: java.io.IOException: No space left on device\n\tat x.Y",
            "java.io.IOException: Disk quota exceeded",
            "java.io.IOException: There is not enough space on the disk"
        }) {
            assertThat(Failures.sentence(aborted(message)))
                    .isEqualTo("Cannot write the result: there is no space left on the disk of the output or of Spark's"
                            + " temporary files, expected room for both; make room, or name other places with --output and"
                            + " --conf spark.local.dir=DIRECTORY");
        }
    }

    @Test
    void namesWhatMayNotBeWritten() {
        assertThat(Failures.sentence(aborted("java.io.IOException: Mkdirs failed to create"
                        + " file:/data/out/_temporary/0/_temporary/attempt_1 (exists=false, cwd=file:/home)")))
                .startsWith(
                        "Cannot write the result: the directory /data/out/_temporary/0/_temporary/attempt_1 cannot be"
                                + " made, expected a place that can be written;");
        assertThat(Failures.sentence(aborted("java.io.FileNotFoundException: /data/out/x (Permission denied)")))
                .startsWith("Cannot go on: permission is denied for /data/out/x, expected files and directories that");
        assertThat(Failures.sentence(new IllegalStateException("x", new AccessDeniedException("/data/in/a.txt"))))
                .startsWith("Cannot go on: permission is denied for /data/in/a.txt, expected");
        assertThat(Failures.sentence(aborted("java.nio.file.FileSystemException: /data/out: Read-only file system")))
                .startsWith("Cannot write the result: /data/out lies on a file system that is read-only, expected");
    }

    @Test
    void namesAFileThatVanished() {
        assertThat(Failures.sentence(aborted("org.apache.spark.SparkFileNotFoundException:"
                        + " [FAILED_READ_FILE.FILE_NOT_EXIST] Encountered error while reading file"
                        + " file:///data/a.parquet. File does not exist. It is possible the underlying files have been"
                        + " updated.  SQLSTATE: KD001")))
                .isEqualTo(
                        "Cannot go on: /data/a.parquet is gone since the run began, expected it to stay until the end;"
                                + " run again once nothing changes it");
        assertThat(Failures.sentence(aborted("java.io.FileNotFoundException: File file:/data/a.txt does not exist")))
                .startsWith("Cannot go on: /data/a.txt is gone since the run began");
    }

    @Test
    void saysWhyAFileCannotBeUsedWithoutNamesOfClasses() {
        assertThat(FileFailure.reason(new NoSuchFileException("/x"))).isEqualTo("there is no such file or directory");
        assertThat(FileFailure.reason(new FileNotFoundException("/x"))).isEqualTo("there is no such file or directory");
        assertThat(FileFailure.reason(new AccessDeniedException("/x"))).isEqualTo("permission denied");
        assertThat(FileFailure.reason(new MalformedInputException(1))).isEqualTo("it is not UTF-8");
        assertThat(FileFailure.reason(new FileSystemException("/x", null, "Read-only file system")))
                .isEqualTo("read-only file system");
        assertThat(FileFailure.reason(new IOException("broken\nfor good"))).isEqualTo("broken");
    }

    @Test
    void leavesOtherFailuresAlone() {
        assertThat(FileFailure.sentence(aborted("java.lang.IllegalStateException: File a bug")))
                .isEmpty();
        assertThat(Failures.firstLine(new SparkException("[SOME_CLASS.OF_ERRORS] What it says. SQLSTATE: 42000", null)))
                .isEqualTo("What it says.");
    }

    private static SparkException aborted(String message) {
        return new SparkException(LOST + message, null);
    }
}
