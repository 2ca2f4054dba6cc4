package io.github.longwing.readers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the jar has in it, beside the runnable jar and everything that Spark brings. */
class ReadersJarIT {
    private static final Path JAR = Path.of(System.getProperty("longwing.readers.jar"));
    private static final Path JOBS = Path.of("..", "jobs", "target");
    private static final long MEBIBYTE = 1 << 20;

    @Test
    void hasNoClassThatSparkOrTheRunnableJarBringsToo() throws IOException {
        Stream<String> spark = Arrays.stream(
                Files.readString(JOBS.resolve("launch/classpath")).strip().split(":", -1));
        List<String> others = Stream.concat(spark, Stream.of(runnableJar().toString()))
                .flatMap(jar -> names(Path.of(jar)).stream())
                .filter(name -> name.endsWith(".class"))
                .toList();

        assertThat(others).contains("org/apache/commons/io/IOUtils.class", "io/github/longwing/jobs/Longwing.class");
        assertThat(names(JAR)).filteredOn(name -> name.endsWith(".class")).doesNotContainAnyElementsOf(others);
    }

    @Test
    void hasItsLibrariesUnderItsOwnName() {
        assertThat(names(JAR))
                .filteredOn(name -> name.endsWith(".class"))
                .allMatch(name -> name.matches("(META-INF/versions/\\d+/)?io/github/longwing/readers/.*"));
    }

    @Test
    void carriesItsServiceAndLicences() throws IOException {
        assertThat(text("META-INF/services/io.github.longwing.fileformat.DocumentReader"))
                .isEqualToIgnoringNewLines("io.github.longwing.readers.TikaReader");
        assertThat(names(JAR)).contains("META-INF/jsoup/LICENSE");
        assertThat(text("META-INF/LICENSE")).contains("Apache License", "SIL OPEN FONT LICENSE", "Atlassian");
        assertThat(text("META-INF/NOTICE"))
                .contains("Longwing", "Apache Tika", "Apache PDFBox", "Apache POI", "Apache James", "commonmark-java");
    }

    @Test
    void theRunnableJarHasNothingOfIt() {
        assertThat(names(runnableJar()))
                .noneMatch(name -> name.startsWith("io/github/longwing/readers/"))
                .noneMatch(name -> name.contains("tika") || name.contains("pdfbox") || name.contains("poi/"));
    }

    @Test
    void keepsWithinItsBudget() throws IOException {
        assertThat(Files.size(JAR)).isLessThan(Long.getLong("longwing.readers.jar.budget.mib") * MEBIBYTE);
    }

    private static Path runnableJar() {
        try (Stream<Path> files = Files.list(JOBS)) {
            return files.filter(file -> file.getFileName().toString().matches("longwing-.*\\.jar"))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> names(Path path) {
        try (JarFile jar = new JarFile(path.toFile())) {
            return jar.stream().map(JarEntry::getName).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(String name) throws IOException {
        try (JarFile jar = new JarFile(JAR.toFile())) {
            return new String(jar.getInputStream(jar.getEntry(name)).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
