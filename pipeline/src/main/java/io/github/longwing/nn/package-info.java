/** Layers as formulas over graph values. */
package io.github.longwing.nn;
