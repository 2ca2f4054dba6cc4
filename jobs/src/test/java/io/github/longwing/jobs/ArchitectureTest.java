package io.github.longwing.jobs;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import io.github.longwing.spark.executor.TaskLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rooms of all modules: each may use those below it and none above. */
class ArchitectureTest {
    private static final String ROOT = "io.github.longwing.";
    private static final String JOBS = "io.github.longwing.jobs..";
    private static final String SPARK = "io.github.longwing.spark..";

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("io.github.longwing");

    /** From the lowest to the highest, as docs/architecture.md lists them. */
    private static final List<String> ROOMS = List.of(
            "error",
            "io",
            "fileformat",
            "config",
            "checkpoint",
            "hub",
            "tokenizer",
            "segmentation",
            "extraction",
            "evaluation",
            "onnx",
            "nn",
            "model",
            "store",
            "runtime",
            "generation.logits",
            "generation",
            "batching",
            "task",
            "task.summarize",
            "task.classify",
            "task.answer",
            "task.generate",
            "task.embed",
            "verification",
            "spark.options",
            "spark.models",
            "spark.columns",
            "spark.files",
            "spark.source",
            "spark.typed",
            "spark.task",
            "spark.progress",
            "spark.executor",
            "spark.sql",
            "spark",
            "spark.extensions",
            "spark.ml",
            "jobs.console",
            "jobs.conf",
            "jobs.session",
            "jobs.input",
            "jobs.commit",
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
        Set<String> packages = CLASSES.stream().map(JavaClass::getPackageName).collect(Collectors.toSet());

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
    @ValueSource(strings = {"../pipeline", "../udfs", "../jobs"})
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
            "spark.ml",
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

    /** Gson is relocated in the jar: users could not name its types. */
    @Test
    void noPublicMethodOfConfigSpeaksOfGson() {
        Set<String> gson = CLASSES.stream()
                .filter(type -> type.getPackageName().equals(ROOT + "config"))
                .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
                .flatMap(type -> type.getCodeUnits().stream())
                .filter(unit -> unit.getModifiers().contains(JavaModifier.PUBLIC))
                .filter(unit -> unit.getAllInvolvedRawTypes().stream()
                        .anyMatch(type -> type.getPackageName().startsWith("com.google.gson")))
                .map(JavaCodeUnit::getFullName)
                .collect(Collectors.toSet());

        assertThat(gson).isEmpty();
    }

    @Test
    void onlyNameRuleKnowsHowColumnNamesAreCompared() throws IOException {
        List<Path> found = new ArrayList<>();
        for (String module : List.of("../udfs", "../jobs")) {
            try (Stream<Path> files = Files.walk(Path.of(module, "src/main/java"))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    if (Files.readString(file).contains("\"spark.sql.caseSensitive\"")) {
                        found.add(file.getFileName());
                    }
                }
            }
        }

        assertThat(found).containsExactly(Path.of("NameRule.java"));
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

    /** These are not public API of Spark: transformations have to run where they differ. */
    @Test
    void onlyTheExtensionsKnowSparksPlans() {
        noClasses()
                .that()
                .resideInAPackage(SPARK)
                .and()
                .resideOutsideOfPackage(ROOT + "spark.extensions..")
                .and()
                .doNotHaveSimpleName("DocumentSpread") // looks at a plan for its partitions
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage("org.apache.spark.sql.catalyst..", "org.apache.spark.sql.execution.."))
                .check(CLASSES);
        noClasses()
                .that()
                .resideOutsideOfPackages(ROOT + "spark.extensions..", ROOT + "spark.ml..")
                .should()
                .dependOnClassesThat(resideInAnyPackage(ROOT + "spark.extensions..", ROOT + "spark.ml.."))
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage(SPARK)
                .and()
                .resideOutsideOfPackage(ROOT + "spark.ml..")
                .should()
                .dependOnClassesThat(resideInAPackage("org.apache.spark.ml.."))
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
