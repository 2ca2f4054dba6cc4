package io.github.longwing.jobs.command;

import io.github.longwing.config.BigBirdPegasusConfig;
import io.github.longwing.config.Precision;
import io.github.longwing.error.UserException;
import io.github.longwing.jobs.benchmark.PeakMemory;
import io.github.longwing.jobs.benchmark.QualityBenchmark;
import io.github.longwing.jobs.benchmark.SampleDocuments;
import io.github.longwing.jobs.benchmark.SpeedBenchmark;
import io.github.longwing.jobs.console.ExitStatus;
import io.github.longwing.jobs.console.ProgressLine;
import io.github.longwing.jobs.console.Terminal;
import io.github.longwing.jobs.options.ModelOptions;
import io.github.longwing.spark.models.LocatedModel;
import io.github.longwing.spark.options.ModelReference;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures Longwing on this machine. */
@Command(
        name = "benchmark",
        sortOptions = false,
        customSynopsis = "longwing benchmark [--model MODEL] [--quality] [OPTION...]",
        description = {
            "Measures how long this machine takes for documents of several lengths, without Spark and without Python;",
            "with --quality, how much int8 changes the summaries and how much faster it is than float32.",
            "The comparison with transformers is benchmarks/run."
        })
public final class BenchmarkCommand implements Callable<Integer> {
    private final Terminal terminal;
    private final Backend backend;

    @Mixin
    private ModelOptions model;

    @Option(
            names = "--tokens",
            paramLabel = "N",
            split = ",",
            defaultValue = "1024,2048,4096",
            description = "Lengths of the documents, with commas between them. Default: ${DEFAULT-VALUE}.")
    private List<Integer> tokens;

    @Option(
            names = "--new-tokens",
            paramLabel = "N",
            defaultValue = "64",
            description = "How many tokens are generated for each. Default: ${DEFAULT-VALUE}.")
    private int newTokens;

    @Option(names = "--num-beams", paramLabel = "N", description = "Beams of the search. Default: the model's own.")
    private Integer numBeams;

    @Option(names = "--threads", paramLabel = "N", description = "Threads of ONNX Runtime. Default: one for each core.")
    private Integer threads;

    @Option(
            names = "--input",
            paramLabel = "FILE",
            description = "JSON lines with text, and summary to compare with. Default: samples that the jar carries.")
    private Path input;

    @Option(names = "--quality", description = "Compare the summaries of int8 with those of float32.")
    private boolean quality;

    @Option(
            names = "--documents",
            paramLabel = "N",
            defaultValue = "8",
            description = "How many documents --quality reads. Default: ${DEFAULT-VALUE}.")
    private int documents;

    public BenchmarkCommand(Terminal terminal, Backend backend) {
        this.terminal = terminal;
        this.backend = backend;
    }

    @Override
    public Integer call() {
        requireAtLeast("--new-tokens", newTokens, 2);
        requireAtLeast("--documents", documents, 1);
        requireAtLeast("--threads", threads(), 1);
        tokens.forEach(length -> requireAtLeast("--tokens", length, 2));
        List<SampleDocuments.Sample> samples = input == null ? SampleDocuments.embedded() : SampleDocuments.read(input);
        ModelReference pinned = backend.models().pin(model.reference());
        if (quality) {
            compare(pinned, samples.subList(0, Math.min(documents, samples.size())));
        } else {
            measure(pinned, samples);
        }
        return ExitStatus.OK.code();
    }

    private void measure(ModelReference reference, List<SampleDocuments.Sample> samples) {
        try (LocatedModel located = backend.models().locate(reference)) {
            SpeedBenchmark benchmark = new SpeedBenchmark(located.directory(), threads(), newTokens, numBeams, samples);
            int positions = BigBirdPegasusConfig.read(located.directory().resolve("config.json"))
                    .maxPositionEmbeddings();
            tokens.stream().filter(length -> length > positions).findFirst().ifPresent(length -> {
                throw new UserException("Cannot measure: --tokens names " + length + ", expected at most " + positions
                        + ", the model's max_position_embeddings; leave it out");
            });
            terminal.out()
                    .println("tokens  to the first token  each further token  " + newTokens + " tokens  "
                            + SpeedBenchmark.AT_ONCE + " documents at once, each");
            for (int length : tokens) {
                SpeedBenchmark.Figures figures = benchmark.measure(length);
                terminal.out()
                        .println(String.format(
                                Locale.ROOT,
                                "%6d  %16.2f s  %15.1f ms  %7.2f s  %24.2f s",
                                length,
                                figures.firstTokenSeconds(),
                                1000 * figures.furtherTokenSeconds(),
                                figures.documentSeconds(),
                                figures.sharedDocumentSeconds()));
            }
            terminal.out()
                    .println(
                            benchmark.model() + ", " + ProgressLine.count(threads(), "thread") + PeakMemory.sentence());
        }
    }

    private void compare(ModelReference reference, List<SampleDocuments.Sample> samples) {
        QualityBenchmark.Run float32 = run(reference, Precision.FLOAT32, samples);
        QualityBenchmark.Run int8 = run(reference, Precision.INT8, samples);
        QualityBenchmark.report(float32, int8, samples).forEach(terminal.out()::println);
    }

    private QualityBenchmark.Run run(
            ModelReference reference, Precision precision, List<SampleDocuments.Sample> samples) {
        ModelReference wanted = new ModelReference(reference.location(), reference.randomBlocks(), precision);
        try (LocatedModel located = backend.models().locate(wanted)) {
            return QualityBenchmark.run(located.directory(), threads(), numBeams, samples);
        }
    }

    private int threads() {
        return threads == null ? Runtime.getRuntime().availableProcessors() : threads;
    }

    private static void requireAtLeast(String option, int value, int least) {
        if (value < least) {
            throw new UserException(
                    "Cannot use " + option + ": it is " + value + ", expected a whole number from " + least + " up");
        }
    }
}
