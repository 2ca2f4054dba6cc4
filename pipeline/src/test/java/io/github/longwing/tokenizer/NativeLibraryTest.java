package io.github.longwing.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Where native code comes from and goes, tried in JVMs of their own: a library is loaded once per JVM. */
@EnabledOnOs(OS.LINUX)
class NativeLibraryTest {
    private static final String LIBRARY = "libtokenizers.so";
    /** What the program prints when all is well: "the heron" in the vocabulary that it gets. */
    private static final String IDS = "[107, 108, 339, 136, 1]";
    /** Below it nothing can be made, not even by root. */
    private static final String READ_ONLY = "/proc/self/fdinfo";
    /** Whoever asks for a file of the network hears at once that nobody is there. */
    private static final List<String> NO_NETWORK = List.of(
            "-Dhttp.proxyHost=127.0.0.1", "-Dhttp.proxyPort=9", "-Dhttps.proxyHost=127.0.0.1", "-Dhttps.proxyPort=9");

    @TempDir
    private Path directory;

    private Path home;
    private Path temporary;

    @BeforeEach
    void makeDirectories() throws IOException {
        home = Files.createDirectory(directory.resolve("home"));
        temporary = Files.createDirectory(directory.resolve("temporary"));
    }

    @Test
    void unpacksItsLibraryOnceIntoTheCacheOfTheUser() throws Exception {
        Run first = run("tokenize", Map.of(), home.toString());
        Run second = run("tokenize", Map.of(), home.toString());

        assertThat(first.lastLine()).isEqualTo(IDS);
        assertThat(second.lastLine()).isEqualTo(IDS);
        assertThat(first.output()).contains("Extracting");
        assertThat(second.output()).doesNotContain("Extracting");
        assertThat(libraries(home.resolve(".cache/longwing/natives"))).hasSize(1);
        assertThat(home.resolve(".cache/JNA")).doesNotExist();
        assertThat(temporary).isEmptyDirectory();
    }

    @Test
    void unpacksItsLibraryWhereTheEnvironmentSays() throws Exception {
        Path cache = directory.resolve("cache");

        Run run = run("tokenize", Map.of("LONGWING_CACHE", cache.toString()), home.toString());

        assertThat(run.lastLine()).isEqualTo(IDS);
        assertThat(libraries(cache)).hasSize(1);
        assertThat(home).isEmptyDirectory();
    }

    @Test
    void unpacksItsLibraryIntoTheCacheThatTheUserHasElsewhere() throws Exception {
        Path cache = directory.resolve("cache");

        assertThat(run("tokenize", Map.of("XDG_CACHE_HOME", cache.toString()), home.toString())
                        .lastLine())
                .isEqualTo(IDS);
        assertThat(run("tokenize", Map.of("LONGWING_CACHE", "~/models"), home.toString())
                        .lastLine())
                .isEqualTo(IDS);

        assertThat(libraries(cache.resolve("longwing/natives"))).hasSize(1);
        assertThat(libraries(home.resolve("models/natives"))).hasSize(1);
    }

    @Test
    void worksWithAReadOnlyHomeAndLeavesNothingBehind() throws Exception {
        Run run = run("tokenize", Map.of(), READ_ONLY);

        assertThat(run.lastLine()).isEqualTo(IDS);
        assertThat(run.output()).contains("Extracting");
        assertThat(temporary).isEmptyDirectory();
    }

    @Test
    void worksWithoutAKnownHome() throws Exception {
        Run run = run("tokenize", Map.of(), "?"); // what Java calls it for a user without an entry

        assertThat(run.lastLine()).isEqualTo(IDS);
        assertThat(Path.of("?")).doesNotExist();
        assertThat(temporary).isEmptyDirectory();
    }

    @Test
    void worksWhereTheCacheOfTheEnvironmentCannotBeWrittenAndSaysSo() throws Exception {
        Run run = run("tokenize", Map.of("LONGWING_CACHE", READ_ONLY), home.toString());

        assertThat(run.lastLine()).isEqualTo(IDS);
        assertThat(run.output()).contains("WARN").contains("Cannot keep native libraries in " + READ_ONLY);
        assertThat(home).isEmptyDirectory();
    }

    @Test
    void namesTheRemedyWhereNothingCanBeWritten() throws Exception {
        temporary = Path.of(READ_ONLY);

        Run run = run("fail-twice", Map.of(), READ_ONLY);

        assertThat(run.lastLine())
                .isEqualTo(
                        "io.github.longwing.error.UserException: Cannot unpack native libraries: neither " + READ_ONLY
                                + "/.cache/longwing nor " + READ_ONLY
                                + " can be written; name a directory that can in the environment variable LONGWING_CACHE");
    }

    @Test
    void namesTheRemedyWhereTheLibraryCannotBeLoaded() throws Exception {
        Path cache = directory.resolve("cache");
        run("tokenize", Map.of("LONGWING_CACHE", cache.toString()), home.toString());
        Files.writeString(libraries(cache).get(0), "no library");

        Run run = run("fail-twice", Map.of("LONGWING_CACHE", cache.toString()), home.toString());

        assertThat(run.lastLine())
                .startsWith("io.github.longwing.error.UserException: Cannot load the native library of the tokenizer: ")
                .endsWith("and a directory from which libraries may be loaded; name one in the environment variable"
                        + " LONGWING_CACHE");
    }

    @Test
    void takesTheCpuBuildAndLeavesTheNetworkAloneWhereThereIsAGpu() throws Exception {
        String javaHome = javaHomeThatSeesAGpu();

        Run djl = run("djl-alone", Map.of(), home.toString(), javaHome);
        Run longwing = run("tokenize", Map.of(), home.toString(), javaHome);

        assertThat(djl.output()).contains("Downloading"); // or this test would show nothing
        assertThat(longwing.lastLine()).isEqualTo(IDS);
        assertThat(longwing.output()).doesNotContain("Downloading");
    }

    /** As where Spark Connect loads the jar for each client. */
    @Test
    void isUsableByEachClassLoaderOfAJvm() throws Exception {
        Run run = run("two-class-loaders", Map.of(), home.toString());

        assertThat(run.output().lines().filter(IDS::equals)).hasSize(2);
        assertThat(libraries(home.resolve(".cache/longwing/natives"))).hasSize(1);
        assertThat(temporary).isEmptyDirectory();
    }

    @Test
    void takesItsSettingsBack() throws Exception {
        assertThat(run("settings", Map.of(), home.toString()).lastLine()).isEqualTo("null null null");
    }

    @Test
    void respectsSettingsOfTheUser() throws Exception {
        Path place = directory.resolve("place");

        Run run = run("tokenize", Map.of("DJL_CACHE_DIR", place.toString()), home.toString());

        assertThat(run.lastLine()).isEqualTo(IDS);
        assertThat(libraries(place)).hasSize(1);
        assertThat(libraries(home)).isEmpty();
    }

    @Test
    void releasesNativeMemory() throws Exception {
        Run run = run("work-a-lot", Map.of(), home.toString());

        // 100 encodings of 4 MB and 600 tokenizers of 1 MB
        assertThat(Long.parseLong(run.lastLine()) / 1024).as("resident MB").isLessThan(320);
    }

    private record Run(String output) {
        String lastLine() {
            List<String> lines = output.lines().toList();
            return lines.get(lines.size() - 1);
        }
    }

    private Run run(String what, Map<String, String> environment, String userHome, String... more) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(NO_NETWORK);
        command.addAll(List.of("-Xmx128m", "-Duser.home=" + userHome, "-Djava.io.tmpdir=" + temporary));
        command.add("-Dai.djl.util.cuda.fork=" + (more.length > 0));
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(TokenizerProgram.class.getName(), what, Vocabularies.BIGBIRD.toString()));
        command.addAll(Arrays.asList(more));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment()
                .keySet()
                .removeIf(name -> name.matches("LONGWING_.*|XDG_.*|DJL_.*|ENGINE_CACHE_DIR|RUST_.*"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(5, TimeUnit.MINUTES)).as(output).isTrue();
        return new Run(output);
    }

    /** DJL can ask a second JVM about GPUs; this one says: one GPU, CUDA 12.2, compute capability 9.0. */
    private String javaHomeThatSeesAGpu() throws IOException {
        Path java = directory.resolve("gpu/bin/java");
        Files.createDirectories(java.getParent());
        for (String part : List.of("lib", "conf")) {
            Path real = Path.of(System.getProperty("java.home"), part);
            Files.createSymbolicLink(directory.resolve("gpu").resolve(part), real);
        }
        Files.writeString(java, "#!/bin/sh\necho 1,12020,90\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
        return directory.resolve("gpu").toString();
    }

    private static List<Path> libraries(Path under) throws IOException {
        try (Stream<Path> files = Files.walk(under)) {
            return files.filter(file -> file.endsWith(LIBRARY)).toList();
        }
    }
}
