package io.github.longwing.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the one jar has in it: everything that Spark does not bring, and nothing that collides with it. */
class RunnableJarIT {
    private static final Path JAR = Path.of(System.getProperty("longwing.jar"));

    private static JarFile jar;
    private static List<String> names;

    @BeforeAll
    static void openJar() throws IOException {
        jar = new JarFile(JAR.toFile());
        names = jar.stream()
                .filter(entry -> !entry.isDirectory())
                .map(JarEntry::getName)
                .toList();
    }

    @AfterAll
    static void closeJar() throws IOException {
        jar.close();
    }

    @Test
    void hasNoClassOutsideOfItsOwnPackagesAndThoseOfNativeLibraries() {
        Set<String> roots = names.stream()
                .filter(name -> name.endsWith(".class"))
                .map(name -> name.substring(0, name.lastIndexOf('/') + 1))
                .filter(name -> !name.startsWith("io/github/longwing/"))
                .map(RunnableJarIT::root)
                .collect(Collectors.toSet());

        assertThat(roots).containsExactlyInAnyOrder("ai/onnxruntime/", "ai/djl/", "com/sun/jna/");
    }

    @Test
    void hasNoClassThatSparkBringsToo() {
        assertThat(classesOfSpark()).isNotEmpty();

        assertThat(names).filteredOn(name -> name.endsWith(".class")).doesNotContainAnyElementsOf(classesOfSpark());
    }

    @Test
    void relocatesWhatWouldCollide() {
        assertThat(names)
                .contains(
                        "io/github/longwing/shaded/protobuf/CodedInputStream.class",
                        "io/github/longwing/shaded/gson/Gson.class",
                        "io/github/longwing/shaded/onnx/proto/OnnxMl.class",
                        "io/github/longwing/shaded/picocli/CommandLine.class",
                        "ai/onnxruntime/OrtEnvironment.class",
                        "ai/djl/huggingface/tokenizers/jni/TokenizersLibrary.class",
                        "com/sun/jna/Native.class");
    }

    @Test
    void carriesTheLibrariesOfLinuxOnBothProcessors() {
        assertThat(names)
                .contains(
                        "ai/onnxruntime/native/linux-x64/libonnxruntime.so",
                        "ai/onnxruntime/native/linux-aarch64/libonnxruntime.so",
                        "native/lib/linux-x86_64/cpu/libtokenizers.so",
                        "native/lib/linux-aarch64/cpu/libtokenizers.so",
                        "com/sun/jna/linux-x86-64/libjnidispatch.so",
                        "com/sun/jna/linux-aarch64/libjnidispatch.so");
    }

    @Test
    void carriesNoDebugSymbolsAndNoSignatures() {
        assertThat(names)
                .noneMatch(name -> name.contains(".dSYM") || name.endsWith(".pdb"))
                .noneMatch(name -> name.matches("META-INF/.*\\.(SF|DSA|RSA)"))
                .noneMatch(name -> name.endsWith("module-info.class"));
    }

    @Test
    void carriesModelConfigurationAndLicences() throws IOException {
        assertThat(names)
                .contains(
                        "io/github/longwing/models/sentence-summarizer/model.safetensors",
                        "io/github/longwing/models/sentence-summarizer/spiece.model",
                        "io/github/longwing/jobs/conf/summarize.properties",
                        "io/github/longwing/jobs/examples/LICENSES.md",
                        "META-INF/LICENSE",
                        "META-INF/NOTICE",
                        "ThirdPartyNotices.txt");
        assertThat(text("META-INF/LICENSE")).contains("Apache License", "Java Native Access");
        assertThat(text("META-INF/NOTICE")).contains("Longwing", "ONNX Runtime", "Protocol Buffers");
        assertThat(text("META-INF/services/ai.djl.engine.EngineProvider").lines())
                .contains("ai.djl.engine.rust.RsEngineProvider");
    }

    @Test
    void runsWithTheOpenPackagesThatSparkWants() throws IOException {
        Attributes manifest = jar.getManifest().getMainAttributes();

        assertThat(manifest.getValue("Main-Class")).isEqualTo("io.github.longwing.jobs.Longwing");
        assertThat(manifest.getValue("Add-Opens")).contains("java.base/java.nio ", "java.base/sun.nio.ch");
        assertThat(manifest.getValue("Implementation-Version")).isNotBlank();
    }

    @Test
    void keepsWithinItsBudget() throws IOException {
        long mebibyte = 1 << 20;
        long budget = Long.getLong("longwing.jar.budget.mib");
        long size = Files.size(JAR);
        System.out.println(JAR.getFileName() + " has " + size / mebibyte + " MiB of " + budget);

        assertThat(size).isLessThan(budget * mebibyte);
    }

    private static String root(String packageName) {
        return Stream.of("ai/onnxruntime/", "ai/djl/", "com/sun/jna/")
                .filter(packageName::startsWith)
                .findFirst()
                .orElse(packageName);
    }

    /** The classes of everything beside the jar on the class path that bin/longwing gives to Spark. */
    private static Set<String> classesOfSpark() {
        try {
            String classPath = Files.readString(JAR.resolveSibling("launch").resolve("classpath"));
            return Arrays.stream(classPath.strip().split(java.io.File.pathSeparator, -1))
                    .flatMap(RunnableJarIT::classes)
                    .collect(Collectors.toSet());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static Stream<String> classes(String path) {
        try (JarFile other = new JarFile(path)) {
            List<String> classes = other.stream()
                    .map(JarEntry::getName)
                    .filter(name -> name.endsWith(".class"))
                    .toList();
            return classes.stream();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String text(String name) throws IOException {
        return new String(jar.getInputStream(jar.getEntry(name)).readAllBytes(), StandardCharsets.UTF_8);
    }
}
