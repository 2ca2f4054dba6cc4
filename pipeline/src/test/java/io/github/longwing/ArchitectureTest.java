package io.github.longwing;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The layers of the pipeline: each may use those below it and none above. */
class ArchitectureTest {
    private static final String ROOT = "io.github.longwing.";

    /** From the lowest to the highest. */
    private static final List<String> LAYERS = List.of(
            "error",
            "io",
            "fileformat",
            "config",
            "checkpoint",
            "hub",
            "tokenizer",
            "segmentation",
            "extraction",
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
            "verification");

    private static final int MAX_FILES = 25;

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.github.longwing");

    @Test
    void everyPackageIsALayer() {
        Set<String> packages = CLASSES.stream().map(JavaClass::getPackageName).collect(Collectors.toSet());

        assertThat(packages)
                .containsExactlyInAnyOrderElementsOf(
                        LAYERS.stream().map(layer -> ROOT + layer).toList());
    }

    @Test
    void layersUseOnlyWhatIsBelowThem() {
        LayeredArchitecture architecture = layeredArchitecture().consideringOnlyDependenciesInLayers();
        for (String layer : LAYERS) {
            architecture = architecture.layer(layer).definedBy(ROOT + layer);
        }
        for (int i = 0; i < LAYERS.size(); i++) {
            List<String> above = LAYERS.subList(i + 1, LAYERS.size());
            architecture = above.isEmpty()
                    ? architecture.whereLayer(LAYERS.get(i)).mayNotBeAccessedByAnyLayer()
                    : architecture.whereLayer(LAYERS.get(i)).mayOnlyBeAccessedByLayers(above.toArray(String[]::new));
        }

        architecture.check(CLASSES);
    }

    @Test
    void noRoomHasMoreThanTwentyFiveFiles() throws IOException {
        assertThat(filesOfRooms())
                .as("the source files of each room; one that is fuller holds two subjects")
                .allSatisfy((room, files) -> assertThat(files).hasSizeLessThanOrEqualTo(MAX_FILES));
    }

    @Test
    void everyRoomSaysWhatItKnows() throws IOException {
        assertThat(filesOfRooms()).allSatisfy((room, files) -> assertThat(files).contains("package-info.java"));
    }

    /** The names of the source files of each package. */
    private static Map<Path, List<String>> filesOfRooms() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .collect(Collectors.groupingBy(
                            Path::getParent,
                            Collectors.mapping(file -> file.getFileName().toString(), Collectors.toList())));
        }
    }

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
