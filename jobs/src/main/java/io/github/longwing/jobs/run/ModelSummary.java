package io.github.longwing.jobs.run;

import io.github.longwing.jobs.options.WindowPlan;
import java.nio.file.Path;
import java.util.List;

/**
 * What a job needs to know about its model, from the files without weights.
 *
 * @param files a directory with the tokenizer's files and config.json; weights may be missing
 * @param notes sentences for the user before work starts
 */
public record ModelSummary(Path files, WindowPlan windows, Estimate estimate, List<String> notes) {
    /** Of a token of a text in a Latin script, roughly. */
    private static final int BYTES_PER_TOKEN = 4;

    /** How long the model works on a text of so many bytes, as a number that others are compared with. */
    double work(long bytes) {
        int tokens = (int) Math.min(Integer.MAX_VALUE, bytes / BYTES_PER_TOKEN + 1);
        return windows.runs(tokens)
                .mapToDouble(window -> estimate.seconds(window, /* cores */ 1))
                .sum();
    }
}
