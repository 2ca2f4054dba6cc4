package io.github.longwing.jobs.command;

import io.github.longwing.config.GenerationConfig;
import io.github.longwing.config.Passes;
import io.github.longwing.jobs.conf.ResolvedOption;
import io.github.longwing.jobs.options.WindowOptionGroup;
import io.github.longwing.jobs.options.WindowPlan;
import java.util.List;
import java.util.Optional;

/**
 * The options of a task for one model.
 *
 * @param generation with the user's options in it; empty for tasks that generate nothing
 * @param passes what the model computes for a window
 * @param defaults options that the user left to the model or the task
 */
record FittedTask<S>(
        S options,
        WindowPlan windows,
        Optional<GenerationConfig> generation,
        Passes passes,
        List<ResolvedOption> defaults) {

    /** A task that generates nothing. */
    static <S> FittedTask<S> withoutGeneration(S options, WindowOptionGroup.Fitted windows, Passes passes) {
        return new FittedTask<>(options, windows.plan(), Optional.empty(), passes, windows.defaults());
    }
}
