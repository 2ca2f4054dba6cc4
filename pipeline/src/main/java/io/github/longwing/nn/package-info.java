/**
 * Layers as formulas over graph values. Each layer fetches its weights when it is made, under the names of the
 * checkpoint, and adds itself to a graph when built.
 */
package io.github.longwing.nn;
