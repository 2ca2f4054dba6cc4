package io.github.longwing.jobs.command;

import io.github.longwing.jobs.run.MachineModels;
import io.github.longwing.jobs.run.Models;
import io.github.longwing.jobs.run.TaskRun;
import io.github.longwing.spark.DocumentTransformation;

/** What the commands ask of the layers below; tests put fakes in the place of a model. */
public record Backend(Models models, TaskRun taskRun) {
    public static Backend standard() {
        return new Backend(new MachineModels(), DocumentTransformation::apply);
    }
}
