package io.github.longwing.jobs;

import io.github.longwing.spark.DocumentSummaries;

/** What the commands ask of the layers below; tests put fakes in the place of a model. */
record Backend(Models models, SummaryRun summaryRun) {
    static Backend standard() {
        return new Backend(new StandardModels(), DocumentSummaries::summarize);
    }
}
