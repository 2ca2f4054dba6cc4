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
public record ModelSummary(Path files, WindowPlan windows, Estimate estimate, List<String> notes) {}
