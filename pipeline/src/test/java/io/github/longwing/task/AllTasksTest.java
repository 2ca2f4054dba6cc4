package io.github.longwing.task;

import static io.github.longwing.task.Submitting.alone;
import static io.github.longwing.task.Submitting.failure;
import static io.github.longwing.task.Submitting.result;
import static io.github.longwing.task.Submitting.success;
import static io.github.longwing.task.Submitting.together;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.longwing.config.Architecture;
import io.github.longwing.config.GenerationOverrides;
import io.github.longwing.error.DocumentException;
import io.github.longwing.error.UserException;
import io.github.longwing.fixture.TensorFile;
import io.github.longwing.task.answer.AnswererOptions;
import io.github.longwing.task.answer.QuestionAnswerer;
import io.github.longwing.task.classify.ClassifierOptions;
import io.github.longwing.task.classify.DocumentClassifier;
import io.github.longwing.task.embed.Embedder;
import io.github.longwing.task.embed.EmbedderOptions;
import io.github.longwing.task.embed.Embedding;
import io.github.longwing.task.generate.GeneratorOptions;
import io.github.longwing.task.generate.TextGenerator;
import io.github.longwing.task.summarize.Summarizer;
import io.github.longwing.task.summarize.SummarizerOptions;
import io.github.longwing.tokenizer.Newlines;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every task promises. */
class AllTasksTest {
    private static final int WINDOW = 48;
    private static final String[] WORDS = {
        "sea",
        "owl",
        "bread",
        "lamp.",
        "wind",
        "storm",
        "boat.",
        "tower",
        "\ud83d\ude80",
        "e\u0301",
        "field",
        "road?\n\n"
    };

    @TempDir
    private static Path directory;

    private static final Map<Architecture, Path> MODELS = new EnumMap<>(Architecture.class);

    private enum Task {
        SUMMARIZE("summarize", Architecture.CONDITIONAL_GENERATION) {
            @Override
            DocumentTask<?> open(Path model, WindowOptions reading) {
                return Summarizer.open(
                        model,
                        new SummarizerOptions(GenerationOverrides.parse(SAMPLING), reading, Newlines.NEWLINE, 3),
                        1);
            }
        },
        CLASSIFY("classify", Architecture.SEQUENCE_CLASSIFICATION) {
            @Override
            DocumentTask<?> open(Path model, WindowOptions reading) {
                return DocumentClassifier.open(model, new ClassifierOptions(reading, Pooling.MEAN, 0, 0.5, 3), 1);
            }
        },
        ANSWER("answer", Architecture.QUESTION_ANSWERING) {
            @Override
            DocumentTask<?> open(Path model, WindowOptions reading) {
                return QuestionAnswerer.open(model, new AnswererOptions(reading, 10, 8, 1), 1);
            }
        },
        GENERATE("generate", Architecture.CAUSAL_LM) {
            @Override
            DocumentTask<?> open(Path model, WindowOptions reading) {
                return TextGenerator.open(model, GeneratorOptions.of(SAMPLING), 1);
            }
        },
        EMBED("embed", Architecture.BASE) {
            @Override
            DocumentTask<?> open(Path model, WindowOptions reading) {
                return Embedder.open(
                        model,
                        new EmbedderOptions(reading, EmbedderOptions.StatePooling.MEAN, EmbedderOptions.Norm.UNIT),
                        1);
            }
        };

        private static final Map<String, String> SAMPLING =
                Map.of("do_sample", "true", "temperature", "2", "min_length", "0", "max_new_tokens", "6", "seed", "5");

        private final String verb;
        private final Architecture architecture;

        Task(String verb, Architecture architecture) {
            this.verb = verb;
            this.architecture = architecture;
        }

        abstract DocumentTask<?> open(Path model, WindowOptions reading);

        DocumentTask<?> open() {
            return open(
                    MODELS.get(architecture), new WindowOptions(LongDocuments.HIERARCHICAL, WINDOW, 7, Locale.ENGLISH));
        }

        boolean readsWindows() {
            return this != GENERATE;
        }
    }

    @BeforeAll
    static void makeTheModels() {
        for (Architecture architecture : Architecture.values()) {
            MODELS.put(architecture, TinyFamily.model(directory, architecture));
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyDocumentGetsTheSameAloneTogetherAndInReverse(Task kind) throws Exception {
        List<Document> documents = corpus();
        try (DocumentTask<?> task = kind.open()) {
            assertSameInAnyCompany(kind, task, documents);
        }
    }

    private static <T> void assertSameInAnyCompany(Task kind, DocumentTask<T> task, List<Document> documents)
            throws Exception {
        List<DocumentResult<T>> alone = alone(task, documents);
        assertThat(alone).filteredOn(r -> r instanceof DocumentResult.Failure).hasSize(1);
        assertThat(alone.stream().map(AllTasksTest::outcome).distinct())
                .as("different outcomes")
                .hasSizeGreaterThan(10);

        assertThat(together(task, documents)).usingRecursiveComparison().isEqualTo(alone);
        Collections.reverse(documents);
        Collections.reverse(alone);
        try (DocumentTask<?> another = kind.open()) {
            assertThat(together(another, documents)).usingRecursiveComparison().isEqualTo(alone);
        }
    }

    /** An output as it is compared: a vector by its numbers, since two arrays are never equal. */
    private static Object outcome(DocumentResult<?> result) {
        if (result instanceof DocumentResult.Failure<?> failure) {
            return failure.error();
        }
        Object output = ((DocumentResult.Success<?>) result).output();
        if (output instanceof Embedding embedding) {
            List<Float> numbers = new ArrayList<>();
            for (float number : embedding.values()) {
                numbers.add(number);
            }
            return numbers;
        }
        return output;
    }

    private static List<Document> corpus() {
        Random random = new Random(11);
        List<Document> documents = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            documents.add(asking("document " + i, words(random, 3 + random.nextInt(i % 4 == 0 ? 500 : 60))));
        }
        documents.add(asking("empty", " "));
        return documents;
    }

    @ParameterizedTest
    @EnumSource
    void shortDocumentsPassOneOfHundredsOfWindows(Task kind) throws Exception {
        String text = words(new Random(3), 12_000);
        try (DocumentTask<?> task = kind.open()) {
            List<String> finished = Collections.synchronizedList(new ArrayList<>());
            List<CompletableFuture<?>> all = new ArrayList<>();
            all.add(task.submit(asking("long", text)).thenRun(() -> finished.add("long")));
            for (int i = 0; i < 20; i++) {
                String id = "short " + i;
                all.add(task.submit(asking(id, "The owl hunts " + i)).thenRun(() -> finished.add(id)));
            }
            CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new)).get(300, TimeUnit.SECONDS);

            assertThat(finished).hasSize(21);
            if (kind.readsWindows()) {
                assertThat(finished.get(20)).isEqualTo("long");
                assertThat(success(task, asking("long", text)).windows()).isGreaterThan(200);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aDocumentWithoutTextIsAnError(Task kind) throws Exception {
        try (DocumentTask<?> task = kind.open()) {
            assertThat(failure(task, asking("d", null)))
                    .isEqualTo(new DocumentError(
                            DocumentException.Kind.EmptyText,
                            "Cannot " + kind.verb + ": the text is null, expected words"));
            for (String text : List.of("", " ", "\n\t \r\n", "\u2003", "\u00a0", " \u00a0\u202f\u3000\n")) {
                assertThat(failure(task, asking("d", text)))
                        .isEqualTo(new DocumentError(
                                DocumentException.Kind.EmptyText,
                                "Cannot " + kind.verb + ": the text is empty, expected words"));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aTextOfAbsurdLengthIsAnError(Task kind) throws Exception {
        try (DocumentTask<?> task = kind.open()) {
            assertThat(failure(task, asking("d", "a ".repeat(50_000_001))))
                    .isEqualTo(new DocumentError(
                            DocumentException.Kind.TextTooLong,
                            "Cannot " + kind.verb + ": the text has 100000002 characters, expected at most 100000000;"
                                    + " split the document"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void textsThatSayNothingOrStrangeThingsHarmNobody(Task kind) throws Exception {
        List<String> texts = List.of(
                "\u0000",
                "\ufeff",
                "\u200b",
                "\ud800",
                "</s>",
                "<pad> <mask_1>",
                "\u0007\u001b[31m",
                "a",
                "\r\n\u0301",
                "\ud83d\ude80".repeat(300),
                "\u0e01".repeat(400),
                "x".repeat(2000));
        try (DocumentTask<?> task = kind.open()) {
            for (String text : texts) {
                assertThat(result(task, asking("d", text)))
                        .usingRecursiveComparison()
                        .isEqualTo(result(task, asking("d", text)));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aTextOfWhichNormalizationLeavesNothingIsEmpty(Task kind) throws Exception {
        try (DocumentTask<?> task = kind.open()) {
            assertThat(failure(task, asking("d", "\u0001\u0002\u007f")).message())
                    .isEqualTo("Cannot " + kind.verb + ": the text is empty, expected words");
        }
    }

    @ParameterizedTest
    @EnumSource
    void outputThatIsNoNumberIsTheDocumentsError(Task kind) throws Exception {
        Path model = TinyFamily.model(directory, kind.architecture, Map.of(), AllTasksTest::spoil);
        try (DocumentTask<?> task = kind.open(model, WindowOptions.of(LongDocuments.WINDOWS))) {
            DocumentError error = failure(task, asking("d", "The owl hunts."));

            assertThat(error.kind()).isEqualTo(DocumentException.Kind.NonFiniteOutput);
            assertThat(error.message()).startsWith("Cannot ").contains(", expected ");
        }
    }

    /** In float32 no number is left after the last norm of either side. */
    private static void spoil(TensorFile tensors) {
        List<String> norms = tensors.names().stream()
                .filter(name -> name.endsWith("layernorm_embedding.weight"))
                .toList();
        for (String norm : norms) {
            float[] values = new float[tensors.values(norm).length];
            Arrays.fill(values, Float.NaN);
            tensors.put(norm, values, values.length);
        }
    }

    @ParameterizedTest
    @EnumSource
    void refusesTheOtherClassesOfTheFamily(Task kind) {
        List<Architecture> wrong = Arrays.stream(Architecture.values())
                .filter(other -> kind == Task.EMBED ? !other.hasEncoder() : other != kind.architecture)
                .toList();
        String expected = kind == Task.EMBED
                ? "BigBirdPegasusForConditionalGeneration or BigBirdPegasusForQuestionAnswering or"
                        + " BigBirdPegasusForSequenceClassification or BigBirdPegasusModel"
                : kind.architecture.configName();
        for (Architecture other : wrong) {
            Path model = MODELS.get(other);
            assertThatThrownBy(() -> kind.open(model, WindowOptions.of(LongDocuments.WINDOWS)))
                    .isInstanceOf(UserException.class)
                    .hasMessage("Cannot " + kind.verb + " with the model in " + model + ": architectures is "
                            + other.configName() + ", expected " + expected);
        }
    }

    @ParameterizedTest
    @EnumSource(names = "GENERATE", mode = EnumSource.Mode.EXCLUDE)
    void refusesToReadMoreTokensThanTheModelHasOrTooFewForAText(Task kind) {
        for (int tokens : new int[] {1, TinyFamily.POSITIONS + 1}) {
            assertThatThrownBy(() -> kind.open(MODELS.get(kind.architecture), WindowOptions.first(tokens)))
                    .isInstanceOf(UserException.class)
                    .hasMessage("Cannot " + kind.verb + ": max-source-tokens is " + tokens
                            + ", expected 2 to 256, the positions of the model");
        }
    }

    @Test
    void refusesPromptsAsLongAsTheModel() {
        assertThatThrownBy(() -> TextGenerator.open(
                        MODELS.get(Architecture.CAUSAL_LM),
                        new GeneratorOptions(
                                GenerationOverrides.parse(Map.of("max_new_tokens", "5")), 256, Newlines.NEWLINE),
                        1))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot generate: max-prompt-tokens is 256, expected less than 256, the positions of the"
                        + " model");
    }

    @ParameterizedTest
    @EnumSource
    void cancellingADocumentLeavesTheOthers(Task kind) throws Exception {
        try (DocumentTask<?> task = kind.open()) {
            DocumentResult<?> expected = result(task, asking("a", "The owl hunts."));
            CompletableFuture<?> cancelled = task.submit(asking("b", words(new Random(3), 12_000)));
            CompletableFuture<?> other = task.submit(asking("a", "The owl hunts."));

            if (cancelled.cancel(true)) { // a prompt may have ended by now
                assertThatThrownBy(cancelled::get).isInstanceOf(CancellationException.class);
            } else {
                assertThat(kind).isEqualTo(Task.GENERATE);
            }

            assertThat(other.get(300, TimeUnit.SECONDS))
                    .usingRecursiveComparison()
                    .isEqualTo(expected);
            assertThat(result(task, asking("a", "The owl hunts.")))
                    .usingRecursiveComparison()
                    .isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @EnumSource
    void closingCompletesWhateverIsUnderWay(Task kind) throws Exception {
        DocumentTask<?> task = kind.open();
        List<CompletableFuture<?>> results = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            results.add(task.submit(asking("d" + i, words(new Random(i), 2_000))));
        }

        task.close();

        assertThat(results).allSatisfy(result -> assertThat(result.isDone()).isTrue());
        if (kind.readsWindows()) {
            assertThat(results.get(11)).isCompletedExceptionally();
        }
    }

    private static Document asking(String id, String text) {
        return new Document(id, text, Optional.of("Which owl hunts?"));
    }

    private static String words(Random random, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> WORDS[random.nextInt(WORDS.length)])
                .collect(Collectors.joining(" "));
    }
}
