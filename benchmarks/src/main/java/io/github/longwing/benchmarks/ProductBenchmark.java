package io.github.longwing.benchmarks;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.sun.management.OperatingSystemMXBean;
import io.github.longwing.checkpoint.Checkpoint;
import io.github.longwing.checkpoint.Weights;
import io.github.longwing.nn.Arithmetic;
import io.github.longwing.nn.Linear;
import io.github.longwing.onnx.DataType;
import io.github.longwing.onnx.Dimension;
import io.github.longwing.onnx.ExternalData;
import io.github.longwing.onnx.GraphBuilder;
import io.github.longwing.onnx.OnnxModelWriter;
import io.github.longwing.onnx.Value;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/** Times one product of the encoder, its first feed-forward layer, in each arithmetic; they take turns. */
final class ProductBenchmark {
    /** Of these columns the inputs are larger, as large models have them. */
    private static final int OUTLIER_EVERY = 171;

    private static final float OUTLIER = 8;
    private static final double SECONDS_EACH = 1;
    private static final int MIN_ROUNDS = 5;
    private static final int SEED = 7;

    /** The long array whose sum shows how fast memory is read. */
    private static final int READ_LONGS = 1 << 25;

    private final Path source;
    private final int in;
    private final int out;
    private final int threads;

    /**
     * Reads from a transformers directory.
     *
     * @param in inputs of {@code model.encoder.layers.0.fc1}
     * @param out its outputs
     */
    ProductBenchmark(Path source, int in, int out, int threads) {
        this.source = source;
        this.in = in;
        this.out = out;
        this.threads = threads;
    }

    /**
     * One cell of the table.
     *
     * @param seconds median by the clock
     * @param processorSeconds mean of all threads together
     * @param relativeError against float32
     */
    record Product(int rows, Arithmetic arithmetic, double seconds, double processorSeconds, double relativeError) {}

    /**
     * All cells, and how fast this machine can be.
     *
     * @param gemmFlops of float32 with the largest number of rows, in operations per second
     * @param readBytes per second, by all threads together
     */
    record Result(List<Product> products, double gemmFlops, double readBytes) {}

    Result measure(List<Integer> rows) {
        try {
            Path directory = Files.createTempDirectory("longwing-products");
            OrtEnvironment environment = OrtEnvironment.getEnvironment();
            Map<Arithmetic, OrtSession> sessions = new EnumMap<>(Arithmetic.class);
            try {
                for (Arithmetic arithmetic : Arithmetic.values()) {
                    sessions.put(arithmetic, open(environment, directory, arithmetic));
                }
                List<Product> products = new ArrayList<>();
                for (int count : rows) {
                    products.addAll(measure(environment, sessions, count));
                }
                Product largest = products.get(products.size() - Arithmetic.values().length);
                return new Result(products, 2.0 * largest.rows() * in * out / largest.seconds(), readBytes());
            } finally {
                for (OrtSession session : sessions.values()) {
                    session.close();
                }
                for (Arithmetic arithmetic : Arithmetic.values()) {
                    Files.deleteIfExists(directory.resolve(arithmetic + ".onnx"));
                    Files.deleteIfExists(directory.resolve(arithmetic + ".bin"));
                }
                Files.deleteIfExists(directory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot measure products", e);
        } catch (OrtException e) {
            throw new IllegalStateException("Cannot measure products", e);
        }
    }

    private OrtSession open(OrtEnvironment environment, Path directory, Arithmetic arithmetic)
            throws IOException, OrtException {
        Path graph = directory.resolve(arithmetic + ".onnx");
        try (Checkpoint checkpoint = Checkpoint.open(source);
                ExternalData data = new ExternalData(directory.resolve(arithmetic + ".bin"))) {
            Weights layer = checkpoint.weights().scope("model.encoder.layers.0.fc1");
            GraphBuilder g = new GraphBuilder("product");
            Value x = g.input("x", DataType.FLOAT, Dimension.of("R"), Dimension.of(in));
            g.output("y", Linear.withoutBias(layer, in, out, arithmetic).build(g, x));
            OnnxModelWriter.write(g, graph, data);
        }
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(threads);
            options.setInterOpNumThreads(1);
            options.addConfigEntry("session.intra_op.allow_spinning", "0");
            return environment.createSession(graph.toString(), options);
        }
    }

    private List<Product> measure(OrtEnvironment environment, Map<Arithmetic, OrtSession> sessions, int rows)
            throws OrtException {
        Random random = new Random(SEED);
        FloatBuffer x = floats(rows * in);
        for (int i = 0; i < rows * in; i++) {
            x.put(i, (float) random.nextGaussian() * (i % in % OUTLIER_EVERY == 0 ? OUTLIER : 1));
        }
        FloatBuffer y = floats(rows * out);
        Map<Arithmetic, List<Double>> seconds = new EnumMap<>(Arithmetic.class);
        Map<Arithmetic, Double> processor = new EnumMap<>(Arithmetic.class);
        Map<Arithmetic, float[]> outputs = new EnumMap<>(Arithmetic.class);
        try (OnnxTensor input = OnnxTensor.createTensor(environment, x, new long[] {rows, in});
                OnnxTensor output = OnnxTensor.createTensor(environment, y, new long[] {rows, out})) {
            for (Arithmetic arithmetic : sessions.keySet()) {
                run(sessions.get(arithmetic), input, output);
                float[] found = new float[out * Math.min(rows, 64)];
                y.get(0, found);
                outputs.put(arithmetic, found);
                seconds.put(arithmetic, new ArrayList<>());
                processor.put(arithmetic, 0.0);
            }
            int repeats = Math.max(1, 400 / rows); // the processor's clock is coarse
            long end = System.nanoTime() + Math.round(SECONDS_EACH * sessions.size() * 1e9);
            for (int round = 0; round < MIN_ROUNDS || System.nanoTime() < end; round++) {
                for (Arithmetic arithmetic : sessions.keySet()) {
                    double before = processorSeconds();
                    long start = System.nanoTime();
                    for (int i = 0; i < repeats; i++) {
                        run(sessions.get(arithmetic), input, output);
                    }
                    seconds.get(arithmetic).add(Timings.secondsSince(start) / repeats);
                    processor.merge(arithmetic, (processorSeconds() - before) / repeats, Double::sum);
                }
            }
        }
        return sessions.keySet().stream()
                .map(arithmetic -> new Product(
                        rows,
                        arithmetic,
                        new Timings(seconds.get(arithmetic)).median(),
                        processor.get(arithmetic) / seconds.get(arithmetic).size(),
                        error(outputs.get(arithmetic), outputs.get(Arithmetic.FLOAT32))))
                .toList();
    }

    private static void run(OrtSession session, OnnxTensor input, OnnxTensor output) throws OrtException {
        session.run(Map.of("x", input), Map.of("y", output)).close();
    }

    private static double error(float[] found, float[] expected) {
        double error = 0;
        double norm = 0;
        for (int i = 0; i < found.length; i++) {
            error += Math.pow((double) found[i] - expected[i], 2);
            norm += Math.pow(expected[i], 2);
        }
        return Math.sqrt(error / norm);
    }

    private static FloatBuffer floats(int count) {
        return ByteBuffer.allocateDirect(count * Float.BYTES)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }

    private static double processorSeconds() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime() / 1e9;
    }

    /** The fastest of some passes over an array that no cache holds. */
    private double readBytes() {
        long[] values = new long[READ_LONGS];
        double fastest = IntStream.range(0, 8)
                .mapToDouble(pass -> Timings.secondsOf(() -> sum(values)))
                .min()
                .orElseThrow();
        return (double) READ_LONGS * Long.BYTES / fastest;
    }

    private void sum(long[] values) {
        long sum = IntStream.range(0, threads)
                .parallel()
                .mapToLong(part -> {
                    long partial = 0;
                    int share = values.length / threads;
                    for (int i = part * share; i < (part + 1) * share; i++) {
                        partial += values[i];
                    }
                    return partial;
                })
                .sum();
        if (sum != 0) {
            throw new IllegalStateException("The sum of zeros is " + sum);
        }
    }
}
