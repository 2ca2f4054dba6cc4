package io.github.longwing.jobs.run;

import org.apache.spark.SparkContext;

/**
 * Names the run in the lines of logs: as a property of this process, for conf/log4j2.properties, and as the value {@code
 * mdc.run} in the logging context of its tasks on executors.
 */
final class RunLabel {
    private static final String OF_PROCESS = "longwing.run";
    private static final String OF_TASKS = "mdc.run";

    private RunLabel() {}

    static void begin(String run, SparkContext context) {
        System.setProperty(OF_PROCESS, run);
        context.setLocalProperty(OF_TASKS, run);
    }

    static void end(SparkContext context) {
        System.clearProperty(OF_PROCESS);
        context.setLocalProperty(OF_TASKS, null);
    }
}
