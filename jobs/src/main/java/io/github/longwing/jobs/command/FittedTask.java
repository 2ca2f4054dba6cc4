package io.github.longwing.jobs.command;

import io.github.longwing.config.GenerationConfig;
import io.github.longwing.jobs.conf.ResolvedOption;
import io.github.longwing.jobs.options.WindowPlan;
import io.github.longwing.jobs.run.Estimate;
import java.util.List;
import java.util.Optional;

/**
 * A task's settings for one model.
 *
 * @param generation with the user's settings in it; empty for tasks that generate nothing
 * @param passes what the model does with a run
 * @param defaults settings that the user left to the model or to the task
 */
record FittedTask<S>(
        S settings,
        WindowPlan windows,
        Optional<GenerationConfig> generation,
        Estimate.Passes passes,
        List<ResolvedOption> defaults) {}
