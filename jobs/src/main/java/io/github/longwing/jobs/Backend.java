package io.github.longwing.jobs;

import io.github.longwing.spark.DocumentTransformation;

/** What the commands ask of the layers below; tests put fakes in the place of a model. */
record Backend(Models models, TaskRun taskRun) {
    static Backend standard() {
        return new Backend(new StandardModels(), DocumentTransformation::apply);
    }
}
