package io.github.longwing.task;

import static io.github.longwing.task.Submitting.success;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import io.github.longwing.config.Architecture;
import io.github.longwing.config.GenerationOverrides;
import io.github.longwing.fixture.Goldens;
import io.github.longwing.task.answer.Answer;
import io.github.longwing.task.answer.AnswererOptions;
import io.github.longwing.task.answer.Answers;
import io.github.longwing.task.answer.QuestionAnswerer;
import io.github.longwing.task.classify.Classification;
import io.github.longwing.task.classify.ClassifierOptions;
import io.github.longwing.task.classify.DocumentClassifier;
import io.github.longwing.task.classify.LabelScore;
import io.github.longwing.task.embed.Embedder;
import io.github.longwing.task.embed.EmbedderOptions;
import io.github.longwing.task.embed.Embedding;
import io.github.longwing.task.generate.GeneratorOptions;
import io.github.longwing.task.generate.TextGenerator;
import io.github.longwing.task.summarize.Summaries;
import io.github.longwing.task.summarize.Summarizer;
import io.github.longwing.task.summarize.SummarizerOptions;
import io.github.longwing.tokenizer.Newlines;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every task against transformers, from the text to the result, in one window and in several: make_tasks.py. */
class TransformersTasksTest {
    private static final Offset<Double> NEAR = Offset.offset(1e-4);
    private static final Expected EXPECTED = read();

    @TempDir
    private Path directory;

    private record Expected(
            String question, List<ExpectedDocument> documents, List<ExpectedEvidence> evidence, List<Prompt> prompts) {}

    private record ExpectedDocument(
            String name,
            String text,
            int max_source_tokens,
            int tokens,
            int windows,
            String attention,
            Pooled single_label,
            Pooled multi_label,
            Map<String, Pooled> regression,
            ExpectedEmbedding embedding,
            String answer_text,
            ExpectedAnswers answers) {
        WindowOptions reading() {
            return new WindowOptions(LongDocuments.WINDOWS, max_source_tokens, 0, Locale.ENGLISH);
        }

        <T> T isReadBy(DocumentResult.Success<T> result) {
            assertThat(result.windows()).as(name).isEqualTo(windows);
            assertThat(result.inputTokens()).as(name).isEqualTo(tokens);
            assertThat(result.attention().configName()).as(name).isEqualTo(attention);
            assertThat(result.truncation()).as(name).isEqualTo(DocumentResult.Truncation.WHOLE);
            return result.output();
        }
    }

    private record Pooled(List<Double> mean, List<Double> max) {
        List<Double> by(Pooling pooling) {
            return switch (pooling) {
                case MEAN -> mean;
                case MAX -> max;
            };
        }
    }

    private record ExpectedEmbedding(double[] mean, double[] eos) {}

    private record ExpectedAnswers(List<ExpectedAnswer> n_best, double no_answer) {}

    private record ExpectedAnswer(String text, double score, int begin, int end) {}

    private record ExpectedEvidence(
            String text, Generated summary, List<Weighed> summary_evidence, List<Weighed> label_evidence) {}

    private record Weighed(String text, double weight) {}

    private record Generated(Map<String, String> options, List<ExpectedText> texts) {}

    private record ExpectedText(String text, int output_tokens, String finish_reason, Double score) {}

    private record Prompt(
            String text, int tokens, boolean truncated, Map<String, String> options, List<ExpectedText> texts) {
        @Override
        public String toString() {
            return tokens + " tokens";
        }
    }

    private static Expected read() {
        try {
            return new Gson().fromJson(Files.readString(Goldens.resource("/task/tasks.json")), Expected.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Stream<Prompt> prompts() {
        return EXPECTED.prompts().stream();
    }

    @ParameterizedTest
    @EnumSource
    void theProbabilitiesOfASingleLabelAreTheSoftmaxOfTheLogits(Pooling pooling) throws Exception {
        Path model = TinyFamily.model(directory, Architecture.SEQUENCE_CLASSIFICATION);
        for (ExpectedDocument document : EXPECTED.documents()) {
            Classification found = classified(model, document, pooling, 0.5);

            assertProbabilities(found.labels(), document.single_label().by(pooling));
            assertThat(found.labels()).isSortedAccordingTo((a, b) -> Double.compare(b.probability(), a.probability()));
            assertThat(found.best()).contains(found.labels().get(0));
            assertThat(found.values()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void theProbabilitiesOfSeveralLabelsAreTheirSigmoids(Pooling pooling) throws Exception {
        Path model = TinyFamily.model(
                directory, Architecture.SEQUENCE_CLASSIFICATION, Map.of("problem_type", "multi_label_classification"));
        for (ExpectedDocument document : EXPECTED.documents()) {
            Classification all = classified(model, document, pooling, 0);
            assertProbabilities(all.labels(), document.multi_label().by(pooling));

            Classification holding = classified(model, document, pooling, 0.5);
            assertThat(holding.labels())
                    .isEqualTo(all.labels().stream()
                            .filter(label -> label.probability() >= 0.5)
                            .toList());
        }
    }

    @ParameterizedTest
    @CsvSource({"1, MEAN", "1, MAX", "2, MEAN", "2, MAX"})
    void theValuesOfARegressionAreItsLogits(int values, Pooling pooling) throws Exception {
        Map<String, Object> names =
                values == 1 ? Map.of("id2label", Map.of("0", "a")) : Map.of("id2label", Map.of("0", "a", "1", "b"));
        Map<String, Object> changes = values == 1
                ? names // one number is a regression by itself
                : Map.of("id2label", names.get("id2label"), "problem_type", "regression");
        Path model = TinyFamily.model(directory, Architecture.SEQUENCE_CLASSIFICATION, changes);
        for (ExpectedDocument document : EXPECTED.documents()) {
            Classification found = classified(model, document, pooling, 0.5);

            List<Double> expected =
                    document.regression().get(Integer.toString(values)).by(pooling);
            assertThat(found.values()).hasSameSizeAs(expected);
            for (int i = 0; i < values; i++) {
                assertThat(found.values().get(i)).isCloseTo(expected.get(i), NEAR);
            }
            assertThat(found.best()).isEmpty();
            assertThat(found.labels()).isEmpty();
        }
    }

    private static Classification classified(Path model, ExpectedDocument document, Pooling pooling, double threshold)
            throws Exception {
        ClassifierOptions options =
                new ClassifierOptions(document.reading(), pooling, ClassifierOptions.ALL_LABELS, threshold, 0);
        try (LoadedTask<Classification> classifier = DocumentClassifier.open(model, options, 1)) {
            return document.isReadBy(success(classifier, document.text()));
        }
    }

    private static void assertProbabilities(List<LabelScore> found, List<Double> expected) {
        assertThat(found).extracting(LabelScore::label).containsExactlyInAnyOrderElementsOf(TinyFamily.LABELS);
        for (LabelScore label : found) {
            assertThat(label.probability())
                    .as(label.label())
                    .isCloseTo(expected.get(TinyFamily.LABELS.indexOf(label.label())), NEAR);
        }
    }

    @Test
    void theAnswersAreTheBestThatDoNotOverlap() throws Exception {
        Path model = TinyFamily.model(directory, Architecture.QUESTION_ANSWERING);
        for (ExpectedDocument document : EXPECTED.documents()) {
            AnswererOptions options = new AnswererOptions(document.reading(), 8, 12, AnswererOptions.NO_THRESHOLD);
            try (LoadedTask<Answers> answerer = QuestionAnswerer.open(model, options, 1)) {
                DocumentResult.Success<Answers> result =
                        success(answerer, new Document("d", document.answer_text(), Optional.of(EXPECTED.question())));

                assertThat(result.windows()).isEqualTo(document.windows());
                Answers answers = result.output();
                assertThat(answers.noAnswerScore()).isCloseTo(document.answers().no_answer(), NEAR);
                List<ExpectedAnswer> expected = document.answers().n_best();
                assertThat(answers.nBest()).as(document.name()).hasSameSizeAs(expected);
                for (int i = 0; i < expected.size(); i++) {
                    Answer answer = answers.nBest().get(i);
                    assertThat(answer.text()).isEqualTo(expected.get(i).text());
                    assertThat(answer.begin()).isEqualTo(expected.get(i).begin());
                    assertThat(answer.end()).isEqualTo(expected.get(i).end());
                    assertThat(answer.score()).isCloseTo(expected.get(i).score(), NEAR);
                }
                assertThat(answers.best()).contains(answers.nBest().get(0));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void theEmbeddingIsOfTheEncodersStates(EmbedderOptions.StatePooling pooling) throws Exception {
        Path model = TinyFamily.model(directory, Architecture.BASE);
        for (ExpectedDocument document : EXPECTED.documents()) {
            double[] expected =
                    switch (pooling) {
                        case MEAN -> document.embedding().mean();
                        case EOS -> document.embedding().eos();
                    };
            double length = Math.sqrt(IntStream.range(0, expected.length)
                    .mapToDouble(i -> expected[i] * expected[i])
                    .sum());

            assertVector(embedded(model, document, pooling, EmbedderOptions.Norm.AS_IS), expected, 1);
            assertVector(embedded(model, document, pooling, EmbedderOptions.Norm.UNIT), expected, 1 / length);
        }
    }

    private static float[] embedded(
            Path model, ExpectedDocument document, EmbedderOptions.StatePooling pooling, EmbedderOptions.Norm norm)
            throws Exception {
        try (LoadedTask<Embedding> embedder =
                Embedder.open(model, new EmbedderOptions(document.reading(), pooling, norm), 1)) {
            return document.isReadBy(success(embedder, document.text())).values();
        }
    }

    private static void assertVector(float[] found, double[] expected, double factor) {
        assertThat(found).hasSize(expected.length);
        for (int i = 0; i < expected.length; i++) {
            assertThat((double) found[i]).isCloseTo(factor * expected[i], NEAR);
        }
    }

    @ParameterizedTest
    @EnumSource(names = "CAUSAL_LM", mode = EnumSource.Mode.EXCLUDE)
    void everyModelWithAnEncoderEmbedsAlike(Architecture architecture) throws Exception {
        ExpectedDocument document = EXPECTED.documents().get(2);
        Path model = TinyFamily.model(directory, architecture);

        float[] vector = embedded(model, document, EmbedderOptions.StatePooling.MEAN, EmbedderOptions.Norm.AS_IS);

        assertVector(vector, document.embedding().mean(), 1);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("prompts")
    void continuesAPromptAsTransformersDoes(Prompt prompt) throws Exception {
        Path model = TinyFamily.model(directory, Architecture.CAUSAL_LM);
        try (LoadedTask<GeneratedTexts> generator =
                TextGenerator.open(model, GeneratorOptions.of(prompt.options()), 1)) {
            DocumentResult.Success<GeneratedTexts> result = success(generator, prompt.text());

            assertThat(result.inputTokens()).isEqualTo(prompt.tokens());
            assertThat(result.truncation() == DocumentResult.Truncation.TRUNCATED)
                    .isEqualTo(prompt.truncated());
            assertThat(result.windows()).isEqualTo(1);
            assertTexts(result.output().texts(), prompt.texts());
        }
    }

    private static void assertTexts(List<GeneratedText> found, List<ExpectedText> expected) {
        assertThat(found).hasSameSizeAs(expected);
        for (int i = 0; i < expected.size(); i++) {
            assertThat(found.get(i).text()).isEqualTo(expected.get(i).text());
            assertThat(found.get(i).outputTokens()).isEqualTo(expected.get(i).output_tokens());
            assertThat(found.get(i).finishReason().name().toLowerCase(Locale.ROOT))
                    .isEqualTo(expected.get(i).finish_reason());
            if (expected.get(i).score() == null) {
                assertThat(found.get(i).score()).isEqualTo(OptionalDouble.empty());
            } else {
                assertThat(found.get(i).score().getAsDouble())
                        .isCloseTo(expected.get(i).score(), Offset.offset(1e-3));
            }
        }
    }

    @Test
    void theEvidenceForASummaryIsTheMeanOfItsCrossAttention() throws Exception {
        Path model = TinyFamily.model(directory, Architecture.CONDITIONAL_GENERATION);
        for (ExpectedEvidence expected : EXPECTED.evidence()) {
            SummarizerOptions options = new SummarizerOptions(
                    GenerationOverrides.parse(expected.summary().options()),
                    WindowOptions.of(LongDocuments.HIERARCHICAL),
                    Newlines.NEWLINE,
                    expected.summary_evidence().size());
            try (LoadedTask<Summaries> summarizer = Summarizer.open(model, options, 1)) {
                Summaries summaries = success(summarizer, expected.text()).output();

                assertTexts(summaries.texts(), expected.summary().texts());
                assertEvidence(summaries.evidence(), expected.summary_evidence(), expected.text());
            }
        }
    }

    @Test
    void theEvidenceForALabelIsTheCrossAttentionOfTheDecidingPosition() throws Exception {
        Path model = TinyFamily.model(directory, Architecture.SEQUENCE_CLASSIFICATION);
        for (ExpectedEvidence expected : EXPECTED.evidence()) {
            ClassifierOptions options = new ClassifierOptions(
                    WindowOptions.of(LongDocuments.WINDOWS),
                    Pooling.MEAN,
                    ClassifierOptions.ALL_LABELS,
                    ClassifierOptions.DEFAULT_THRESHOLD,
                    expected.label_evidence().size());
            try (LoadedTask<Classification> classifier = DocumentClassifier.open(model, options, 1)) {
                assertEvidence(
                        success(classifier, expected.text()).output().evidence(),
                        expected.label_evidence(),
                        expected.text());
            }
        }
    }

    private static void assertEvidence(List<Passage> found, List<Weighed> expected, String text) {
        assertThat(found)
                .extracting(Passage::text)
                .containsExactlyElementsOf(expected.stream()
                        .sorted((a, b) -> Double.compare(b.weight(), a.weight()))
                        .map(Weighed::text)
                        .toList());
        for (Passage passage : found) {
            double weight = expected.stream()
                    .filter(e -> e.text().equals(passage.text()))
                    .mapToDouble(Weighed::weight)
                    .sum();
            assertThat(passage.weight()).isCloseTo(weight, Offset.offset(1e-5));
            assertThat(text.substring(passage.begin(), passage.end()))
                    .as("a text of single chars")
                    .isEqualTo(passage.text());
        }
    }
}
