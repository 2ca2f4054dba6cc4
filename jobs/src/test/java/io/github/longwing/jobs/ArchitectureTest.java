package io.github.longwing.jobs;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The two layers on Spark, above the pipeline's. */
class ArchitectureTest {
    private static final String JOBS = "io.github.longwing.jobs..";
    private static final String SPARK = "io.github.longwing.spark..";

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.github.longwing");

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
