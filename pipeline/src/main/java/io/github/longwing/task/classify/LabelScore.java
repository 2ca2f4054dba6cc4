package io.github.longwing.task.classify;

/** A label and its probability. */
public record LabelScore(String label, double probability) {}
