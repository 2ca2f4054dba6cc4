package io.github.longwing.jobs.benchmark;

import io.github.longwing.config.GenerationOverrides;
import io.github.longwing.jobs.console.Failures;
import io.github.longwing.jobs.console.JobFailure;
import io.github.longwing.task.Document;
import io.github.longwing.task.DocumentResult;
import io.github.longwing.task.LoadedTask;
import io.github.longwing.task.WindowOptions;
import io.github.longwing.task.summarize.Summaries;
import io.github.longwing.task.summarize.Summarizer;
import io.github.longwing.task.summarize.SummarizerOptions;
import io.github.longwing.tokenizer.Newlines;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** How long documents of one length take. For one thread. */
public final class SpeedBenchmark {
    public static final int AT_ONCE = 4;

    private static final int ATTEMPTS = 3;

    /** A token of English has four or five characters on average; eight make sure that a text has enough tokens. */
    private static final int MAX_CHARACTERS_PER_TOKEN = 8;

    private final Path model;
    private final int threads;
    private final int newTokens;
    private final Integer numBeams;
    private final String corpus;
    private String label = "";

    public SpeedBenchmark(
            Path model, int threads, int newTokens, Integer numBeams, List<SampleDocuments.Sample> samples) {
        this.model = model;
        this.threads = threads;
        this.newTokens = newTokens;
        this.numBeams = numBeams;
        this.corpus = samples.stream().map(SampleDocuments.Sample::text).collect(Collectors.joining("\n"));
    }

    /**
     * The measured times for one length.
     *
     * @param firstTokenSeconds encoding, and one step of decoding
     * @param sharedDocumentSeconds for each of {@link #AT_ONCE} documents, which share the steps of the decoder
     */
    public record Figures(
            double firstTokenSeconds,
            double furtherTokenSeconds,
            double documentSeconds,
            double sharedDocumentSeconds) {}

    /** Name and fingerprint of the model; empty before the first measurement. */
    public String model() {
        return label;
    }

    public Figures measure(int tokens) {
        String text = text(corpus, tokens);
        double first;
        try (LoadedTask<Summaries> summarizer = open(tokens, 1)) {
            label = summarizer.model();
            first = fastest(summarizer, text, 1);
        }
        try (LoadedTask<Summaries> summarizer = open(tokens, newTokens)) {
            double alone = fastest(summarizer, text, 1);
            double shared = fastest(summarizer, text, AT_ONCE) / AT_ONCE;
            return new Figures(first, Math.max(0, alone - first) / (newTokens - 1), alone, shared);
        }
    }

    private LoadedTask<Summaries> open(int tokens, int generated) {
        Map<String, String> generation = new HashMap<>();
        generation.put("max_new_tokens", Integer.toString(generated));
        generation.put("extractive", "false"); // whole sentences have no length that can be asked for
        generation.put("min_new_tokens", Integer.toString(generated));
        if (numBeams != null) {
            generation.put("num_beams", Integer.toString(numBeams));
        }
        return Summarizer.open(
                model,
                new SummarizerOptions(
                        GenerationOverrides.parse(generation), WindowOptions.first(tokens), Newlines.NEWLINE, 0),
                threads);
    }

    /** The fastest of several attempts; the first one maps the weights and warms up. */
    private static double fastest(LoadedTask<Summaries> summarizer, String text, int documents) {
        return IntStream.range(0, ATTEMPTS)
                .mapToDouble(attempt -> seconds(summarizer, text, documents))
                .min()
                .orElseThrow();
    }

    private static double seconds(LoadedTask<Summaries> summarizer, String text, int documents) {
        long start = System.nanoTime();
        List<Future<DocumentResult<Summaries>>> futures = new ArrayList<>();
        IntStream.range(0, documents)
                .forEach(i -> futures.add(summarizer.submit(new Document(Integer.toString(i), text))));
        futures.forEach(SpeedBenchmark::finish);
        return (System.nanoTime() - start) / 1e9;
    }

    private static void finish(Future<DocumentResult<Summaries>> future) {
        try {
            if (future.get() instanceof DocumentResult.Failure<Summaries> failure) {
                throw new JobFailure("Cannot measure: " + failure.error().message());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new JobFailure("Cannot measure: the thread was interrupted", e);
        } catch (ExecutionException e) {
            throw new JobFailure("Cannot measure: " + Failures.sentence(e), e);
        }
    }

    /** More than so many tokens; the summarizer truncates them. */
    static String text(String corpus, int tokens) {
        int characters = tokens * MAX_CHARACTERS_PER_TOKEN;
        String repeated = corpus.repeat(Math.max(1, (characters + corpus.length() - 1) / corpus.length()));
        return repeated.substring(0, Math.min(repeated.length(), characters));
    }
}
