package io.github.longwing.task;

import io.github.longwing.tokenizer.Newlines;
import java.util.Map;
import java.util.OptionalInt;

/**
 * How documents are summarized.
 *
 * @param generation overrides of the model's own generation settings, by transformers' names
 * @param maxSourceTokens where documents are cut, with their eos; the model's positions where empty
 * @param threads of ONNX Runtime
 */
public record SummarizerOptions(
        Map<String, String> generation, OptionalInt maxSourceTokens, Newlines newlines, int threads) {
    public SummarizerOptions {
        generation = Map.copyOf(generation);
        if (threads < 1) {
            throw new IllegalArgumentException("threads is " + threads + ", expected at least 1");
        }
    }
}
