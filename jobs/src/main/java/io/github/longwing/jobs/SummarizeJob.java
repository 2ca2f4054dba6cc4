package io.github.longwing.jobs;

import io.github.longwing.config.Architecture;
import io.github.longwing.config.BigBirdPegasusConfig;
import io.github.longwing.config.GenerationConfig;
import io.github.longwing.error.UserException;
import io.github.longwing.spark.DocumentSummaries;
import io.github.longwing.spark.JobProgress;
import io.github.longwing.spark.ModelReference;
import io.github.longwing.spark.SummarizeOptions;
import io.github.longwing.tokenizer.Tokenizer;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Observation;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Summarization as the user asked for it.
 *
 * @param settings puts the model's own generation settings among those of the user
 */
record SummarizeJob(
        SummarizeOptions options,
        JobOptions.Rehearsal rehearsal,
        Models models,
        SummaryRun summaryRun,
        Function<Map<String, String>, ResolvedSettings> settings)
        implements Job {
    private static final Logger LOG = LoggerFactory.getLogger(SummarizeJob.class);
    private static final String NUM_RETURN_SEQUENCES = "num_return_sequences";

    /** A token and the eos. */
    private static final int LEAST_SOURCE_TOKENS = 2;

    @Override
    public String name() {
        return "summarize";
    }

    @Override
    public StructType schema(Dataset<Row> documents) {
        return DocumentSummaries.schema(documents, options);
    }

    @Override
    public Ready prepare() {
        // not before Spark runs, which knows how to reach a model behind a URI
        ModelReference pinned = models.pin(options.model());
        CheckedModel model =
                switch (rehearsal) {
                    case RUN -> models.check(pinned);
                    case DRY_RUN -> models.describe(pinned);
                };
        try (Tokenizer tokenizer = Tokenizer.load(model.files())) {
            LOG.debug("The tokenizer of {} has {} ids", model.files(), tokenizer.vocabularySize());
        }
        BigBirdPegasusConfig config = BigBirdPegasusConfig.read(model.files().resolve("config.json"));
        if (config.architecture() != Architecture.CONDITIONAL_GENERATION) {
            throw new UserException("Cannot summarize with this model: architectures is "
                    + config.architecture().configName() + ", expected "
                    + Architecture.CONDITIONAL_GENERATION.configName() + "; name another with --model");
        }
        GenerationConfig own = GenerationConfig.read(model.files());
        GenerationConfig generation = own.with(options.generation());
        generation.checkAgainst(config);
        ModelFacts facts = new ModelFacts(
                model.files(), config, generation, model.precision(), sourceLimit(config.maxPositionEmbeddings()));
        // the number of sequences decides on the columns, so that it may not be left to the executors
        Map<String, String> overrides = new HashMap<>(options.generation());
        overrides.put(NUM_RETURN_SEQUENCES, Integer.toString(generation.numReturnSequences()));
        SummarizeOptions resolved = new SummarizeOptions(
                pinned,
                options.columns(),
                overrides,
                options.maxSourceTokens(),
                options.newlines(),
                options.onError(),
                options.partitioning());
        return new ReadyJob(facts, resolved, settings.apply(ownSettings(own, model)), summaryRun);
    }

    private int sourceLimit(int positions) {
        if (options.maxSourceTokens() != null
                && (options.maxSourceTokens() < LEAST_SOURCE_TOKENS || options.maxSourceTokens() > positions)) {
            throw new UserException("Cannot summarize: --max-source-tokens is " + options.maxSourceTokens()
                    + ", expected " + LEAST_SOURCE_TOKENS + " to " + positions
                    + ", the model's max_position_embeddings; change it or leave it out");
        }
        return options.maxSourceTokens() == null ? positions : options.maxSourceTokens();
    }

    /** What the model says that transformers does not say anyway. */
    private static Map<String, String> ownSettings(GenerationConfig own, CheckedModel model) {
        Map<String, String> settings = new HashMap<>(own.settings());
        settings.entrySet().removeAll(GenerationConfig.defaults().settings().entrySet());
        settings.put("precision", model.precision().configName());
        settings.put("random_blocks", model.randomBlocks().configName());
        return settings;
    }

    private record ReadyJob(
            ModelFacts model, SummarizeOptions options, ResolvedSettings settings, SummaryRun summaryRun)
            implements Ready {
        @Override
        public StructType schema(Dataset<Row> documents) {
            return DocumentSummaries.schema(documents, options);
        }

        @Override
        public Dataset<Row> result(Dataset<Row> documents, JobProgress progress) {
            return summaryRun.summarize(documents, options, progress);
        }

        @Override
        public Dataset<Row> observe(Dataset<Row> result, Observation observation) {
            return DocumentSummaries.observe(result, options, observation);
        }
    }
}
