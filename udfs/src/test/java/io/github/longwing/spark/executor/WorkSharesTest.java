package io.github.longwing.spark.executor;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.spark_partition_id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.longwing.spark.TestSessions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** No partition keeps a slot busy when all others have ended: by estimated work, without a clock. */
class WorkSharesTest {
    private static final int SLOTS = 4;
    private static final StructType SCHEMA =
            new StructType().add("key", DataTypes.LongType).add("length", DataTypes.LongType);

    private static SparkSession spark;

    @BeforeAll
    static void startSpark() {
        spark = TestSessions.start("local[" + SLOTS + "]");
    }

    @AfterAll
    static void stopSpark() {
        spark.stop();
    }

    @Test
    void givesEachPartitionAboutTheSameWorkWhereLengthsDifferAHundredfold() {
        long[] lengths = mixed(400, 0.8);

        double[] work = workOfEach(lengths, 30, WorkShares.MOST_DEALT);

        double mean = Arrays.stream(work).average().orElseThrow();
        assertThat(work).as("work of the partitions").hasSize(30);
        for (double partition : work) {
            assertThat(partition).isCloseTo(mean, within(0.05 * mean));
        }
        assertThat(max(workByHash(lengths, 30)) / mean)
                .as("what chance makes of the same documents")
                .isGreaterThan(1.3);
    }

    @Test
    void beginsADocumentThatIsLongerThanAllOthersTogetherFirstAndAlone() {
        long[] lengths = mixed(60, 1.2);
        lengths[17] = Arrays.stream(lengths).sum();

        double[] work = workOfEach(lengths, 12, WorkShares.MOST_DEALT);

        assertThat(work[0]).as("the first partition").isEqualTo((double) lengths[17]);
        assertThat(work).as("the largest first").isSortedAccordingTo((a, b) -> Double.compare(b, a));
        assertThat(timeOn(SLOTS, work))
                .as("nothing but that document takes longer")
                .isEqualTo(work[0]);
    }

    @Test
    void slotsEndTogether() {
        long[] lengths = mixed(400, 0.8);

        double dealt = timeOn(SLOTS, workOfEach(lengths, 32, WorkShares.MOST_DEALT));

        double best = Arrays.stream(lengths).asDoubleStream().sum() / SLOTS;
        assertThat(dealt / best)
                .as("time of the job over that without any tail")
                .isLessThan(1.02);
        assertThat(timeOn(SLOTS, workByHash(lengths, 32)) / best)
                .as("what chance makes of the same documents")
                .isGreaterThan(dealt / best);
    }

    @Test
    void leavesTheShorterOnesOfALargeInputToChanceAndLosesNone() {
        long[] lengths = mixed(2_000, 1.2);

        double[] work = workOfEach(lengths, 16, /* mostDealt */ 100);

        assertThat(Arrays.stream(work).sum())
                .isEqualTo(Arrays.stream(lengths).asDoubleStream().sum());
        assertThat(max(work) / (Arrays.stream(work).sum() / 16)).isLessThan(1.5);
        assertThat(WorkShares.of(documents(lengths), length -> length, 100).documents())
                .isEqualTo(2_000);
    }

    @Test
    void dealsTheSameEachTime() {
        Dataset<Row> documents = documents(mixed(100, 1.2));

        Map<Long, Integer> dealt = WorkShares.of(documents, length -> length).partitionOfEach(7);

        assertThat(WorkShares.of(documents.repartition(5), length -> length).partitionOfEach(7))
                .isEqualTo(dealt);
    }

    @Test
    void knowsAnEmptyInput() {
        WorkShares shares = WorkShares.of(documents(new long[0]), length -> length);

        assertThat(shares.documents()).isZero();
        assertThat(shares.deal(documents(new long[0]), col("key"), 1).count()).isZero();
    }

    /** Most are short, some are long and few much longer still; the more, the larger the spread. */
    private static long[] mixed(int count, double spread) {
        Random random = new Random(7);
        return LongStream.range(0, count)
                .map(i -> Math.round(500 * Math.exp(spread * random.nextGaussian())) + 10)
                .toArray();
    }

    private static double[] workOfEach(long[] lengths, int partitions, int mostDealt) {
        WorkShares shares = WorkShares.of(documents(lengths), length -> length, mostDealt);
        Dataset<Row> dealt = shares.deal(documents(lengths), col("key"), partitions);
        assertThat(dealt.count()).isEqualTo(lengths.length);
        return sums(dealt, partitions);
    }

    private static double[] workByHash(long[] lengths, int partitions) {
        return sums(documents(lengths).repartition(partitions, col("key")), partitions);
    }

    private static double[] sums(Dataset<Row> rows, int partitions) {
        Map<Integer, Double> sums = new TreeMap<>();
        IntStream.range(0, partitions).forEach(partition -> sums.put(partition, 0.0));
        rows.select(spark_partition_id(), col("length"))
                .collectAsList()
                .forEach(row -> sums.merge(row.getInt(0), (double) row.getLong(1), Double::sum));
        return sums.values().stream().mapToDouble(Double::doubleValue).toArray();
    }

    /** Until all slots end, where each takes the next partition in their order. */
    private static double timeOn(int slots, double[] work) {
        PriorityQueue<Double> busyUntil = new PriorityQueue<>();
        IntStream.range(0, slots).forEach(slot -> busyUntil.add(0.0));
        for (double partition : work) {
            busyUntil.add(busyUntil.remove() + partition);
        }
        return busyUntil.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    }

    private static double max(double[] values) {
        return Arrays.stream(values).max().orElseThrow();
    }

    private static Dataset<Row> documents(long[] lengths) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < lengths.length; i++) {
            rows.add(RowFactory.create(0x9E3779B97F4A7C15L * i, lengths[i]));
        }
        return spark.createDataset(rows, Encoders.row(SCHEMA)).repartition(3);
    }
}
