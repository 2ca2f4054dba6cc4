package io.github.longwing.runtime;

import ai.onnxruntime.OrtEnvironment;
import com.sun.jna.Function;
import com.sun.jna.Platform;

/**
 * The one environment of ONNX Runtime in this process. From 1.29 on, its Linux and macOS builds start a telemetry client
 * with it, which sends data to its maker, writes below the home directory, and crashes the process where the command
 * line is longer than some 4,000 bytes or the container has no shell. Only a variable of the process's
 * environment turns it off, which Java cannot set, so the C library does. Thread-safe.
 */
final class NativeRuntime {
    private static final String DISABLE_TELEMETRY = "ORT_DISABLE_TELEMETRY";

    private NativeRuntime() {}

    /** Opens the environment at the first call, without telemetry. */
    static synchronized OrtEnvironment environment() {
        if (!Platform.isWindows() && System.getenv(DISABLE_TELEMETRY) == null) {
            int status = Function.getFunction(Platform.C_LIBRARY_NAME, "setenv")
                    .invokeInt(new Object[] {DISABLE_TELEMETRY, "1", 1});
            if (status != 0) {
                throw new IllegalStateException("setenv " + DISABLE_TELEMETRY + " gave " + status + ", expected 0");
            }
        }
        return OrtEnvironment.getEnvironment();
    }
}
