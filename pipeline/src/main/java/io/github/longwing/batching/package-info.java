/** Which documents share a run: the encoder takes one at a time, the decoder steps many together. */
package io.github.longwing.batching;
