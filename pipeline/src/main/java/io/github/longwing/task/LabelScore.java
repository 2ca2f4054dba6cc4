package io.github.longwing.task;

/** A label and its probability. */
public record LabelScore(String label, double probability) {}
