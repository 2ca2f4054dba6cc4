/** From text to result records, one class for each task. */
package io.github.longwing.task;
