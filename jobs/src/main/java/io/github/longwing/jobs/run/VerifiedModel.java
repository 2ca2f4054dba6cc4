package io.github.longwing.jobs.run;

import io.github.longwing.config.Precision;
import io.github.longwing.config.RandomBlocks;
import java.nio.file.Path;

/**
 * A model that is there.
 *
 * @param files has at least config.json, generation_config.json and the tokenizer's files
 */
public record VerifiedModel(Path files, Precision precision, RandomBlocks randomBlocks) {}
