package io.github.longwing.jobs;

import java.nio.file.Path;
import java.util.List;

/**
 * What a job's model is like, as far as its small files tell.
 *
 * @param files a directory with the tokenizer's files and config.json; weights may be missing
 * @param notes what the user should be told before work starts, in whole sentences
 */
record ModelFacts(Path files, Windows windows, Estimate estimate, List<String> notes) {}
