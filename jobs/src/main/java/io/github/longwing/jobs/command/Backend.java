package io.github.longwing.jobs.command;

import io.github.longwing.jobs.run.TaskRun;
import io.github.longwing.spark.DocumentTransformation;
import io.github.longwing.spark.models.ModelLocator;
import io.github.longwing.spark.models.Models;

/** What the commands use of the layers below; tests replace it by fakes without a model. */
public record Backend(Models models, TaskRun taskRun) {
    public static Backend standard() {
        return new Backend(ModelLocator.ofThisMachine(), DocumentTransformation::applySelected);
    }
}
