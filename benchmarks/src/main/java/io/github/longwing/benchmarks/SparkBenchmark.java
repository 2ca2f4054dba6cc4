package io.github.longwing.benchmarks;

import com.google.gson.Gson;
import io.github.longwing.spark.DocumentTransformation;
import io.github.longwing.spark.executor.TaskLoader;
import io.github.longwing.spark.executor.ThreadBudget;
import io.github.longwing.spark.options.DocumentColumns;
import io.github.longwing.spark.options.ErrorPolicy;
import io.github.longwing.spark.options.InputPartitioning;
import io.github.longwing.spark.options.ModelReference;
import io.github.longwing.spark.options.TaskOptions;
import io.github.longwing.spark.progress.JobProgress;
import io.github.longwing.task.Document;
import io.github.longwing.task.DocumentResult;
import io.github.longwing.task.LoadedTask;
import io.github.longwing.task.summarize.Summaries;
import io.github.longwing.task.summarize.Summarizer;
import io.github.longwing.task.summarize.SummarizerOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/**
 * Times the same documents through a {@link Summarizer} in a plain loop, through Spark's {@link DocumentTransformation} and
 * through the SQL function, in turn and with equally many threads. All read the same JSON lines; Spark also writes Parquet,
 * as a job does, and the plain loop keeps its results in a list.
 */
final class SparkBenchmark {
    /** As many as the partition function keeps with the model. */
    private static final int LOOK_AHEAD = 8;

    private static final String SCHEMA = "id string, text string";

    private final Path model;
    private final Path documents;
    private final Map<String, String> generation;
    private final InputPartitioning partitioning;
    private final int threads;

    SparkBenchmark(
            Path model, Path documents, Map<String, String> generation, InputPartitioning partitioning, int threads) {
        this.model = model;
        this.documents = documents;
        this.generation = generation;
        this.partitioning = partitioning;
        this.threads = threads;
    }

    /**
     * What the passes took.
     *
     * @param cost what Spark adds, as a share of the plain loop's time
     * @param cpuCost the same of the processor time of the whole JVM, which neighbours on the machine disturb less
     * @param sqlCost what the SQL function takes more than the job, as a share of the job's time
     * @param sqlCpuCost the same of the processor time
     * @param differentSummaries documents on which one did not give the same text; 0 unless something is wrong
     */
    record Result(
            int documents,
            Passes loop,
            Passes spark,
            Passes sql,
            double cost,
            double cpuCost,
            double sqlCost,
            double sqlCpuCost,
            long differentSummaries) {}

    /** Passes of one side over all documents: medians, and every single one. */
    record Passes(double seconds, double cpuSeconds, List<Double> eachSeconds, List<Double> eachCpuSeconds) {
        static Passes of(List<Pass> passes) {
            Timings seconds = new Timings(passes.stream().map(Pass::seconds).toList());
            Timings cpuSeconds =
                    new Timings(passes.stream().map(Pass::cpuSeconds).toList());
            return new Passes(seconds.median(), cpuSeconds.median(), seconds.seconds(), cpuSeconds.seconds());
        }
    }

    private record Pass(double seconds, double cpuSeconds) {
        static Pass of(Runnable work) {
            Duration before = processorTime();
            double seconds = Timings.secondsOf(work);
            return new Pass(seconds, processorTime().minus(before).toNanos() / 1e9);
        }

        private static Duration processorTime() {
            return ProcessHandle.current().info().totalCpuDuration().orElseThrow();
        }
    }

    /** Loads the model once more for Spark's side, with the threads that the executor has. */
    private record Loader(String model, Map<String, String> generation) implements TaskLoader<Summaries> {
        @Override
        public LoadedTask<Summaries> load(ThreadBudget budget) {
            return Summarizer.open(Path.of(model), options(generation), budget.runtimeThreads());
        }
    }

    /** What the benchmark reads of a line. */
    private record Line(String id, String text) {}

    /** One pass of each side unmeasured, then so many of each in turn. */
    Result measure(int passes) throws IOException {
        Path output = Files.createTempDirectory("longwing-spark-benchmark").resolve("summaries");
        try (SparkSession spark = session();
                LoadedTask<Summaries> summarizer = Summarizer.open(model, options(generation), threads)) {
            Map<String, String> expected = summarizeInALoop(summarizer);
            summarizeWithSpark(spark, output);
            long different = different(expected, spark.read().parquet(output.toString()));
            summarizeInSql(spark, output);
            different += different(expected, spark.read().parquet(output.toString()));
            List<Pass> loopPasses = new ArrayList<>();
            List<Pass> sparkPasses = new ArrayList<>();
            List<Pass> sqlPasses = new ArrayList<>();
            for (int pass = 0; pass < passes; pass++) {
                loopPasses.add(Pass.of(() -> summarizeInALoop(summarizer)));
                sparkPasses.add(Pass.of(() -> summarizeWithSpark(spark, output)));
                sqlPasses.add(Pass.of(() -> summarizeInSql(spark, output)));
            }
            Passes loop = Passes.of(loopPasses);
            Passes sparks = Passes.of(sparkPasses);
            Passes sql = Passes.of(sqlPasses);
            return new Result(
                    expected.size(),
                    loop,
                    sparks,
                    sql,
                    sparks.seconds() / loop.seconds() - 1,
                    sparks.cpuSeconds() / loop.cpuSeconds() - 1,
                    sql.seconds() / sparks.seconds() - 1,
                    sql.cpuSeconds() / sparks.cpuSeconds() - 1,
                    different);
        } finally {
            delete(output.getParent());
        }
    }

    private SparkSession session() {
        return SparkSession.builder()
                .master("local[" + threads + "]")
                .appName("longwing-benchmark")
                .config("spark.ui.enabled", false)
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.driver.host", "127.0.0.1")
                .getOrCreate();
    }

    private Map<String, String> summarizeInALoop(LoadedTask<Summaries> summarizer) {
        Map<String, String> summaries = new HashMap<>();
        Queue<Pending> pending = new ArrayDeque<>();
        try (Stream<String> lines = Files.lines(documents)) {
            Gson gson = new Gson();
            for (Iterator<String> each = lines.iterator(); each.hasNext(); ) {
                Line line = gson.fromJson(each.next(), Line.class);
                Document document = new Document(line.id(), line.text());
                pending.add(new Pending(line.id(), summarizer.submit(document)));
                if (pending.size() == LOOK_AHEAD) {
                    pending.remove().putInto(summaries);
                }
            }
            for (Pending document : pending) {
                document.putInto(summaries);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the documents in " + documents, e);
        }
        return summaries;
    }

    private record Pending(String id, Future<DocumentResult<Summaries>> result) {
        void putInto(Map<String, String> summaries) {
            try {
                if (result.get() instanceof DocumentResult.Success<Summaries> success) {
                    summaries.put(id, success.output().best().text());
                } else {
                    throw new IllegalStateException("Cannot compare: document " + id + " gave " + result.get());
                }
            } catch (ExecutionException e) {
                throw new IllegalStateException("Cannot summarize document " + id, e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("Interrupted while document " + id + " was under way", e);
            }
        }
    }

    private void summarizeWithSpark(SparkSession spark, Path output) {
        TaskOptions<SummarizerOptions> options = new TaskOptions<>(
                ModelReference.at(model.toString()),
                DocumentColumns.standard(),
                SummarizerOptions.of(generation),
                ErrorPolicy.PERMISSIVE,
                partitioning);
        Dataset<Row> input = spark.read().schema(SCHEMA).json(documents.toString());
        DocumentTransformation.SUMMARIZE
                .apply(input, options, new Loader(model.toString(), generation), JobProgress.none())
                .write()
                .mode(SaveMode.Overwrite)
                .parquet(output.toString());
    }

    private void summarizeInSql(SparkSession spark, Path output) {
        Map<String, String> options = new HashMap<>(generation);
        options.put("model", model.toString());
        String map = options.entrySet().stream()
                .map(option -> "'" + option.getKey() + "', '" + option.getValue() + "'")
                .collect(Collectors.joining(", "));
        spark.read()
                .schema(SCHEMA)
                .json(documents.toString())
                .selectExpr("id", "longwing_summarize(text, map(" + map + ")) AS summary")
                .write()
                .mode(SaveMode.Overwrite)
                .parquet(output.toString());
    }

    private static long different(Map<String, String> expected, Dataset<Row> summaries) {
        Map<String, String> rest = new HashMap<>(expected);
        for (Row row : summaries.collectAsList()) {
            rest.remove(row.<String>getAs("id"), row.<String>getAs("summary"));
        }
        return rest.size();
    }

    private static SummarizerOptions options(Map<String, String> generation) {
        return SummarizerOptions.of(generation);
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
