package io.github.longwing.task;

import io.github.longwing.error.DocumentException;

/**
 * Why a document has no result.
 *
 * @param kind what the row says in {@code error.class}
 * @param message one sentence for the user
 */
public record DocumentError(DocumentException.Kind kind, String message) {}
