/** Model directories and the sessions that run them; the only place with ONNX Runtime. */
package io.github.longwing.runtime;
