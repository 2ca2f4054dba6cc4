package io.github.longwing.task.summarize;

import io.github.longwing.batching.Generation;
import io.github.longwing.task.GeneratedText;
import io.github.longwing.task.WindowedText;
import io.github.longwing.tokenizer.Newlines;
import io.github.longwing.tokenizer.Tokenizer;
import java.util.List;

/**
 * The summaries of all windows of one text.
 *
 * @param generations one for each window; without sequences where a window has nothing to extract
 * @param parts what each window gives to the next level, maybe nothing
 */
record SummaryLevel(WindowedText reading, List<Generation> generations, List<String> parts) {

    /** Of summaries that were written freely; line breaks are kept, whatever the user wants in the output. */
    static SummaryLevel of(WindowedText reading, List<Generation> generations, Tokenizer tokenizer) {
        return new SummaryLevel(
                reading,
                generations,
                generations.stream()
                        .map(g -> GeneratedText.of(g.sequences().get(0), tokenizer, Newlines.NEWLINE)
                                .text())
                        .toList());
    }

    boolean isOneWindow() {
        return generations.size() == 1;
    }
}
