package io.github.longwing.jobs.command;

import io.github.longwing.jobs.options.JobOptions;

/** A command whose options also stand in files of settings. */
public interface JobCommand {
    JobOptions options();
}
