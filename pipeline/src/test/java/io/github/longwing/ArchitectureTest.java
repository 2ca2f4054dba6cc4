package io.github.longwing;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Libraries stay in their rooms; the order of all rooms is held by the test of the same name in {@code jobs}. */
class ArchitectureTest {
    private static final String ROOT = "io.github.longwing.";

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.github.longwing");

    @Test
    void onnxClassesOfProtobufStayInOnnx() {
        noClasses()
                .that(resideOutsideOf("onnx"))
                .should()
                .dependOnClassesThat(resideInAPackage("ai.onnx.proto.."))
                .check(CLASSES);
        noClasses()
                .that(resideOutsideOf("onnx", "tokenizer"))
                .should()
                .dependOnClassesThat(resideInAPackage("com.google.protobuf.."))
                .check(CLASSES);
    }

    @Test
    void onnxRuntimeStaysInRuntime() {
        noClasses()
                .that(resideOutsideOf("runtime"))
                .should()
                .dependOnClassesThat(resideInAPackage("ai.onnxruntime.."))
                .check(CLASSES);
    }

    @Test
    void djlStaysInTokenizer() {
        noClasses()
                .that(resideOutsideOf("tokenizer"))
                .should()
                .dependOnClassesThat(resideInAPackage("ai.djl.."))
                .check(CLASSES);
    }

    @Test
    void knowsNoSparkAndNoSecondJson() {
        noClasses()
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                        "org.apache.spark..", "org.apache.hadoop..", "scala..", "com.fasterxml.jackson.."))
                .check(CLASSES);
    }

    @Test
    void exceptionsOfTheInterfaceAreFinal() {
        classes()
                .that(resideInAPackage(ROOT + "error"))
                .and()
                .areAssignableTo(Throwable.class)
                .should()
                .haveModifier(JavaModifier.FINAL)
                .check(CLASSES);
    }

    private static DescribedPredicate<JavaClass> resideOutsideOf(String... layers) {
        String[] packages =
                Arrays.stream(layers).map(layer -> ROOT + layer + "..").toArray(String[]::new);
        return DescribedPredicate.not(resideInAnyPackage(packages))
                .as("reside outside of %s", String.join(", ", layers));
    }
}
