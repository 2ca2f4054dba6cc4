package io.github.longwing.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In a process of its own, since an environment is opened once and what goes wrong there ends the process. */
class NativeRuntimeTest {
    @TempDir
    private Path home;

    @Test
    void opensUnderALongCommandLineAndLeavesNothingInTheHome() throws IOException, InterruptedException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        ProcessBuilder builder = new ProcessBuilder(List.of(
                java,
                "-Dlong=" + "x".repeat(20_000),
                "-cp",
                System.getProperty("java.class.path"),
                OpeningProcess.class.getName()));
        builder.environment().remove("ORT_DISABLE_TELEMETRY");
        builder.environment().put("HOME", home.toString());
        builder.environment().put("XDG_CACHE_HOME", home.resolve("cache").toString());
        Process process = builder.redirectErrorStream(true)
                .redirectOutput(home.resolve("output").toFile())
                .start();

        assertThat(process.waitFor(300, TimeUnit.SECONDS)).isTrue();
        assertThat(home.resolve("output")).content().startsWith("opened ");
        assertThat(process.exitValue()).isZero();
        assertThat(home.resolve("cache/Microsoft")).doesNotExist();
        assertThat(home.resolve(".cache/Microsoft")).doesNotExist();
    }

    /** What the process does. */
    static final class OpeningProcess {
        private OpeningProcess() {}

        public static void main(String[] arguments) {
            System.out.println("opened " + NativeRuntime.environment().getVersion());
        }
    }
}
