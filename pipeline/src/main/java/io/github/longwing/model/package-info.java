/**
 * BigBirdPegasus with the class and weight names of transformers, and the graphs of each architecture.
 *
 * <p>May use {@code nn} and what is below it.
 */
package io.github.longwing.model;
