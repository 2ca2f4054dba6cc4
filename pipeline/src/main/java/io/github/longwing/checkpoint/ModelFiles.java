package io.github.longwing.checkpoint;

import java.util.List;

/** The files of a transformers directory that Longwing reads, apart from the weights. */
public final class ModelFiles {
    public static final String CONFIG = "config.json";

    /** All of them are small, and all but config.json may be missing. */
    public static final List<String> SMALL = List.of(
            CONFIG,
            "generation_config.json",
            "tokenizer.json",
            "tokenizer_config.json",
            "special_tokens_map.json",
            "added_tokens.json",
            "spiece.model");

    private ModelFiles() {}
}
