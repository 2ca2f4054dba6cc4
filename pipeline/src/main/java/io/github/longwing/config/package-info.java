/** Records that mirror config.json and generation_config.json, checked when built. */
package io.github.longwing.config;
