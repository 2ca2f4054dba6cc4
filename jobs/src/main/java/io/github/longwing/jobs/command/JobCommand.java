package io.github.longwing.jobs.command;

import io.github.longwing.jobs.options.JobOptions;

/** A command whose options may also come from properties files. */
public interface JobCommand {
    JobOptions options();
}
