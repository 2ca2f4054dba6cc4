/** Text to token ids and offsets, and back. */
package io.github.longwing.tokenizer;
