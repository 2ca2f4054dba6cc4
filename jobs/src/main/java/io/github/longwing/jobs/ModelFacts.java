package io.github.longwing.jobs;

import io.github.longwing.config.BigBirdPegasusConfig;
import io.github.longwing.config.GenerationConfig;
import io.github.longwing.config.Precision;
import java.nio.file.Path;

/**
 * What a job's model is like, as far as its small files tell.
 *
 * @param files a directory with the tokenizer's files and config.json; weights may be missing
 * @param generation with the user's settings in it
 * @param sourceLimit the most tokens of a document that are read, eos included
 */
record ModelFacts(
        Path files, BigBirdPegasusConfig config, GenerationConfig generation, Precision precision, int sourceLimit) {}
