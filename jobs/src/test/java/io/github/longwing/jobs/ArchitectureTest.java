package io.github.longwing.jobs;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import io.github.longwing.spark.executor.TaskLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The two layers on Spark, above the pipeline's. */
class ArchitectureTest {
    private static final String ROOT = "io.github.longwing.";
    private static final String JOBS = "io.github.longwing.jobs..";
    private static final String SPARK = "io.github.longwing.spark..";

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("io.github.longwing");

    /** The rooms of both, from the lowest to the highest. */
    private static final List<String> ROOMS = List.of(
            "spark.options",
            "spark.models",
            "spark.columns",
            "spark.files",
            "spark.source",
            "spark.task",
            "spark.progress",
            "spark.executor",
            "spark.sql",
            "spark",
            "jobs.console",
            "jobs.conf",
            "jobs.session",
            "jobs.input",
            "jobs.output",
            "jobs.options",
            "jobs.run",
            "jobs.evaluation",
            "jobs.benchmark",
            "jobs.command",
            "jobs");

    private static final int MAX_FILES = 25;

    @Test
    void everyPackageIsARoom() {
        Set<String> packages = CLASSES.stream()
                .map(JavaClass::getPackageName)
                .filter(name -> name.startsWith(ROOT + "jobs") || name.startsWith(ROOT + "spark"))
                .collect(Collectors.toSet());

        assertThat(packages)
                .containsExactlyInAnyOrderElementsOf(
                        ROOMS.stream().map(room -> ROOT + room).toList());
    }

    @Test
    void roomsUseOnlyWhatIsBelowThem() {
        LayeredArchitecture architecture = layeredArchitecture().consideringOnlyDependenciesInLayers();
        for (String room : ROOMS) {
            architecture = architecture.layer(room).definedBy(ROOT + room);
        }
        for (int i = 0; i < ROOMS.size(); i++) {
            List<String> above = ROOMS.subList(i + 1, ROOMS.size());
            architecture = above.isEmpty()
                    ? architecture.whereLayer(ROOMS.get(i)).mayNotBeAccessedByAnyLayer()
                    : architecture.whereLayer(ROOMS.get(i)).mayOnlyBeAccessedByLayers(above.toArray(String[]::new));
        }

        architecture.check(CLASSES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"../udfs", "../jobs"})
    void noRoomHasMoreThanTwentyFiveFilesAndEachSaysWhatItKnows(String module) throws IOException {
        Map<Path, List<String>> rooms;
        try (Stream<Path> files = Files.walk(Path.of(module, "src/main/java"))) {
            rooms = files.filter(file -> file.toString().endsWith(".java"))
                    .collect(Collectors.groupingBy(
                            Path::getParent,
                            Collectors.mapping(file -> file.getFileName().toString(), Collectors.toList())));
        }

        assertThat(rooms)
                .allSatisfy((room, files) ->
                        assertThat(files).hasSizeLessThanOrEqualTo(MAX_FILES).contains("package-info.java"));
    }

    /** What users may call, as docs/architecture.md lists it; all other rooms are internal. */
    private static final Set<String> PUBLIC_ROOMS = Set.of(
            "spark",
            "spark.options",
            "spark.progress",
            "spark.task",
            "task",
            "task.summarize",
            "task.classify",
            "task.answer",
            "task.generate",
            "task.embed",
            "config",
            "error");

    @Test
    void whatUsersMayCallSpeaksOfNothingInternal() {
        Set<String> internal = CLASSES.stream()
                .filter(type -> Set.of(ROOT + "spark", ROOT + "spark.options").contains(type.getPackageName()))
                .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
                .flatMap(type -> type.getCodeUnits().stream())
                .filter(unit -> unit.getModifiers().contains(JavaModifier.PUBLIC))
                .flatMap(unit -> Stream.concat(unit.getRawParameterTypes().stream(), Stream.of(unit.getRawReturnType()))
                        .filter(type ->
                                type.getPackageName().startsWith(ROOT) && !type.isEquivalentTo(TaskLoader.class))
                        .filter(type ->
                                !PUBLIC_ROOMS.contains(type.getPackageName().substring(ROOT.length())))
                        .map(type -> unit.getFullName() + " speaks of " + type.getName()))
                .collect(Collectors.toSet());

        assertThat(internal).isEmpty();
    }

    @Test
    void nothingUsesTheJobs() {
        noClasses()
                .that()
                .resideOutsideOfPackage(JOBS)
                .should()
                .dependOnClassesThat(resideInAPackage(JOBS))
                .check(CLASSES);
    }

    @Test
    void onlyTheJobsUseTheSparkLayer() {
        noClasses()
                .that()
                .resideOutsideOfPackages(JOBS, SPARK)
                .should()
                .dependOnClassesThat(resideInAPackage(SPARK))
                .check(CLASSES);
    }

    @Test
    void librariesOfTheLayersBelowStayThere() {
        noClasses()
                .that()
                .resideInAnyPackage(JOBS, SPARK)
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                        "ai.onnxruntime..", "ai.onnx.proto..", "ai.djl..", "com.google.protobuf..", "com.sun.jna.."))
                .check(CLASSES);
    }

    @Test
    void theJobsLeaveGraphsAndSessionsToTheTasks() {
        noClasses()
                .that()
                .resideInAPackage(JOBS)
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                        "io.github.longwing.onnx..",
                        "io.github.longwing.nn..",
                        "io.github.longwing.model..",
                        "io.github.longwing.batching.."))
                .check(CLASSES);
    }

    @Test
    void noJsonButGson() {
        noClasses()
                .should()
                .dependOnClassesThat(resideInAnyPackage("com.fasterxml.jackson..", "org.json4s.."))
                .check(CLASSES);
    }

    @Test
    void onlyTheJobsReadCommandLines() {
        noClasses()
                .that()
                .resideOutsideOfPackage(JOBS)
                .should()
                .dependOnClassesThat(resideInAPackage("picocli.."))
                .check(CLASSES);
    }
}
