package io.github.longwing.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/** A process that uses a model cache, run by tests. It says what it has, and holds it until its input ends. */
final class CacheProcess implements AutoCloseable {
    private final Process process;

    private CacheProcess(Process process) {
        this.process = process;
    }

    /** Obtains a model; every model made adds a line to {@code log}. */
    static CacheProcess obtaining(Path cache, String key, Path log) throws IOException {
        return start("obtain", cache, key, log);
    }

    /** Begins to make a model and dies halfway. */
    static CacheProcess dying(Path cache, String key, Path log) throws IOException {
        return start("die", cache, key, log);
    }

    private static CacheProcess start(String what, Path cache, String key, Path log) throws IOException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath,
                CacheProcess.class.getName(),
                what,
                cache.toString(),
                key,
                log.toString());
        return new CacheProcess(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    /** The first line that it says; null where it ended or said nothing for five minutes. */
    String says() throws IOException, InterruptedException {
        Thread watch = new Thread(this::endAfterFiveMinutes);
        watch.setDaemon(true);
        watch.start();
        try {
            return process.inputReader().readLine();
        } finally {
            watch.interrupt();
            watch.join();
        }
    }

    private void endAfterFiveMinutes() {
        try {
            Thread.sleep(300_000);
            process.destroyForcibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // it said something
        }
    }

    int exitStatus() throws InterruptedException {
        if (!process.waitFor(300, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the process goes on");
        }
        return process.exitValue();
    }

    /** Ends it as an operator would, without any chance to clean up. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    public static void main(String[] arguments) throws IOException {
        Path log = Path.of(arguments[3]);
        boolean dies = arguments[0].equals("die");
        ModelCache cache = new ModelCache(Path.of(arguments[1]), OptionalLong.empty());
        try (CachedModel model = cache.obtain(arguments[2], "a source", directory -> {
            Files.writeString(log, "made\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            Files.writeString(directory.resolve("first"), "whole");
            pause();
            if (dies) {
                Runtime.getRuntime().halt(9);
            }
            Files.writeString(directory.resolve("second"), "whole");
        })) {
            System.out.println(Files.readString(model.directory().resolve("first"))
                    + Files.readString(model.directory().resolve("second")));
            System.in.readAllBytes(); // until the test closes it
        }
    }

    private static void pause() {
        try {
            Thread.sleep(300);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
