/**
 * The client of the Hugging Face Hub: ids, settings, listing, downloads and the cache of downloads.
 *
 * <p>Knows HTTP and the layout of the Hub cache; may use {@code io} and {@code checkpoint}, knows no model.
 */
package io.github.longwing.hub;
