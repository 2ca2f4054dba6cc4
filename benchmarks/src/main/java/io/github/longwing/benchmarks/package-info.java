/** Measures Longwing: commands for whole models, JMH for the pieces that Java does. No part of the runnable jar. */
package io.github.longwing.benchmarks;
