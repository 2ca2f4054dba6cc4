/** BigBirdPegasus, under the names and in the order of the checkpoint. */
package io.github.longwing.model;
