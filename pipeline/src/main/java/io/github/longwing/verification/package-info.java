/** Comparison of a model with recorded results of the reference implementation. */
package io.github.longwing.verification;
