package io.github.longwing.spark.source;

import io.github.longwing.spark.files.Slice;
import io.github.longwing.spark.files.SourceFile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;

/** Cuts an input into parts of about the same size: parts of a large file, or many small files. */
public final class Splits {
    private static final long MAX_BYTES = 64L << 20;
    private static final long MIN_BYTES = 1L << 20;

    /** What opening a file costs, in bytes that could be read meanwhile. */
    private static final long OPEN_COST = 64L << 10;

    private static final int MAX_FILES = 4096;

    /** Parts for each slot, so that a slow one holds up little. */
    private static final int PARTS_PER_SLOT = 4;

    private Splits() {}

    /** Whether parts of a file can be read by themselves. */
    public interface Cut {
        /** Whether parts of this file can; may open it. */
        boolean isSplittable(SourceFile file, Configuration hadoop) throws IOException;
    }

    /** Cuts the files; opens those that are large enough to be cut. */
    public static List<List<Slice>> plan(List<SourceFile> files, Cut cut, int slots, Configuration hadoop)
            throws IOException {
        long total = files.stream().mapToLong(file -> file.length() + OPEN_COST).sum();
        long size = Math.max(MIN_BYTES, Math.min(MAX_BYTES, total / ((long) slots * PARTS_PER_SLOT)));
        List<List<Slice>> splits = new ArrayList<>();
        List<Slice> open = new ArrayList<>();
        long bytes = 0;
        for (SourceFile file : files) {
            if (file.length() > 2 * size && cut.isSplittable(file, hadoop)) {
                for (long begin = 0; begin < file.length(); begin += size) {
                    splits.add(
                            List.of(new Slice(file, begin, Math.min(begin + size, file.length()), begin == 0 ? 1 : 0)));
                }
                continue;
            }
            if (!open.isEmpty() && (bytes + file.length() > size || open.size() == MAX_FILES)) {
                splits.add(List.copyOf(open));
                open.clear();
                bytes = 0;
            }
            open.add(Slice.whole(file));
            bytes += file.length() + OPEN_COST;
        }
        if (!open.isEmpty()) {
            splits.add(List.copyOf(open));
        }
        return splits;
    }

    /** One row for each part, each in a partition of its own where there are more of them than slots. */
    public static Dataset<byte[]> dataset(SparkSession spark, List<List<Slice>> splits, int slots) {
        List<byte[]> rows = splits.stream().map(Splits::bytes).toList();
        Dataset<byte[]> dataset = spark.createDataset(rows, Encoders.BINARY());
        // dealt out from one partition, every other gets exactly one
        return rows.size() <= slots ? dataset : dataset.coalesce(1).repartition(rows.size());
    }

    /** The parts that a row stands for. */
    public static List<Slice> slices(byte[] split) {
        List<Slice> slices = new ArrayList<>();
        for (Object slice : (List<?>) object(split)) {
            slices.add((Slice) slice);
        }
        return slices;
    }

    /** A serializable object as what Spark passes on. */
    public static byte[] bytes(Object object) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream stream = new ObjectOutputStream(bytes)) {
            stream.writeObject((Serializable) object);
        } catch (IOException e) {
            throw new IllegalStateException("Cannot write " + object.getClass() + " to memory", e);
        }
        return bytes.toByteArray();
    }

    /** What {@link #bytes} was given. */
    public static Object object(byte[] bytes) {
        try (ObjectInputStream stream = new ObjectInputStream(new ByteArrayInputStream(bytes)) {
            @Override
            protected Class<?> resolveClass(java.io.ObjectStreamClass description)
                    throws IOException, ClassNotFoundException {
                try { // with --jars, the classes are not on the class path of the JVM
                    return Class.forName(description.getName(), false, Splits.class.getClassLoader());
                } catch (ClassNotFoundException e) {
                    return super.resolveClass(description);
                }
            }
        }) {
            return stream.readObject();
        } catch (IOException | ClassNotFoundException e) {
            throw new IllegalStateException("Cannot read what the driver sent", e);
        }
    }
}
