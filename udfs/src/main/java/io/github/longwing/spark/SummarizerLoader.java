package io.github.longwing.spark;

import io.github.longwing.task.DocumentTask;
import io.github.longwing.task.ReadingOptions;
import io.github.longwing.task.Summaries;
import io.github.longwing.task.Summarizer;
import io.github.longwing.task.SummarizerOptions;
import io.github.longwing.tokenizer.Newlines;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/** Loads the summarizer that the options of a job describe. */
record SummarizerLoader(
        ModelReference model, Map<String, String> generation, Integer maxSourceTokens, Newlines newlines)
        implements TaskLoader<Summaries> {

    static SummarizerLoader of(SummarizeOptions options) {
        return new SummarizerLoader(
                options.model(), options.generation(), options.maxSourceTokens(), options.newlines());
    }

    /** The same with the model pinned, unless this is a client far from the cluster, which sees other files. */
    static SummarizerLoader pinned(SummarizeOptions options, SparkSession session) {
        ModelReference model = VisibleContext.of(session).isPresent()
                ? ModelLocator.ofThisMachine().pin(options.model())
                : options.model();
        return new SummarizerLoader(model, options.generation(), options.maxSourceTokens(), options.newlines());
    }

    @Override
    public DocumentTask<Summaries> load(ThreadBudget threads) {
        LocatedModel files = ModelLocator.ofThisMachine().locate(model);
        try {
            SummarizerOptions options = new SummarizerOptions(
                    generation,
                    ReadingOptions.first(maxSourceTokens == null ? ReadingOptions.ALL_POSITIONS : maxSourceTokens),
                    newlines,
                    0);
            return new HeldTask<>(Summarizer.open(files.directory(), options, threads.runtimeThreads()), files);
        } catch (RuntimeException | Error e) {
            files.close();
            throw e;
        }
    }
}
