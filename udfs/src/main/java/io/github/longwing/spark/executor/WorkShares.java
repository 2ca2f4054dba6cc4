package io.github.longwing.spark.executor;

import static org.apache.spark.sql.functions.udf;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.LongToDoubleFunction;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.hash.Murmur3_x86_32;

/**
 * Documents dealt to partitions of about equal work: the longest first, each to the partition that has the least by then.
 * Partition 0 has the most, so that a document of a thousand windows is begun with the first and not with the last.
 *
 * <p>A document is known by a number that its own values give, so that it lies in the same partition whenever it is computed
 * again. What is dealt one by one is bounded; where there is more, shorter documents go by that number, and are so many that
 * chance gives each partition about as much of them.
 */
public final class WorkShares {
    /** Numbers and partitions of so many documents, 12 bytes each, go to every executor. */
    static final int MOST_DEALT = 200_000;

    private static final StructType LENGTH = new StructType()
            .add("key", DataTypes.LongType) // null: the length is a number of documents
            .add("length", DataTypes.LongType);

    /** What Spark seeds its hash with where it partitions by it. */
    private static final int SEED = 42;

    private final long count;
    private final Map<Long, Double> work;

    private record Length(long key, long length) {}

    private WorkShares(long count, Map<Long, Double> work) {
        this.count = count;
        this.work = work;
    }

    /**
     * Reads the lengths of documents, in one job of Spark.
     *
     * @param lengths for each document its number and its length in bytes
     * @param work what a document of so many bytes takes, in any unit; more than 0
     */
    public static WorkShares of(Dataset<Row> lengths, LongToDoubleFunction work) {
        return of(lengths, work, MOST_DEALT);
    }

    static WorkShares of(Dataset<Row> lengths, LongToDoubleFunction work, int mostDealt) {
        int partitions = Math.max(1, DocumentSpread.partitions(lengths));
        int mostOfEach = Math.max(1, mostDealt / partitions);
        MapPartitionsFunction<Row, Row> longest = rows -> longest(rows, mostOfEach);
        long count = 0;
        Map<Long, Double> found = new HashMap<>();
        for (Row row : lengths.mapPartitions(longest, Encoders.row(LENGTH)).collectAsList()) {
            if (row.isNullAt(0)) {
                count += row.getLong(1);
            } else {
                found.merge(row.getLong(0), work.applyAsDouble(row.getLong(1)), Double::sum);
            }
        }
        return new WorkShares(count, found);
    }

    private static Iterator<Row> longest(Iterator<Row> rows, int most) {
        PriorityQueue<Length> longest = new PriorityQueue<>(Comparator.comparingLong(Length::length));
        long count = 0;
        while (rows.hasNext()) {
            Row row = rows.next();
            count++;
            longest.add(new Length(row.getLong(0), row.getLong(1)));
            if (longest.size() > most) {
                longest.remove();
            }
        }
        List<Row> kept = new ArrayList<>();
        longest.forEach(document -> kept.add(RowFactory.create(document.key(), document.length())));
        kept.add(RowFactory.create(null, count));
        return kept.iterator();
    }

    /** How many documents there are. */
    public long documents() {
        return count;
    }

    /**
     * The rows in their partitions.
     *
     * @param key the number of a row, as in the lengths
     */
    public Dataset<Row> deal(Dataset<Row> rows, Column key, int partitions) {
        Column place = udf(new HashedPlaces(partitionOfEach(partitions), partitions), DataTypes.IntegerType)
                .apply(key);
        return rows.repartition(partitions, place);
    }

    /** The partition of each document that is dealt. */
    Map<Long, Integer> partitionOfEach(int partitions) {
        List<Map.Entry<Long, Double>> longestFirst = work.entrySet().stream()
                .sorted(Map.Entry.<Long, Double>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey())) // the same each time
                .toList();
        double[] loads = new double[partitions];
        PriorityQueue<Integer> leastFirst = new PriorityQueue<>(
                Comparator.<Integer>comparingDouble(p -> loads[p]).thenComparing(Comparator.naturalOrder()));
        for (int p = 0; p < partitions; p++) {
            leastFirst.add(p);
        }
        Map<Long, Integer> dealt = new HashMap<>();
        for (Map.Entry<Long, Double> document : longestFirst) {
            int partition = leastFirst.remove();
            loads[partition] += document.getValue();
            leastFirst.add(partition);
            dealt.put(document.getKey(), partition);
        }
        int[] ranks = ranks(loads);
        dealt.replaceAll((key, partition) -> ranks[partition]);
        return dealt;
    }

    /** The place of each partition where those with the most work come first. */
    private static int[] ranks(double[] loads) {
        Integer[] order = new Integer[loads.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(
                order, Comparator.<Integer>comparingDouble(p -> -loads[p]).thenComparing(Comparator.naturalOrder()));
        int[] ranks = new int[loads.length];
        for (int rank = 0; rank < order.length; rank++) {
            ranks[order[rank]] = rank;
        }
        return ranks;
    }

    /**
     * For the number of a document a value that Spark's hash sends to its partition: Spark 4.0 partitions by nothing but
     * hashes.
     */
    private static final class HashedPlaces implements UDF1<Long, Integer>, Serializable {
        private static final long serialVersionUID = 1L;

        private final long[] keys; // ascending
        private final int[] values;

        HashedPlaces(Map<Long, Integer> partitions, int count) {
            int[] valueOfEach = valueOfEach(count);
            this.keys = partitions.keySet().stream()
                    .mapToLong(Long::longValue)
                    .sorted()
                    .toArray();
            this.values = Arrays.stream(keys)
                    .mapToInt(key -> valueOfEach[partitions.get(key)])
                    .toArray();
        }

        /** By trial: of n partitions each is met after some n log n values. */
        private static int[] valueOfEach(int count) {
            int[] values = new int[count];
            boolean[] known = new boolean[count];
            int left = count;
            for (int value = 0; left > 0; value++) {
                int partition = Math.floorMod(Murmur3_x86_32.hashInt(value, SEED), count);
                if (!known[partition]) {
                    known[partition] = true;
                    values[partition] = value;
                    left--;
                }
            }
            return values;
        }

        @Override
        public Integer call(Long key) {
            int found = Arrays.binarySearch(keys, key);
            return found >= 0 ? values[found] : Long.hashCode(key);
        }
    }
}
