package io.github.longwing.task.summarize;

import io.github.longwing.batching.Generation;
import io.github.longwing.task.WindowedText;
import java.util.List;

/**
 * The summaries of all windows of one text.
 *
 * @param generations one for each window
 */
record SummaryLevel(WindowedText reading, List<Generation> generations) {

    boolean isOneWindow() {
        return generations.size() == 1;
    }
}
