package io.github.longwing.jobs.commit;

import static org.apache.spark.sql.functions.expr;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.longwing.jobs.TestCommands;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The partitions of a result, computed and committed. */
class SlicedRunTest {
    private static final int PARTITIONS = 48;
    private static final Duration AT_THE_END = Duration.ofHours(1);

    private static SparkSession spark;

    @TempDir
    private Path directory;

    private final List<StagedFile> committed = new ArrayList<>();

    @BeforeAll
    static void startSpark() {
        spark = TestCommands.spark();
    }

    @Test
    void commitsEachPartitionOnce() throws IOException {
        sliced("0", Duration.ofMillis(50)).run();

        assertThat(committed).extracting(StagedFile::rows).hasSize(PARTITIONS).containsOnly(1L);
        assertThat(committed).extracting(StagedFile::path).doesNotHaveDuplicates();
    }

    @Test
    void aFailureEndsItWhateverElseIsLeftAndWhatHadEndedIsCommitted() {
        SlicedRun run =
                sliced("if(id = 1, raise_error('broken'), java_method('java.lang.Thread', 'sleep', 200L))", AT_THE_END);

        assertThatThrownBy(run::run).hasMessageContaining("broken");

        assertThat(committed).as("those of 48 partitions that ended before").hasSizeLessThan(PARTITIONS / 2);
        spark.sparkContext().cancelAllJobs();
    }

    /** Of a row for each partition, whose value takes its time or fails. */
    private SlicedRun sliced(String value, Duration sliceTime) {
        Dataset<Row> rows =
                spark.range(0, PARTITIONS, 1, PARTITIONS).select(expr("id"), expr("string(" + value + ") AS error"));
        try {
            StagingWriter writer = StagingWriter.of(
                    spark,
                    spark.sparkContext().hadoopConfiguration(),
                    new org.apache.hadoop.fs.Path(directory.toUri()),
                    rows.schema(),
                    List.of(),
                    "error");
            return new SlicedRun(
                    spark.sparkContext(),
                    StagingWriter.arrange(rows, List.of()).queryExecution().toRdd(),
                    writer,
                    sliceTime,
                    SlicedRun.MOST_PARTITIONS_PER_SLOT,
                    committed::addAll,
                    () -> false);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
