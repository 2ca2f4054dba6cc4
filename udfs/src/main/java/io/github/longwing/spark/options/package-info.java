/**
 * The options of {@code DocumentTransformation}: model, columns, error policy, partitioning. Public API.
 *
 * <p>Serializable records and enums; may use no other room of {@code spark}.
 */
package io.github.longwing.spark.options;
