package io.github.longwing.task;

/**
 * One document as it comes out of a row.
 *
 * @param id identifies the document; with the seed it decides the draws of sampling
 * @param text may be null or empty, which gives an error result
 */
public record Document(String id, String text) {}
