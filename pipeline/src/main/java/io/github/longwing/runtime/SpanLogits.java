package io.github.longwing.runtime;

/** How well each token of a document begins and ends an answer, [S] each. */
public record SpanLogits(float[] start, float[] end) {}
