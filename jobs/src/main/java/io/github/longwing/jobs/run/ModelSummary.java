package io.github.longwing.jobs.run;

import io.github.longwing.jobs.options.WindowPlan;
import java.nio.file.Path;
import java.util.List;

/**
 * What a job's model is like, as far as its small files tell.
 *
 * @param files a directory with the tokenizer's files and config.json; weights may be missing
 * @param notes what the user should be told before work starts, in whole sentences
 */
public record ModelSummary(Path files, WindowPlan windows, Estimate estimate, List<String> notes) {}
