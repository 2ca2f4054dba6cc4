package io.github.longwing.spark.progress;

import java.io.Serializable;
import java.time.Duration;

/**
 * A document that a task is working on.
 *
 * @param age since the task took it up
 * @param stage in words, such as {@code decoding, window 3 of 12}
 */
public record InFlight(String id, Duration age, String stage) implements Serializable {}
