package io.github.longwing.jobs;

/** A command whose options also stand in files of settings. */
interface JobCommand {
    JobOptions options();
}
