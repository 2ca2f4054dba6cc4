/** Which documents share a run. */
package io.github.longwing.batching;
