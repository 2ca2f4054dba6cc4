/**
 * The engines: a thread each that runs a model for many documents. The encoder reads one window at a time, the decoder
 * steps many together.
 *
 * <p>May use {@code generation} and {@code runtime}.
 */
package io.github.longwing.batching;
