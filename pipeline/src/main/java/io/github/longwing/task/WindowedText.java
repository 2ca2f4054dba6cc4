package io.github.longwing.task;

import io.github.longwing.config.AttentionType;
import io.github.longwing.config.BigBirdPegasusConfig;
import io.github.longwing.segmentation.CodePointText;
import io.github.longwing.segmentation.Window;
import io.github.longwing.tokenizer.TokenizedDocument;
import java.util.Arrays;
import java.util.List;

/**
 * A tokenized text and its windows.
 *
 * @param windows the pieces that are read, at least one
 * @param reserved tokens of each run that are not the window's: the eos, and the question with it
 */
public record WindowedText(
        CodePointText text,
        TokenizedDocument tokens,
        List<Window> windows,
        DocumentResult.Truncation truncation,
        int reserved) {

    /** The input of the model for a window: its tokens and the eos. */
    public int[] inputIds(Window window) {
        int[] ids = Arrays.copyOfRange(tokens.ids(), window.firstToken(), window.endToken() + 1);
        ids[ids.length - 1] = eos();
        return ids;
    }

    int eos() {
        return tokens.ids()[tokens.length() - 1];
    }

    /** The share of a window in all tokens that are read, 0 to 1. */
    public double share(Window window) {
        double all = windows.stream().mapToInt(w -> w.length() + reserved).sum();
        return (window.length() + reserved) / all;
    }

    /** The result of a document that was read in these windows. */
    public <T> DocumentResult.Success<T> success(BigBirdPegasusConfig config, T output) {
        return new DocumentResult.Success<>(tokens.length(), truncation, windows.size(), attention(config), output);
    }

    /** The attention type of the longest window. */
    public AttentionType attention(BigBirdPegasusConfig config) {
        int longest = windows.stream().mapToInt(Window::length).max().orElseThrow() + reserved;
        return config.attentionFor(longest);
    }
}
