/** Text to token ids and offsets, and back; the only place with DJL. */
package io.github.longwing.tokenizer;
