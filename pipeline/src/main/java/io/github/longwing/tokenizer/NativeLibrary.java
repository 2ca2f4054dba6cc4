package io.github.longwing.tokenizer;

import ai.djl.engine.EngineException;
import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import io.github.longwing.error.UserException;
import io.github.longwing.io.CacheDirectory;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Loads DJL's native library of tokenizers, once per class loader: the CPU build out of the class path, unpacked into a
 * directory that can be written, without a look at the network.
 *
 * <p>Left alone, DJL downloads a CUDA build where it sees a GPU, and unpacks below the home directory. Settings of DJL
 * that the user has made stand. Those made here are taken back once the library is loaded, so that another DJL engine
 * in the same JVM finds things as they were.
 */
final class NativeLibrary {
    /** DJL's settings for the place of the library; with any of them the place is the user's business. */
    private static final List<String> PLACES = List.of("RUST_LIBRARY_PATH", "ENGINE_CACHE_DIR", "DJL_CACHE_DIR");

    /** DJL counts GPUs through JNA, which unpacks a library of its own for the time of loading it. */
    private static final String JNA_DIRECTORY = "jna.tmpdir";

    /**
     * A property of the JVM: a class loader has the library that lies in the cache. Java gives a file to one class loader
     * only, and Spark Connect makes one for the jar of each client.
     */
    private static final String TAKEN = "io.github.longwing.tokenizer.taken";

    private NativeLibrary() {}

    /** What came of the first and only attempt. */
    private static final class Attempt {
        static final Optional<UserException> FAILURE = tryLoad();
    }

    /** Makes {@link TokenizersLibrary} usable. After a failure, later calls fail in the same way. */
    static void load() {
        Attempt.FAILURE.ifPresent(failure -> {
            throw new UserException(failure.getMessage(), failure);
        });
    }

    private static Optional<UserException> tryLoad() {
        try {
            if (PLACES.stream().anyMatch(NativeLibrary::isSet)) {
                load(cpuBuild());
            } else {
                Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
                boolean isTaken = System.getProperties().putIfAbsent(TAKEN, "true") != null;
                try (UnpackDirectory directory = isTaken
                        ? UnpackDirectory.temporary(temporary)
                        : UnpackDirectory.choose(CacheDirectory.ofThisProcess(), temporary)) {
                    Map<String, String> settings = cpuBuild();
                    settings.put("ENGINE_CACHE_DIR", directory.path().toString());
                    if (!isSet(JNA_DIRECTORY)) {
                        settings.put(JNA_DIRECTORY, directory.path().toString());
                    }
                    load(settings);
                }
            }
            return Optional.empty();
        } catch (UserException e) {
            return Optional.of(e);
        }
    }

    private static Map<String, String> cpuBuild() {
        Map<String, String> settings = new HashMap<>();
        if (!isSet("RUST_FLAVOR")) {
            settings.put("RUST_FLAVOR", "cpu");
            if (System.getenv("DJL_OFFLINE") == null && System.getProperty("ai.djl.offline") == null) {
                settings.put("ai.djl.offline", "true");
            }
        }
        return settings;
    }

    private static boolean isSet(String name) {
        return System.getenv(name) != null || System.getProperty(name) != null;
    }

    private static void load(Map<String, String> settings) {
        synchronized (Runtime.getRuntime()) { // settings are of the JVM, which may have several of this class
            loadWith(settings);
        }
    }

    private static void loadWith(Map<String, String> settings) {
        Map<String, String> before = new HashMap<>();
        settings.forEach((name, value) -> before.put(name, System.setProperty(name, value)));
        // DJL looks for the library through the context class loader, which need not know Longwing's jar
        Thread thread = Thread.currentThread();
        ClassLoader context = thread.getContextClassLoader();
        thread.setContextClassLoader(TokenizersLibrary.class.getClassLoader());
        try {
            LibUtils.checkStatus();
        } catch (EngineException | LinkageError | AssertionError e) {
            throw new UserException(
                    "Cannot load the native library of the tokenizer: " + innermostMessage(e) + ", expected Linux on"
                            + " x86-64 or aarch64, macOS on aarch64 or Windows on x86-64, and a directory from which"
                            + " libraries may be loaded; name one in the environment variable "
                            + CacheDirectory.VARIABLE,
                    e);
        } finally {
            thread.setContextClassLoader(context);
            before.forEach(NativeLibrary::restore);
        }
    }

    private static void restore(String name, String value) {
        if (value == null) {
            System.clearProperty(name);
        } else {
            System.setProperty(name, value);
        }
    }

    private static String innermostMessage(Throwable e) {
        Throwable innermost = e;
        while (innermost.getCause() != null) {
            innermost = innermost.getCause();
        }
        return innermost.getMessage();
    }
}
