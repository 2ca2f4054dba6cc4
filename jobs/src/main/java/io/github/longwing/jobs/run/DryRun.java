package io.github.longwing.jobs.run;

import static org.apache.spark.sql.functions.col;

import io.github.longwing.error.DocumentException;
import io.github.longwing.jobs.console.ProgressLine;
import io.github.longwing.jobs.console.Terminal;
import io.github.longwing.jobs.input.Documents;
import io.github.longwing.jobs.options.WindowPlan;
import io.github.longwing.jobs.session.JobSession;
import io.github.longwing.spark.options.DocumentColumns;
import io.github.longwing.task.LongDocuments;
import io.github.longwing.tokenizer.Tokenizer;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/** Shows what a job would do: schemas, token counts of its first documents, and what that would take. */
final class DryRun {
    /** Documents that are tokenized, enough to know the others by. */
    private static final int MAX_DOCUMENTS = 1_000;

    private final PrintStream out;
    private final JobSession session;
    private final DocumentColumns columns;

    DryRun(Terminal terminal, JobSession session, DocumentColumns columns) {
        this.out = terminal.out();
        this.session = session;
        this.columns = columns;
    }

    void show(Documents documents, Job.Ready job) {
        documents.account().ifPresent(account -> out.println(account.line()));
        show("Input", documents.rows().schema());
        show("Output", job.schema(documents.rows()));
        int[] tokens = tokens(documents.rows(), job.model().files());
        if (tokens.length == 0) {
            out.println("Documents: none with a text");
            return;
        }
        OptionalLong all = documents.count();
        showTokens(tokens, all, job.model().windows());
        showEstimates(tokens, all, job.model());
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

    private void showEstimates(int[] tokens, OptionalLong all, ModelSummary model) {
        Estimate estimate = model.estimate();
        int longest = runs(tokens, model).max().orElseThrow();
        int cores = session.context().map(SparkContext::defaultParallelism).orElse(1);
        long millis = runs(tokens, model)
                .mapToLong(count -> estimate.time(count, cores).toMillis())
                .sum();
        double share = all.isPresent() ? (double) all.getAsLong() / tokens.length : 1;
        out.println("Memory, native, roughly: " + gigabytes(estimate.weightBytes()) + " for the weights on each host, "
                + gigabytes(estimate.documentBytes(longest)) + " for each of the longest documents under way");
        out.println("Time, roughly: " + ProgressLine.time(Duration.ofMillis(Math.round(millis * share))) + " on "
                + ProgressLine.count(cores, "core") + " with AVX-512"
                + (all.isPresent() ? "" : " for these documents"));
    }

    private int[] tokens(Dataset<Row> documents, Path model) {
        Iterator<Row> texts = documents
                .select(text(documents).cast("string"))
                .na()
                .drop()
                .limit(MAX_DOCUMENTS)
                .toLocalIterator();
        IntStream.Builder tokens = IntStream.builder();
        try (Tokenizer tokenizer = Tokenizer.load(model)) {
            while (texts.hasNext()) {
                count(texts.next().getString(0), tokenizer).ifPresent(tokens::add);
            }
        }
        return tokens.build().toArray();
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

    /** A column of the input as it stands, dots and all, else a path into a struct. */
    private Column text(Dataset<Row> documents) {
        boolean caseSensitive = Boolean.parseBoolean(session.spark().conf().get("spark.sql.caseSensitive", "false"));
        return Arrays.stream(documents.columns())
                .filter(name -> caseSensitive ? name.equals(columns.text()) : name.equalsIgnoreCase(columns.text()))
                .findFirst()
                .map(name -> col("`" + name.replace("`", "``") + "`"))
                .orElseGet(() -> col(columns.text()));
    }

    private static IntStream runs(int[] tokens, ModelSummary model) {
        return Arrays.stream(tokens).flatMap(model.windows()::runs);
    }

    private static String gigabytes(long bytes) {
        return String.format(Locale.ROOT, "%.2f GB", bytes / 1e9);
    }
}
