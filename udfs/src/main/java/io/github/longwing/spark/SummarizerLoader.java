package io.github.longwing.spark;

import io.github.longwing.task.DocumentTask;
import io.github.longwing.task.Summaries;
import io.github.longwing.tokenizer.Newlines;
import java.util.Map;

/** Loads the summarizer that the options of a job describe. */
record SummarizerLoader(
        ModelReference model, Map<String, String> generation, Integer maxSourceTokens, Newlines newlines)
        implements TaskLoader<Summaries> {

    static SummarizerLoader of(SummarizeOptions options) {
        return new SummarizerLoader(
                options.model(), options.generation(), options.maxSourceTokens(), options.newlines());
    }

    @Override
    public DocumentTask<Summaries> load(ThreadBudget threads) {
        throw new UnsupportedOperationException("The summarizer is not part of this build yet");
    }
}
