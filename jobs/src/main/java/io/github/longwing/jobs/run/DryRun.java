package io.github.longwing.jobs.run;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.size;

import io.github.longwing.error.DocumentException;
import io.github.longwing.jobs.console.ProgressLine;
import io.github.longwing.jobs.console.Terminal;
import io.github.longwing.jobs.input.Documents;
import io.github.longwing.jobs.options.WindowPlan;
import io.github.longwing.jobs.session.JobSession;
import io.github.longwing.spark.columns.InputColumns;
import io.github.longwing.spark.options.RowUnit;
import io.github.longwing.task.LongDocuments;
import io.github.longwing.tokenizer.Tokenizer;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/** Shows what a job would do: schemas, token counts of its first documents, and estimates of memory and time. */
final class DryRun {
    /** Documents that are tokenized; the rest is extrapolated from them. */
    private static final int MAX_DOCUMENTS = 1_000;

    private final PrintStream out;
    private final JobSession session;

    /**
     * A document as it is counted.
     *
     * @param tokens of its text, eos included
     * @param questions how often the model reads it
     */
    private record Sample(int tokens, int questions) {}

    DryRun(Terminal terminal, JobSession session) {
        this.out = terminal.out();
        this.session = session;
    }

    void show(Documents documents, Job.Ready job) {
        documents.account().ifPresent(account -> out.println(account.line()));
        show("Input", documents.rows().schema());
        show("Output", job.schema(documents.rows()));
        List<Sample> samples = samples(documents.rows(), job);
        if (samples.isEmpty()) {
            out.println("Documents: none with a text");
            return;
        }
        OptionalLong all = documents.count();
        showTokens(
                samples.stream().mapToInt(Sample::tokens).toArray(),
                all,
                job.model().windows());
        showEstimates(samples, all, job.model());
        out.println("Dry run: no model was run and nothing was written");
    }

    private void show(String title, StructType schema) {
        out.println(title + ":");
        Arrays.stream(schema.fields())
                .forEach(field -> out.println(
                        "  " + field.name() + ": " + field.dataType().simpleString()));
    }

    private void showTokens(int[] tokens, OptionalLong all, WindowPlan windows) {
        int[] sorted = tokens.clone();
        Arrays.sort(sorted);
        long total = Arrays.stream(sorted).asLongStream().sum();
        String of = all.isPresent()
                ? ProgressLine.number(tokens.length) + " of " + ProgressLine.count(all.getAsLong(), "document")
                : "the first " + ProgressLine.count(tokens.length, "document");
        out.println("Tokens of " + of + " with a text: " + ProgressLine.number(total) + " in all, median "
                + ProgressLine.number(sorted[sorted.length / 2]) + ", least " + ProgressLine.number(sorted[0])
                + ", most " + ProgressLine.number(sorted[sorted.length - 1]) + "; " + longOnes(sorted, windows));
    }

    private static String longOnes(int[] tokens, WindowPlan windows) {
        int[] longOnes = Arrays.stream(tokens).filter(windows::isLong).toArray();
        String found = ProgressLine.number(longOnes.length) + " longer than " + ProgressLine.number(windows.limit());
        if (longOnes.length == 0) {
            return found;
        }
        return windows.longDocuments() == LongDocuments.TRUNCATE
                ? found + " and cut"
                : found + ", read in about "
                        + ProgressLine.count(
                                Arrays.stream(longOnes)
                                        .mapToLong(windows::count)
                                        .sum(),
                                "window");
    }

    private void showEstimates(List<Sample> samples, OptionalLong all, ModelSummary model) {
        int longest = samples.stream()
                .flatMapToInt(sample -> model.windows().runs(sample.tokens()))
                .max()
                .orElseThrow();
        int cores = session.context().map(SparkContext::defaultParallelism).orElse(1);
        long millis = samples.stream()
                .mapToLong(sample -> sample.questions() * millis(sample, model, cores))
                .sum();
        double share = all.isPresent() ? (double) all.getAsLong() / samples.size() : 1;
        session.context()
                .ifPresent(context -> out.println(
                        MemoryCheck.of(model, longest, context.conf()).sentence()));
        out.println("Time, roughly: " + ProgressLine.time(Duration.ofMillis(Math.round(millis * share))) + " on "
                + ProgressLine.count(cores, "core") + " with AVX-512"
                + (all.isPresent() ? "" : " for these documents"));
    }

    private static long millis(Sample sample, ModelSummary model, int cores) {
        return model.windows()
                .runs(sample.tokens())
                .mapToLong(tokens -> model.estimate().time(tokens, cores).toMillis())
                .sum();
    }

    /** The first documents that have a text; every question of an array reads its document again. */
    private static List<Sample> samples(Dataset<Row> documents, Job.Ready job) {
        Dataset<Row> projected = InputColumns.project(documents, job.columns());
        Column text = column(projected, InputColumns.TEXT).cast("string");
        boolean hasArrays = job.unit(documents) == RowUnit.QUESTION;
        Column questions = hasArrays ? size(column(projected, InputColumns.QUESTION)) : lit(1);
        Iterator<Row> rows = projected
                .where(text.isNotNull())
                .select(text, questions)
                .limit(MAX_DOCUMENTS)
                .toLocalIterator();
        List<Sample> samples = new ArrayList<>();
        try (Tokenizer tokenizer = Tokenizer.load(job.model().files())) {
            while (rows.hasNext()) {
                Row row = rows.next();
                int asked = row.isNullAt(1) ? 0 : Math.max(0, row.getInt(1));
                count(row.getString(0), tokenizer).ifPresent(tokens -> samples.add(new Sample(tokens, asked)));
            }
        }
        return samples;
    }

    private static Column column(Dataset<Row> projected, int index) {
        return col("`" + projected.columns()[index] + "`");
    }

    /** The tokens of a text; empty for one that has none, or that becomes an error row. */
    private static OptionalInt count(String text, Tokenizer tokenizer) {
        try {
            return text.isEmpty()
                    ? OptionalInt.empty()
                    : OptionalInt.of(tokenizer.tokenize(text).length());
        } catch (DocumentException e) {
            return OptionalInt.empty();
        }
    }
}
