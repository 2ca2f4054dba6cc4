package io.github.longwing.jobs.evaluation;

import io.github.longwing.evaluation.Bootstrap;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;

/**
 * Sums scored rows, a partition at a time. The sums of all methods lie one after the other, then for each method but the
 * first, and each column that is compared, in how many documents the first is better, the same and worse.
 */
record SumRows(TaskScores scores, List<String> methods, long seed, int samples)
        implements MapPartitionsFunction<Row, byte[]> {
    private static final long serialVersionUID = 1L;
    private static final double SAME = 1e-9;
    private static final int MAX_PARTITIONS = 32;

    /** What the driver holds of partial sums at a time. */
    private static final long MAX_BYTES = 256L << 20;

    SumRows {
        methods = List.copyOf(methods);
    }

    /** The sums over all rows, in memory that does not grow with them. */
    Bootstrap sum(Dataset<Row> scored) {
        Bootstrap all = empty();
        long bytes = (1L + samples) * width() * Double.BYTES;
        int partitions = (int) Math.max(1, Math.min(MAX_PARTITIONS, MAX_BYTES / bytes));
        scored.coalesce(partitions)
                .mapPartitions(this, Encoders.BINARY())
                .collectAsList()
                .forEach(all::merge);
        return all;
    }

    @Override
    public Iterator<byte[]> call(Iterator<Row> rows) {
        Bootstrap sums = empty();
        while (rows.hasNext()) {
            Row row = rows.next();
            sums.add(row.getAs(ScoreRows.DOCUMENT), values(row));
        }
        return List.of(sums.toBytes()).iterator();
    }

    private Bootstrap empty() {
        return new Bootstrap(seed, samples, width());
    }

    private double[] values(Row row) {
        double[] values = new double[width()];
        Row first = row.getAs(methods.get(0));
        for (int i = 0; i < methods.size(); i++) {
            Row score = row.getAs(methods.get(i));
            double[] sums = new double[scores.width()];
            scores.add(sums, row, score);
            System.arraycopy(sums, 0, values, i * sums.length, sums.length);
            for (int j = 0; i > 0 && j < scores.compared().size(); j++) {
                String column = scores.compared().get(j).name();
                double difference = first.<Double>getAs(column) - score.<Double>getAs(column);
                int outcome = Math.abs(difference) < SAME ? 1 : difference > 0 ? 0 : 2;
                values[outcomes(i, j) + outcome]++;
            }
        }
        return values;
    }

    private int width() {
        return outcomes(methods.size(), 0);
    }

    /** Where the three counts of a comparison begin. */
    int outcomes(int method, int compared) {
        int ofMethod = scores.compared().size();
        return methods.size() * scores.width() + ((method - 1) * ofMethod + compared) * 3;
    }

    /** A figure of a method as a function of all sums. */
    ToDoubleFunction<double[]> of(int method, ToDoubleFunction<double[]> figure) {
        return sums -> figure.applyAsDouble(sumsOf(method, sums));
    }

    double[] sumsOf(int method, double[] sums) {
        int width = scores.width();
        return Arrays.copyOfRange(sums, method * width, (method + 1) * width);
    }
}
