package io.github.longwing.task.summarize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.longwing.config.GenerationConfig;
import io.github.longwing.config.GenerationOverrides;
import io.github.longwing.config.Precision;
import io.github.longwing.config.RandomBlocks;
import io.github.longwing.config.SentenceHead;
import io.github.longwing.error.UserException;
import io.github.longwing.extraction.SentenceRule;
import io.github.longwing.fixture.Goldens;
import io.github.longwing.generation.FinishReason;
import io.github.longwing.runtime.Cancellation;
import io.github.longwing.runtime.HiddenStates;
import io.github.longwing.runtime.ModelSessions;
import io.github.longwing.segmentation.CodePointText;
import io.github.longwing.segmentation.Span;
import io.github.longwing.store.ImportOptions;
import io.github.longwing.store.ModelDirectory;
import io.github.longwing.store.ModelImporter;
import io.github.longwing.task.Document;
import io.github.longwing.task.DocumentResult;
import io.github.longwing.task.DocumentResult.Success;
import io.github.longwing.task.LoadedTask;
import io.github.longwing.task.LongDocuments;
import io.github.longwing.task.WindowOptions;
import io.github.longwing.tokenizer.Newlines;
import io.github.longwing.tokenizer.TokenizedDocument;
import io.github.longwing.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Summaries made of sentences of the document, on the model that Longwing carries. */
class ExtractiveSummariesTest {
    private static final int WINDOW = 70;
    private static final String[] SENTENCES = {
        "The wind is strong today and the\nbirds fly low over the cold sea.",
        "A small boat left the port in the morning with three old men.",
        "The city will open a new school near the river next year.",
        "Two teams played in the rain and nobody won the long game.",
        "The company said that its sales rose again in this quarter.",
        "Doctors found that the patients slept better after the new treatment.",
        "The \uD83E\uDD8B came back to the garden in the first warm days of May."
    };
    private static final Map<String, String> HELD =
            Map.of("extractive", "true", "num_beams", "3", "min_length", "0", "max_length", "60");

    @TempDir
    private static Path directory;

    private static Path model;

    @BeforeAll
    static void importTheModel() {
        model = directory.resolve("model");
        ModelImporter.run(
                Goldens.resource("/io/github/longwing/models/sentence-summarizer"),
                model,
                new ImportOptions("sentences", Precision.FLOAT32, RandomBlocks.REFERENCE));
    }

    @ParameterizedTest
    @EnumSource
    void areSentencesOfTheDocumentWithTheirPlaces(LongDocuments longDocuments) throws Exception {
        String text = document(5);
        try (LoadedTask<Summaries> summarizer = open(HELD, longDocuments)) {
            Success<Summaries> result = success(summarizer, text);

            assertThat(result.output().sentences()).isPresent();
            List<ExtractedSentence> sentences = result.output().sentences().orElseThrow();
            assertThat(sentences).isNotEmpty();
            assertThat(result.output().best().text())
                    .isEqualTo(sentences.stream().map(ExtractedSentence::text).collect(Collectors.joining(" ")));
            assertThat(result.output().best().finishReason()).isEqualTo(FinishReason.EOS);
            assertThat(sentences).allSatisfy(s -> {
                Span span = new Span(s.begin(), s.end());
                assertThat(s.text()).isEqualTo(CodePointText.of(text).substring(span));
                assertThat(SentenceRule.sentences(text)).contains(span);
                assertThat(s.window()).isBetween(0, result.windows() - 1);
            });
            assertThat(sentences)
                    .extracting(ExtractedSentence::begin)
                    .isSorted()
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void chooseAcrossWindowsWhateverTheWindow() throws Exception {
        try (LoadedTask<Summaries> windows = open(HELD, LongDocuments.WINDOWS);
                LoadedTask<Summaries> levels = open(HELD, LongDocuments.HIERARCHICAL)) {
            String text = document(5);
            List<ExtractedSentence> all =
                    success(windows, text).output().sentences().orElseThrow();
            Success<Summaries> chosen = success(levels, text);

            assertThat(all).extracting(ExtractedSentence::window).contains(0, 1);
            assertThat(chosen.output().levels()).isGreaterThan(1);
            assertThat(chosen.output().sentences().orElseThrow()).hasSizeLessThan(all.size());
            assertThat(chosen.output().best().outputTokens()).isLessThan(60);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "num_beams, 1",
        "do_sample, true",
        "sentence_order, model",
        "sentence_prior, 3",
        "sentence_head, 3",
        "max_sentences, 1"
    })
    void haveWholeSentencesWhateverTheSearch(String option, String value) throws Exception {
        try (LoadedTask<Summaries> summarizer = open(with(option, value), LongDocuments.TRUNCATE, 400)) {
            String text = document(3);
            List<ExtractedSentence> sentences =
                    success(summarizer, text).output().sentences().orElseThrow();

            assertThat(sentences)
                    .extracting(ExtractedSentence::text)
                    .isNotEmpty()
                    .doesNotHaveDuplicates();
            assertThat(List.of(SENTENCES))
                    .containsAll(sentences.stream().map(ExtractedSentence::text).toList());
            if (option.equals("max_sentences")) {
                assertThat(sentences).hasSize(1);
            }
        }
    }

    @Test
    void ofOneDocumentDoNotDependOnOthers() throws Exception {
        List<String> texts = IntStream.range(1, 6)
                .mapToObj(ExtractiveSummariesTest::document)
                .toList();
        try (LoadedTask<Summaries> summarizer = open(with("sentence_prior", "1"), LongDocuments.HIERARCHICAL)) {
            List<Future<DocumentResult<Summaries>>> together = new ArrayList<>();
            for (String text : texts) {
                together.add(summarizer.submit(new Document("document", text)));
            }
            for (int i = 0; i < texts.size(); i++) {
                assertThat(together.get(i).get(300, TimeUnit.SECONDS)).isEqualTo(success(summarizer, texts.get(i)));
            }
        }
    }

    @Test
    void aLargePriorChoosesTheSentenceOfTheHighestScore() throws Exception {
        Map<String, String> options = with("sentence_prior", "1000");
        options.put("max_sentences", "1");
        options.put("length_penalty", "0"); // which otherwise divides the prior of longer sentences too
        try (LoadedTask<Summaries> summarizer = open(options, LongDocuments.HIERARCHICAL)) {
            CodePointText text = CodePointText.of(document(5));
            SourceSentences sentences = SourceSentences.of(text);
            int best = IntStream.range(0, sentences.size())
                    .boxed()
                    .max((a, b) -> Double.compare(sentences.score(a), sentences.score(b)))
                    .orElseThrow();

            assertThat(success(summarizer, text.text()).output().sentences().orElseThrow())
                    .extracting(ExtractedSentence::text)
                    .containsExactly(sentences.text(best));
        }
    }

    @Test
    void aLargeHeadChoosesTheSentenceThatItFindsLikeliest() throws Exception {
        Map<String, String> options = with("sentence_head", "1000");
        options.put("max_sentences", "1");
        options.put("length_penalty", "0");
        String text = document(3);
        try (LoadedTask<Summaries> summarizer = open(options, LongDocuments.TRUNCATE, 400);
                Tokenizer tokenizer = Tokenizer.load(model);
                ModelSessions sessions = ModelSessions.open(ModelDirectory.open(model), 1)) {
            SentenceHead head = SentenceHead.wanted(
                            GenerationConfig.read(model).with(options),
                            model,
                            sessions.directory().config())
                    .orElseThrow();
            TokenizedDocument tokens = tokenizer.tokenize(text);
            try (HiddenStates states =
                    sessions.encoder().encode(tokens.ids(), RandomBlocks.REFERENCE, new Cancellation())) {
                // by the tokens that begin within it, as sentences end with a stop and a space
                Map<String, Double> byTheHead = SentenceRule.sentences(text).stream()
                        .collect(Collectors.toMap(CodePointText.of(text)::substring, span -> {
                            int[] own = IntStream.range(0, tokens.length() - 1)
                                    .filter(t -> tokens.ends()[t] > span.begin() && tokens.begins()[t] < span.end())
                                    .toArray();
                            return own.length * head.probability(states.toArray(), own[0], own[own.length - 1] + 1);
                        }));
                String likeliest = Collections.max(byTheHead.entrySet(), Map.Entry.comparingByValue())
                        .getKey();

                assertThat(success(summarizer, text).output().sentences().orElseThrow())
                        .extracting(ExtractedSentence::text)
                        .containsExactly(likeliest);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"60, 12", "8, 12", "60, 1", "3, 1"})
    void areASpanThatFitsWhereNoSentenceDoes(int maxLength, int repeats) throws Exception {
        String text = "Sales 17 apples 18\n\nthe wind and the sea ".repeat(repeats);
        try (LoadedTask<Summaries> summarizer =
                open(with("max_length", Integer.toString(maxLength)), LongDocuments.HIERARCHICAL)) {
            Success<Summaries> result = success(summarizer, text);

            assertThat(result.output().best().finishReason()).isEqualTo(FinishReason.LENGTH);
            assertThat(result.output().sentences().orElseThrow())
                    .singleElement()
                    .satisfies(s -> {
                        assertThat(s.text()).isNotBlank().isEqualTo(text.substring(s.begin(), s.end()));
                        assertThat(result.output().best().text()).isEqualTo(s.text());
                    });
            assertThat(result.output().best().outputTokens()).isLessThanOrEqualTo(maxLength - 1);
        }
    }

    @Test
    void aSentenceThatIsTooLongIsCutAtAWord() throws Exception {
        try (LoadedTask<Summaries> summarizer = open(with("max_length", "10"), LongDocuments.HIERARCHICAL)) {
            String text = SENTENCES[2];
            Success<Summaries> result = success(summarizer, text);

            assertThat(result.output().best().finishReason()).isEqualTo(FinishReason.LENGTH);
            String span = result.output().best().text();
            assertThat(text).startsWith(span + " ");
            assertThat(span.split(" ").length).isGreaterThan(3);
        }
    }

    @Test
    void haveEvidenceThroughAllLevels() throws Exception {
        try (LoadedTask<Summaries> summarizer = Summarizer.open(
                model,
                new SummarizerOptions(
                        GenerationOverrides.parse(HELD),
                        reading(LongDocuments.HIERARCHICAL, WINDOW),
                        Newlines.NEWLINE,
                        3),
                1)) {
            assertThat(success(summarizer, document(5)).output().evidence()).hasSize(3);
        }
    }

    @Test
    void mayHaveSpacesForLineBreaks() throws Exception {
        Map<String, String> one = with("max_length", "200");
        try (LoadedTask<Summaries> summarizer = Summarizer.open(
                model,
                new SummarizerOptions(
                        GenerationOverrides.parse(one), reading(LongDocuments.TRUNCATE, 400), Newlines.SPACE, 0),
                1)) {
            Summaries summaries = success(summarizer, SENTENCES[0]).output();

            assertThat(summaries.best().text()).isEqualTo(SENTENCES[0].replace('\n', ' '));
            assertThat(summaries.sentences().orElseThrow().get(0).text()).isEqualTo(SENTENCES[0]);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "no_repeat_ngram_size, 3",
        "repetition_penalty, 1.5",
        "bad_words_ids, '[[17]]'",
        "num_return_sequences, 2",
        "suppress_tokens, 17"
    })
    void refuseWhatWouldBanTokensOfASentence(String option, String value) {
        assertThatThrownBy(
                        () -> open(with(option, value), LongDocuments.TRUNCATE).close())
                .isInstanceOf(UserException.class)
                .hasMessageContaining(option + " is")
                .hasMessageContaining("extractive");
    }

    @Test
    void needAnEndOfSequence() {
        assertThatThrownBy(() -> open(with("eos_token_id", "null"), LongDocuments.TRUNCATE)
                        .close())
                .isInstanceOf(UserException.class)
                .hasMessageContaining("eos_token_id is not set");
    }

    @Test
    void areFreeWhereTheUserSaysSo() throws Exception {
        try (LoadedTask<Summaries> summarizer = open(with("extractive", "false"), LongDocuments.TRUNCATE)) {
            assertThat(success(summarizer, document(1)).output().sentences()).isEmpty();
        }
    }

    private static Map<String, String> with(String option, String value) {
        Map<String, String> options = new HashMap<>(HELD);
        options.put(option, value);
        return options;
    }

    private static String document(int paragraphs) {
        return IntStream.range(0, paragraphs)
                .mapToObj(p -> SENTENCES[p % SENTENCES.length] + " " + SENTENCES[(p + 3) % SENTENCES.length])
                .collect(Collectors.joining("\n\n"));
    }

    private static WindowOptions reading(LongDocuments longDocuments, int window) {
        return new WindowOptions(longDocuments, window, 0, Locale.ENGLISH);
    }

    private static LoadedTask<Summaries> open(Map<String, String> generation, LongDocuments longDocuments) {
        return open(generation, longDocuments, WINDOW);
    }

    private static LoadedTask<Summaries> open(Map<String, String> generation, LongDocuments longDocuments, int window) {
        return Summarizer.open(
                model,
                new SummarizerOptions(
                        GenerationOverrides.parse(generation), reading(longDocuments, window), Newlines.NEWLINE, 0),
                1);
    }

    private static Success<Summaries> success(LoadedTask<Summaries> summarizer, String text) throws Exception {
        DocumentResult<Summaries> result =
                summarizer.submit(new Document("document", text)).get(300, TimeUnit.SECONDS);
        assertThat(result).isInstanceOf(Success.class);
        return (Success<Summaries>) result;
    }
}
