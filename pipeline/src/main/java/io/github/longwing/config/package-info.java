/**
 * config.json and generation_config.json as checked values, and the table of generation options.
 *
 * <p>May use {@code error}; the only JSON library is Gson.
 */
package io.github.longwing.config;
