package io.github.longwing.batching;

/** One document's place among those that take turns: all its windows are submitted under one, which is made for it. */
public final class FairnessKey {}
