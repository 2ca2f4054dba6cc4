package io.github.longwing.task;

import static io.github.longwing.task.Submitting.success;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.longwing.config.Architecture;
import io.github.longwing.config.GenerationOverrides;
import io.github.longwing.segmentation.CodePointText;
import io.github.longwing.segmentation.Sentence;
import io.github.longwing.segmentation.Span;
import io.github.longwing.task.classify.Classification;
import io.github.longwing.task.classify.ClassifierOptions;
import io.github.longwing.task.classify.DocumentClassifier;
import io.github.longwing.task.summarize.Summaries;
import io.github.longwing.task.summarize.Summarizer;
import io.github.longwing.task.summarize.SummarizerOptions;
import io.github.longwing.tokenizer.Newlines;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Passages that carried an output; that they equal transformers' attention says {@link TransformersTasksTest}. */
class EvidenceTest {
    private static final int ALL = 1000;
    private static final Map<String, String> BEAMS = Map.of("num_beams", "2", "min_length", "0", "max_new_tokens", "8");

    @TempDir
    private static Path directory;

    private static Path summarizing;
    private static Path classifying;

    @BeforeAll
    static void makeTheModels() {
        summarizing = TinyFamily.model(directory, Architecture.CONDITIONAL_GENERATION);
        classifying = TinyFamily.model(directory, Architecture.SEQUENCE_CLASSIFICATION);
    }

    @ParameterizedTest
    @EnumSource
    void theEvidenceForASummaryIsOfSentencesOfTheDocument(LongDocuments longDocuments) throws Exception {
        String text = document(8);
        try (LoadedTask<Summaries> summarizer = summarizer(longDocuments, ALL)) {
            assertPassages(success(summarizer, text).output().evidence(), text);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theEvidenceForALabelIsOfSentencesOfTheDocument(Pooling pooling) throws Exception {
        String text = document(8);
        try (LoadedTask<Classification> classifier = classifier(pooling, ALL)) {
            assertPassages(success(classifier, text).output().evidence(), text);
        }
    }

    private static void assertPassages(List<Passage> passages, String text) {
        CodePointText codePoints = CodePointText.of(text);
        List<Span> sentences = Sentence.of(text, Locale.ENGLISH).stream()
                .map(sentence -> codePoints.trimmed(sentence.span()))
                .toList();
        assertThat(passages).isNotEmpty();
        for (Passage passage : passages) {
            Span span = new Span(passage.begin(), passage.end());
            assertThat(sentences).contains(span);
            assertThat(passage.text()).isEqualTo(codePoints.substring(span));
            assertThat(passage.weight()).isBetween(0.0, 1.0).isNotZero();
        }
        assertThat(passages).doesNotHaveDuplicates();
        assertThat(passages).isSortedAccordingTo((a, b) -> Double.compare(b.weight(), a.weight()));
        assertThat(sum(passages)).as("the rest is of ends of sequences").isBetween(0.5, 1.0 + 1e-6);
    }

    @Test
    void asManyPassagesAsWereAskedForAreTheBest() throws Exception {
        String text = document(5);
        try (LoadedTask<Summaries> all = summarizer(LongDocuments.HIERARCHICAL, ALL);
                LoadedTask<Summaries> two = summarizer(LongDocuments.HIERARCHICAL, 2)) {
            assertThat(success(two, text).output().evidence())
                    .isEqualTo(success(all, text).output().evidence().subList(0, 2));
        }
    }

    @ParameterizedTest
    @EnumSource
    void evidenceChangesNoSummary(LongDocuments longDocuments) throws Exception {
        String text = document(8);
        try (LoadedTask<Summaries> with = summarizer(longDocuments, 3);
                LoadedTask<Summaries> without = summarizer(longDocuments, 0)) {
            DocumentResult.Success<Summaries> expected = success(without, text);
            Summaries found = success(with, text).output();

            assertThat(expected.output().evidence()).isEmpty();
            assertThat(found.texts()).isEqualTo(expected.output().texts());
            assertThat(found.levels()).isEqualTo(expected.output().levels());
            assertThat(found.evidence()).hasSize(3);
        }
    }

    @ParameterizedTest
    @EnumSource
    void evidenceChangesNoLabel(Pooling pooling) throws Exception {
        String text = document(8);
        try (LoadedTask<Classification> with = classifier(pooling, 3);
                LoadedTask<Classification> without = classifier(pooling, 0)) {
            Classification expected = success(without, text).output();
            Classification found = success(with, text).output();

            assertThat(expected.evidence()).isEmpty();
            assertThat(found.best().orElseThrow().label())
                    .isEqualTo(expected.best().orElseThrow().label());
            for (int i = 0; i < expected.labels().size(); i++) {
                assertThat(found.labels().get(i).probability())
                        .isCloseTo(expected.labels().get(i).probability(), Offset.offset(1e-5));
            }
        }
    }

    @Test
    void aWindowCountsByItsPartOfTheJoinedSummary() throws Exception {
        try (LoadedTask<Summaries> summarizer = summarizer(LongDocuments.WINDOWS, ALL)) {
            List<Summaries> alone = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                alone.add(success(summarizer, paragraph(i)).output());
            }
            int all = alone.stream().mapToInt(s -> s.best().outputTokens()).sum();

            DocumentResult.Success<Summaries> result = success(summarizer, document(4));

            assertThat(result.windows()).isEqualTo(4);
            Map<String, Double> found = weights(result.output().evidence());
            for (Summaries window : alone) {
                weights(window.evidence()).forEach((sentence, weight) -> assertThat(found.get(sentence))
                        .as(sentence)
                        .isCloseTo(weight * window.best().outputTokens() / all, Offset.offset(1e-6)));
            }
        }
    }

    @Test
    void ofTheMeanEveryWindowIsEvidenceByItsLengthAndOfTheMaximumTheOneThatDecided() throws Exception {
        try (LoadedTask<Classification> mean = classifier(Pooling.MEAN, ALL);
                LoadedTask<Classification> max = classifier(Pooling.MAX, ALL)) {
            DocumentResult.Success<Classification> result = success(mean, document(4));
            assertThat(result.windows()).isEqualTo(4);
            Map<String, Double> found = weights(result.output().evidence());
            List<DocumentResult.Success<Classification>> alone = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                alone.add(success(mean, paragraph(i)));
            }
            int all =
                    alone.stream().mapToInt(DocumentResult.Success::inputTokens).sum();
            for (DocumentResult.Success<Classification> window : alone) {
                weights(window.output().evidence()).forEach((sentence, weight) -> assertThat(found.get(sentence))
                        .as(sentence)
                        .isCloseTo(weight * window.inputTokens() / all, Offset.offset(1e-6)));
            }

            Classification best = success(max, document(4)).output();
            assertThat(alone)
                    .extracting(window -> window.output().evidence().stream()
                            .map(Passage::text)
                            .toList())
                    .contains(best.evidence().stream().map(Passage::text).toList());
        }
    }

    @Test
    void whatWasCutOffIsNoEvidence() throws Exception {
        try (LoadedTask<Summaries> cutting = summarizer(LongDocuments.TRUNCATE, ALL)) {
            List<Passage> passages = success(cutting, document(8)).output().evidence();

            assertThat(passages).allSatisfy(p -> assertThat(p.end()).isLessThan(400));
        }
    }

    @Test
    void offsetsCountCodePoints() throws Exception {
        String text = "\ud83d\ude80 Rockets \ud83d\ude80 fly. Owls \ud83e\udd89 hunt mice. \u6f22\u5b57 too.";
        try (LoadedTask<Summaries> summarizer = summarizer(LongDocuments.HIERARCHICAL, ALL)) {
            List<Passage> passages = success(summarizer, text).output().evidence();

            assertPassages(passages, text);
            assertThat(passages)
                    .anySatisfy(p -> assertThat(p.text()).isEqualTo("\ud83d\ude80 Rockets \ud83d\ude80 fly."));
        }
    }

    private static double sum(List<Passage> passages) {
        return passages.stream().mapToDouble(Passage::weight).sum();
    }

    private static Map<String, Double> weights(List<Passage> passages) {
        return passages.stream().collect(Collectors.toMap(Passage::text, Passage::weight));
    }

    /** Paragraphs of which a window holds one and not two. */
    private static String document(int paragraphs) {
        return IntStream.range(0, paragraphs).mapToObj(EvidenceTest::paragraph).collect(Collectors.joining("\n\n"));
    }

    private static String paragraph(int number) {
        return IntStream.range(0, 4)
                .mapToObj(i -> "The owl number " + number + " hunts mouse number " + i + " in the field by the sea.")
                .collect(Collectors.joining(" "));
    }

    private static WindowOptions reading(LongDocuments longDocuments) {
        return new WindowOptions(longDocuments, 90, 0, Locale.ENGLISH);
    }

    private static LoadedTask<Summaries> summarizer(LongDocuments longDocuments, int evidence) {
        return Summarizer.open(
                summarizing,
                new SummarizerOptions(
                        GenerationOverrides.parse(BEAMS), reading(longDocuments), Newlines.NEWLINE, evidence),
                1);
    }

    private static LoadedTask<Classification> classifier(Pooling pooling, int evidence) {
        return DocumentClassifier.open(
                classifying, new ClassifierOptions(reading(LongDocuments.WINDOWS), pooling, 0, 0.5, evidence), 1);
    }
}
