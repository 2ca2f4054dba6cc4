package io.github.longwing.jobs.benchmark;

import io.github.longwing.evaluation.Rouge;
import io.github.longwing.jobs.console.Failures;
import io.github.longwing.jobs.console.JobFailure;
import io.github.longwing.jobs.console.ProgressLine;
import io.github.longwing.task.Document;
import io.github.longwing.task.DocumentResult;
import io.github.longwing.task.LoadedTask;
import io.github.longwing.task.summarize.Summaries;
import io.github.longwing.task.summarize.Summarizer;
import io.github.longwing.task.summarize.SummarizerOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/** What int8 makes of summaries, beside float32. */
public final class QualityBenchmark {
    private QualityBenchmark() {}

    /** The summaries of one precision, in the order of the documents; an error gives an empty one. */
    public record Run(String model, List<String> summaries, double seconds) {}

    public static Run run(Path model, int threads, Integer numBeams, List<SampleDocuments.Sample> samples) {
        Map<String, String> generation = numBeams == null ? Map.of() : Map.of("num_beams", Integer.toString(numBeams));
        SummarizerOptions options = SummarizerOptions.of(generation);
        try (LoadedTask<Summaries> summarizer = Summarizer.open(model, options, threads)) {
            long start = System.nanoTime();
            List<Future<DocumentResult<Summaries>>> futures = new ArrayList<>();
            for (int i = 0; i < samples.size(); i++) {
                futures.add(summarizer.submit(
                        new Document(Integer.toString(i), samples.get(i).text())));
            }
            List<String> summaries =
                    futures.stream().map(QualityBenchmark::summary).toList();
            return new Run(summarizer.model(), summaries, (System.nanoTime() - start) / 1e9);
        }
    }

    public static List<String> report(Run float32, Run int8, List<SampleDocuments.Sample> samples) {
        int count = samples.size();
        List<Rouge> between = IntStream.range(0, count)
                .mapToObj(i ->
                        Rouge.of(int8.summaries().get(i), float32.summaries().get(i)))
                .toList();
        long same = IntStream.range(0, count)
                .filter(i -> int8.summaries().get(i).equals(float32.summaries().get(i)))
                .count();
        List<String> lines = new ArrayList<>();
        lines.add(ProgressLine.count(count, "document") + ", " + float32.model() + " and " + int8.model());
        lines.add("int8 gives the summary of float32, word for word, for " + same + " of them; in common: "
                + show(Rouge.mean(between)));
        lines.add(String.format(
                Locale.ROOT,
                "%.1f%% of the words are the same at the same place",
                100 * agreement(float32.summaries(), int8.summaries())));
        lines.add(String.format(
                Locale.ROOT,
                "float32 %.1f s, int8 %.1f s: %.2f times as fast",
                float32.seconds(),
                int8.seconds(),
                float32.seconds() / int8.seconds()));
        int[] withReference = IntStream.range(0, count)
                .filter(i -> samples.get(i).summary().isPresent())
                .toArray();
        if (withReference.length > 0) {
            Rouge ofFloat32 = beside(float32, samples, withReference);
            Rouge ofInt8 = beside(int8, samples, withReference);
            lines.add("float32 beside the human summaries: " + show(ofFloat32));
            lines.add("int8    beside the human summaries: " + show(ofInt8));
            lines.add(String.format(
                    Locale.ROOT,
                    "int8 less float32: ROUGE-Lsum %+.2f",
                    100 * (ofInt8.rougeLsum() - ofFloat32.rougeLsum())));
        }
        return lines;
    }

    /** The share of words that are the same at the same place, of the longer summary of each document. */
    static double agreement(List<String> expected, List<String> found) {
        long same = 0;
        long all = 0;
        for (int i = 0; i < expected.size(); i++) {
            String[] words = words(expected.get(i));
            String[] others = words(found.get(i));
            same += IntStream.range(0, Math.min(words.length, others.length))
                    .filter(word -> words[word].equals(others[word]))
                    .count();
            all += Math.max(words.length, others.length);
        }
        return all == 0 ? 1 : (double) same / all;
    }

    private static String[] words(String summary) {
        return summary.isBlank() ? new String[0] : summary.strip().split("\\s+", -1);
    }

    private static Rouge beside(Run run, List<SampleDocuments.Sample> samples, int[] documents) {
        return Rouge.mean(IntStream.of(documents)
                .mapToObj(i -> Rouge.of(
                        run.summaries().get(i), samples.get(i).summary().orElseThrow()))
                .toList());
    }

    private static String summary(Future<DocumentResult<Summaries>> future) {
        try {
            return future.get() instanceof DocumentResult.Success<Summaries> success
                    ? success.output().best().text()
                    : "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new JobFailure("Cannot measure: the thread was interrupted", e);
        } catch (ExecutionException e) {
            throw new JobFailure("Cannot measure: " + Failures.sentence(e), e);
        }
    }

    private static String show(Rouge rouge) {
        return String.format(
                Locale.ROOT,
                "ROUGE-1 %.1f, ROUGE-2 %.1f, ROUGE-Lsum %.1f",
                100 * rouge.rouge1(),
                100 * rouge.rouge2(),
                100 * rouge.rougeLsum());
    }
}
