package io.github.longwing.benchmarks;

import com.google.gson.FieldNamingPolicy;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.github.longwing.config.BigBirdPegasusConfig;
import io.github.longwing.config.MemoryPlan;
import io.github.longwing.config.Precision;
import io.github.longwing.config.RandomBlocks;
import io.github.longwing.error.UserException;
import io.github.longwing.runtime.ModelSessions;
import io.github.longwing.runtime.SessionSettings;
import io.github.longwing.spark.options.InputPartitioning;
import io.github.longwing.store.ImportOptions;
import io.github.longwing.store.ModelDirectory;
import io.github.longwing.store.ModelImporter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Measures Longwing on a model directory and prints JSON, one measurement for each process: memory is counted by
 * process, and other contestants get their turn between. {@code benchmarks/run} calls it; by hand:
 *
 * <pre>java -Xmx1g -cp benchmarks/target/classes:$(cat benchmarks/target/launch/classpath) \
 *     io.github.longwing.benchmarks.Measure encoder --model DIRECTORY --ids ids.json --lengths 1024,4096</pre>
 */
@Command(
        name = "measure",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        description = "Measures Longwing and prints JSON; times are in seconds, memory is in bytes.")
public final class Measure implements Runnable {
    private static final int FAILED = 1;
    private static final int REFUSED = 2;

    private static final Gson JSON = new GsonBuilder()
            .setFieldNamingPolicy(FieldNamingPolicy.LOWER_CASE_WITH_UNDERSCORES)
            .setPrettyPrinting()
            .create();

    @Spec
    private CommandLine.Model.CommandSpec spec;

    private Measure() {}

    /** Takes one measurement; the status is 2 where the command line or a file is to blame. */
    public static void main(String[] arguments) {
        CommandLine command = new CommandLine(new Measure()).setCaseInsensitiveEnumValuesAllowed(true);
        command.setExecutionExceptionHandler((error, line, parsed) -> {
            if (error instanceof UserException) {
                line.getErr().println(error.getMessage());
                return REFUSED;
            }
            error.printStackTrace(line.getErr());
            return FAILED;
        });
        int status = command.execute(arguments);
        if (status != 0) {
            System.exit(status);
        }
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Cannot measure: the command line names no measurement");
    }

    /** The model and the document that most measurements need. */
    static final class ModelOptions {
        @Option(names = "--model", required = true, description = "A model directory that Longwing has imported.")
        private Path model;

        @Option(names = "--ids", required = true, description = "A JSON list of token ids that ends with the eos.")
        private Path ids;

        @Option(names = "--threads", description = "Threads of ONNX Runtime; all cores where left out.")
        private int threads = Runtime.getRuntime().availableProcessors();

        @Option(names = "--waiting", defaultValue = "SLEEPING", description = "What threads do between operations.")
        private SessionSettings.Waiting waiting;

        @Option(names = "--profiles", description = "A directory for a profile of the operators of each graph.")
        private Path profiles;

        ModelSessions open() {
            return ModelSessions.open(ModelDirectory.open(model), settings());
        }

        SessionSettings settings() {
            return new SessionSettings(threads, waiting, Optional.ofNullable(profiles));
        }

        int[] document(int tokens) {
            return TokenIds.read(ids).cutTo(tokens);
        }
    }

    /** What is generated, always in full length. */
    static final class BeamOptions {
        @Option(names = "--tokens", required = true, description = "Tokens of the document.")
        private int tokens;

        @Option(names = "--beams", defaultValue = "5", description = "Default: ${DEFAULT-VALUE}.")
        private int beams;

        @Option(names = "--new-tokens", required = true, description = "Tokens to generate.")
        private int newTokens;

        ForcedLength length(ModelSessions bundle) {
            return new ForcedLength(bundle.directory(), beams, newTokens);
        }
    }

    private record ImportResult(double seconds, long peakResidentBytes) {}

    private record EncoderResult(List<EncoderBenchmark.Result> lengths) {}

    private record PlannedMemory(long executorBytes, long mappedBytes, long documentBytes) {}

    private record HeadMemory(HeadBenchmark.Result document, long peakResidentBytes) {}

    private record DocumentMemory(EngineBenchmark.DocumentResult document, long peakResidentBytes) {}

    @Command(name = "import", description = "Imports a transformers directory.")
    void importModel(
            @Option(names = "--source", required = true) Path source,
            @Option(names = "--target", required = true) Path target,
            @Option(names = "--precision", required = true) Precision precision) {
        String name = source.toAbsolutePath().normalize().getFileName().toString();
        ImportOptions options = new ImportOptions(name, precision, RandomBlocks.REFERENCE);
        double seconds = Timings.secondsOf(() -> ModelImporter.run(source, target, options));
        print(new ImportResult(seconds, PeakMemory.bytes()));
    }

    @Command(description = "The encoder, and the projection to cross-attention, at several lengths.")
    void encoder(
            @Mixin ModelOptions model,
            @Option(names = "--lengths", required = true, split = ",") List<Integer> lengths,
            @Option(names = "--runs", defaultValue = "1") int runs,
            @Option(names = "--states", description = "Where to write the states, for each length tokens.f32.")
                    Path states) {
        try (ModelSessions bundle = model.open()) {
            EncoderBenchmark benchmark = new EncoderBenchmark(bundle, TokenIds.read(model.ids));
            EncoderResult result = new EncoderResult(benchmark.measure(lengths, runs));
            if (states != null) {
                lengths.forEach(tokens -> benchmark.writeStates(tokens, states.resolve(tokens + ".f32")));
            }
            print(result);
        }
    }

    @Command(description = "A classifier or question answering on one document, and the peak of memory.")
    void head(
            @Mixin ModelOptions model,
            @Option(names = "--tokens", required = true, description = "Tokens of the document.") int tokens,
            @Option(names = "--runs", defaultValue = "1") int runs) {
        try (ModelSessions bundle = model.open()) {
            HeadBenchmark.Result result = new HeadBenchmark(bundle).measure(model.document(tokens), runs);
            print(new HeadMemory(result, PeakMemory.bytes()));
        }
    }

    @Command(description = "Beam search on one document, step by step.")
    void generation(
            @Mixin ModelOptions model,
            @Mixin BeamOptions beams,
            @Option(names = "--warm-up-tokens", required = true, description = "Tokens of an unmeasured document.")
                    int warmUpTokens) {
        try (ModelSessions bundle = model.open()) {
            GenerationBenchmark benchmark = new GenerationBenchmark(bundle);
            ForcedLength length = beams.length(bundle);
            benchmark.measure(model.document(warmUpTokens), length);
            print(benchmark.measure(model.document(beams.tokens), length));
        }
    }

    @Command(description = "One document through the engine in this fresh process, and the peak of its memory.")
    void document(@Mixin ModelOptions model, @Mixin BeamOptions beams) {
        try (ModelSessions bundle = model.open()) {
            EngineBenchmark benchmark = new EngineBenchmark(bundle, beams.length(bundle));
            EngineBenchmark.DocumentResult result = benchmark.measureDocument(model.document(beams.tokens));
            print(new DocumentMemory(result, PeakMemory.bytes()));
        }
    }

    @Command(description = "One document of a task in this fresh process: the peak of its memory, and the planned one.")
    void memory(
            @Mixin ModelOptions model,
            @Mixin BeamOptions beams,
            @Option(names = "--task", required = true) TaskMemory.Task task) {
        TaskMemory memory = new TaskMemory(ModelDirectory.open(model.model), model.settings());
        print(memory.measure(task, model.document(beams.tokens), beams.beams, beams.newTokens));
    }

    @Command(description = "What an executor needs for one document of a task at a time, by the plan; runs nothing.")
    void plan(
            @Mixin ModelOptions model,
            @Mixin BeamOptions beams,
            @Option(names = "--task", required = true) TaskMemory.Task task) {
        MemoryPlan plan = new TaskMemory(ModelDirectory.open(model.model), model.settings())
                .plan(task, beams.beams, beams.newTokens);
        print(new PlannedMemory(
                plan.executorBytes(beams.tokens, 1), plan.mappedBytes(), plan.documentBytes(beams.tokens)));
    }

    @Command(description = "Several documents through the engine, in turn and all at once.")
    void batching(
            @Mixin ModelOptions model,
            @Mixin BeamOptions beams,
            @Option(names = "--documents", defaultValue = "8") int documents) {
        try (ModelSessions bundle = model.open()) {
            EngineBenchmark benchmark = new EngineBenchmark(bundle, beams.length(bundle));
            print(benchmark.measureBatching(model.document(beams.tokens), documents));
        }
    }

    @Command(description = "Documents of several lengths through the engine, in turn and all at once.")
    void corpus(
            @Mixin ModelOptions model,
            @Option(names = "--lengths", required = true, split = ",") List<Integer> lengths,
            @Option(names = "--beams", defaultValue = "5") int beams,
            @Option(names = "--new-tokens", required = true) int newTokens) {
        try (ModelSessions bundle = model.open()) {
            ForcedLength length = new ForcedLength(bundle.directory(), beams, newTokens);
            print(new EngineBenchmark(bundle, length)
                    .measureCorpus(lengths.stream().map(model::document).toList()));
        }
    }

    @Command(
            description =
                    "One product of the encoder in each arithmetic, and how fast this machine multiplies and reads.")
    void products(
            @Option(names = "--source", required = true, description = "A transformers directory.") Path source,
            @Option(names = "--rows", required = true, split = ",") List<Integer> rows,
            @Option(names = "--threads", required = true) int threads) {
        BigBirdPegasusConfig config = BigBirdPegasusConfig.read(source.resolve("config.json"));
        print(new ProductBenchmark(source, config.dModel(), config.encoderFfnDim(), threads).measure(rows));
    }

    @Command(description = "Documents through a plain loop and through Spark.")
    void spark(
            @Option(names = "--model", required = true) Path model,
            @Option(names = "--input", required = true, description = "JSON lines with id and text.") Path input,
            @Option(names = "--generation", split = ",", description = "Settings such as num_beams=1.")
                    Map<String, String> generation,
            @Option(names = "--partitioning", defaultValue = "BALANCED") InputPartitioning partitioning,
            @Option(names = "--threads", defaultValue = "1") int threads,
            @Option(names = "--passes", defaultValue = "3") int passes)
            throws IOException {
        Map<String, String> settings = generation == null ? Map.of() : generation;
        print(new SparkBenchmark(model, input, settings, partitioning, threads).measure(passes));
    }

    private void print(Object result) {
        spec.commandLine().getOut().println(JSON.toJson(result));
    }
}
