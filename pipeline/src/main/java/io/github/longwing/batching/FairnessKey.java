package io.github.longwing.batching;

/** Identifies a document to the queue, which serves documents in turn; all windows of a document share one. */
public final class FairnessKey {}
