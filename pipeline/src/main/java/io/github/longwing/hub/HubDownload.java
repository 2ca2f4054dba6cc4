package io.github.longwing.hub;

/**
 * One commit of a model in the Hub's cache.
 *
 * @param bytes of its files; commits of one model share those that are equal
 */
public record HubDownload(String repository, String commit, long bytes) {}
