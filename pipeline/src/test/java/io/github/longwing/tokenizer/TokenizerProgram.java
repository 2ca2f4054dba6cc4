package io.github.longwing.tokenizer;

import ai.djl.huggingface.tokenizers.jni.LibUtils;
import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What {@link NativeLibraryTest} runs in JVMs of its own. Prints its result as the last line. */
public final class TokenizerProgram {
    private TokenizerProgram() {}

    /** Arguments: what to do, a model directory, and a home of Java in which DJL looks for its GPU detector. */
    public static void main(String[] arguments) throws Exception {
        if (arguments.length > 2) {
            System.setProperty("java.home", arguments[2]);
        }
        Path vocabulary = Path.of(arguments[1]);
        switch (arguments[0]) {
            case "tokenize" -> {
                try (Tokenizer tokenizer = Tokenizer.load(vocabulary)) {
                    System.out.println(
                            Arrays.toString(tokenizer.tokenize("the heron").ids()));
                }
            }
            case "two-class-loaders" -> {
                main(new String[] {"tokenize", arguments[1]});
                try (URLClassLoader other = new URLClassLoader(classPath(), ClassLoader.getPlatformClassLoader())) {
                    other.loadClass(TokenizerProgram.class.getName())
                            .getMethod("main", String[].class)
                            .invoke(null, (Object) new String[] {"tokenize", arguments[1]});
                }
            }
            case "settings" -> {
                Tokenizer.load(vocabulary).close();
                System.out.println(System.getProperty("RUST_FLAVOR") + " " + System.getProperty("ai.djl.offline") + " "
                        + System.getProperty("ENGINE_CACHE_DIR"));
            }
            case "fail-twice" -> {
                String first = failure(vocabulary);
                System.out.println(first.equals(failure(vocabulary)) ? first : "another failure");
            }
            case "work-a-lot" -> {
                String text = "The heron stood in the shallow water. ".repeat(2000);
                for (int i = 0; i < 600; i++) {
                    try (Tokenizer tokenizer = Tokenizer.load(vocabulary)) {
                        tokenizer.tokenize(i % 6 == 0 ? text : "the heron");
                    }
                }
                System.out.println(Files.readAllLines(Path.of("/proc/self/status")).stream()
                        .filter(line -> line.startsWith("VmRSS"))
                        .map(line -> line.replaceAll("\\D", ""))
                        .findFirst()
                        .orElseThrow());
            }
            case "djl-alone" -> LibUtils.checkStatus();
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    private static URL[] classPath() throws MalformedURLException {
        List<URL> urls = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            urls.add(Path.of(entry).toUri().toURL());
        }
        return urls.toArray(URL[]::new);
    }

    private static String failure(Path vocabulary) {
        try {
            Tokenizer.load(vocabulary).close();
            return "no failure";
        } catch (RuntimeException e) {
            return e.toString();
        }
    }
}
