package io.github.longwing.tokenizer;

import static io.github.longwing.tokenizer.Vocabularies.BIGBIRD;
import static io.github.longwing.tokenizer.Vocabularies.BYTE_FALLBACK;
import static io.github.longwing.tokenizer.Vocabularies.HUB;
import static io.github.longwing.tokenizer.Vocabularies.IDENTITY;
import static io.github.longwing.tokenizer.Vocabularies.PEGASUS;
import static io.github.longwing.tokenizer.Vocabularies.SAVED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.longwing.error.DocumentException;
import io.github.longwing.tokenizer.Vocabularies.Case;
import io.github.longwing.tokenizer.Vocabularies.ControlCase;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a text. The expectations in the resources are those of transformers and SentencePiece. */
class TokenizerTest {
    static final List<Path> VOCABULARIES = List.of(PEGASUS, BIGBIRD, BYTE_FALLBACK, IDENTITY, SAVED, HUB);
    static final List<Path> LAYOUTS = List.of(PEGASUS, BIGBIRD);

    private static final int EOS = 1;
    private static final int UNK = 105;

    // Equality with transformers

    @ParameterizedTest
    @FieldSource("VOCABULARIES")
    void givesTheIdsAndOffsetsOfTransformers(Path vocabulary) {
        try (Tokenizer tokenizer = Tokenizer.load(vocabulary)) {
            assertThat(Vocabularies.cases(vocabulary)).isNotEmpty().allSatisfy(expected -> {
                TokenizedDocument document = tokenizer.tokenize(expected.text());
                assertThat(ids(document)).isEqualTo(expected.ids());
                assertThat(offsets(document)).isEqualTo(expected.offsets());
            });
        }
    }

    @ParameterizedTest
    @FieldSource("VOCABULARIES")
    void decodesAsTransformersSkippingSpecialTokens(Path vocabulary) {
        try (Tokenizer tokenizer = Tokenizer.load(vocabulary)) {
            assertThat(Vocabularies.cases(vocabulary)).isNotEmpty().allSatisfy(expected -> assertThat(
                            tokenizer.decode(expected.idArray(), Newlines.KEEP))
                    .isEqualTo(expected.decoded()));
        }
    }

    @Test
    void givesOrdinaryTextTheSameIdsInBothLayouts() {
        // the same pieces, once with ids by position and once with an offset
        try (Tokenizer bigbird = Tokenizer.load(BIGBIRD);
                Tokenizer pegasus = Tokenizer.load(SAVED)) {
            assertThat(Vocabularies.cases(SAVED)).allSatisfy(ordinary -> assertThat(
                            bigbird.tokenize(ordinary.text()).ids())
                    .containsExactly(pegasus.tokenize(ordinary.text()).ids()));
        }
    }

    // The form of a document

    @ParameterizedTest
    @FieldSource("VOCABULARIES")
    void endsEveryDocumentWithOneEosOfEmptySpan(Path vocabulary) {
        try (Tokenizer tokenizer = Tokenizer.load(vocabulary)) {
            assertThat(Vocabularies.cases(vocabulary)).allSatisfy(text -> {
                TokenizedDocument document = tokenizer.tokenize(text.text());
                int last = document.length() - 1;
                assertThat(document.ids()[last]).isEqualTo(EOS);
                assertThat(document.begins()[last]).isZero();
                assertThat(document.ends()[last]).isZero();
                assertThat(Arrays.copyOf(document.ids(), last)).doesNotContain(EOS);
            });
        }
    }

    @Test
    void makesNothingButTheEosOfAnEmptyText() {
        try (Tokenizer tokenizer = Tokenizer.load(PEGASUS)) {
            assertThat(tokenizer.tokenize("").ids()).containsExactly(EOS);
        }
    }

    @Test
    void refusesNoText() {
        try (Tokenizer tokenizer = Tokenizer.load(PEGASUS)) {
            assertThatThrownBy(() -> tokenizer.tokenize(null))
                    .isInstanceOf(NullPointerException.class)
                    .hasMessage("text");
        }
    }

    @Test
    void countsOffsetsInCodePoints() {
        try (Tokenizer tokenizer = Tokenizer.load(PEGASUS)) {
            // each of the two before "the" is one code point, two chars and four bytes
            TokenizedDocument document = tokenizer.tokenize("😀𠮷 the");

            int the = document.length() - 2;
            assertThat(document.begins()[the]).isEqualTo(2);
            assertThat(document.ends()[the]).isEqualTo(6);
        }
    }

    @Test
    void takesHalfASurrogatePairForOneUnreadableCharacter() {
        try (Tokenizer tokenizer = Tokenizer.load(PEGASUS)) {
            for (String half : List.of("\uD83D", "\uDE00", "\uDE00\uD83D", "\uD83D\uD83D\uD83D")) {
                String broken = "the 😀 heron" + half + " stood" + half;
                String readable =
                        "the 😀 heron" + "\uFFFD".repeat(half.length()) + " stood" + "\uFFFD".repeat(half.length());

                assertThat(tokenizer.tokenize(broken))
                        .usingRecursiveComparison()
                        .isEqualTo(tokenizer.tokenize(readable));
            }
        }
    }

    @Test
    void survivesAnyCharacters() {
        Random random = new Random(7);
        try (Tokenizer tokenizer = Tokenizer.load(PEGASUS)) {
            for (int round = 0; round < 300; round++) {
                int[] chars = random.ints(random.nextInt(60), 0, 0x10000).toArray();
                String text = IntStream.of(chars)
                        .collect(StringBuilder::new, (s, c) -> s.append((char) c), StringBuilder::append)
                        .toString();

                TokenizedDocument document = tokenizer.tokenize(text);

                int codePoints = text.codePointCount(0, text.length());
                assertThat(IntStream.of(document.begins())).allMatch(begin -> begin >= 0 && begin <= codePoints);
                assertThat(IntStream.of(document.ends())).allMatch(end -> end >= 0 && end <= codePoints);
            }
        }
    }

    // Control tokens in documents

    @ParameterizedTest
    @FieldSource("LAYOUTS")
    void readsControlTokensInADocumentAsText(Path vocabulary) {
        try (Tokenizer tokenizer = Tokenizer.load(vocabulary)) {
            assertThat(Vocabularies.controlCases(vocabulary)).isNotEmpty().allSatisfy(text -> assertThat(
                            ids(tokenizer.tokenize(text.text())))
                    .isEqualTo(text.asText()));
        }
    }

    @ParameterizedTest
    @FieldSource("LAYOUTS")
    void readsControlTokensAsTokensWhereTheUserAsksForIt(Path vocabulary) {
        try (Tokenizer tokenizer = Tokenizer.load(vocabulary, ControlTokens.AS_TOKENS)) {
            assertThat(Vocabularies.controlCases(vocabulary)).isNotEmpty().allSatisfy(text -> assertThat(
                            ids(tokenizer.tokenize(text.text())))
                    .isEqualTo(text.asTokens()));
        }
    }

    @ParameterizedTest
    @FieldSource("VOCABULARIES")
    void letsNoTextLeadToAControlToken(Path vocabulary) {
        List<String> parts = Stream.concat(
                        Stream.of(PEGASUS, BIGBIRD)
                                .flatMap(layout -> Vocabularies.controlCases(layout).stream())
                                .map(ControlCase::text),
                        Stream.of(
                                "<s>",
                                "<sep_3>",
                                "[MASK]",
                                "<unk_55>",
                                "＜/s＞",
                                "</",
                                "s>",
                                "<pa",
                                "d>",
                                "the",
                                "▁",
                                " "))
                .toList();
        Random random = new Random(11);
        try (Tokenizer tokenizer = Tokenizer.load(vocabulary)) {
            for (int round = 0; round < 300; round++) {
                StringBuilder text = new StringBuilder();
                for (int i = random.nextInt(12); i >= 0; i--) {
                    text.append(parts.get(random.nextInt(parts.size())));
                }

                int[] ids = tokenizer.tokenize(text.toString()).ids();

                assertThat(IntStream.of(ids).limit(ids.length - 1))
                        .as(text.toString())
                        .allMatch(id -> id >= UNK);
            }
        }
    }

    @ParameterizedTest
    @FieldSource("LAYOUTS")
    void coversControlTokensInADocumentWithOffsets(Path vocabulary) {
        try (Tokenizer tokenizer = Tokenizer.load(vocabulary)) {
            assertThat(Vocabularies.controlCases(vocabulary)).allSatisfy(text -> {
                TokenizedDocument document = tokenizer.tokenize(text.text());
                assertThat(IntStream.range(0, text.text().length())
                                .filter(i -> text.text().charAt(i) != ' ')
                                .filter(i -> !isCovered(document, i)))
                        .isEmpty();
            });
        }
    }

    // Decoding

    @ParameterizedTest
    @ValueSource(strings = {"saved", "bigbird", "pegasus"})
    void turnsTheNewlineMarkIntoWhatTheUserWants(String vocabulary) {
        try (Tokenizer tokenizer = Tokenizer.load(PEGASUS.resolveSibling(vocabulary))) {
            int[] ids = tokenizer.tokenize("the end<n>The start").ids();

            assertThat(tokenizer.decode(ids, Newlines.NEWLINE)).isEqualTo("the end\nThe start");
            assertThat(tokenizer.decode(ids, Newlines.SPACE)).isEqualTo("the end The start");
            assertThat(tokenizer.decode(ids, Newlines.KEEP)).isEqualTo("the end<n>The start");
        }
    }

    @ParameterizedTest
    @FieldSource("VOCABULARIES")
    void decodesControlTokensAndUnknownIdsToNothing(Path vocabulary) {
        try (Tokenizer tokenizer = Tokenizer.load(vocabulary)) {
            int[] ids = Arrays.copyOf(tokenizer.tokenize("the heron").ids(), 200);
            int text = tokenizer.tokenize("the heron").length();
            for (int id = 0; text + id < ids.length; id++) {
                ids[text + id] = id <= UNK ? id : tokenizer.vocabularySize() + id;
            }

            assertThat(tokenizer.decode(ids, Newlines.KEEP)).isEqualTo("the heron");
        }
    }

    @Test
    void refusesToDecodeANegativeId() {
        try (Tokenizer tokenizer = Tokenizer.load(PEGASUS)) {
            assertThatThrownBy(() -> tokenizer.decode(new int[] {139, -1}, Newlines.KEEP))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("Cannot decode id -1, expected 0 or more");
        }
    }

    @Test
    void bringsBackTextThatTheVocabularyKnows() {
        try (Tokenizer tokenizer = Tokenizer.load(PEGASUS)) {
            String text = "The river rose twice, and the heron stood in the water.";

            assertThat(tokenizer.decode(tokenizer.tokenize(text).ids(), Newlines.NEWLINE))
                    .isEqualTo(text);
        }
    }

    @Test
    void bringsBackAnyTextThroughSingleBytes() {
        try (Tokenizer tokenizer = Tokenizer.load(BYTE_FALLBACK)) {
            String text = "Кириллица 😀 日本語 the";

            assertThat(tokenizer.decode(tokenizer.tokenize(text).ids(), Newlines.NEWLINE))
                    .isEqualTo(text);
        }
    }

    // Long documents

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 40, 300})
    void givesALongTextInPiecesWhatItGivesTheWhole(int pieceLength) {
        for (Path vocabulary : VOCABULARIES) {
            List<Case> cases = Vocabularies.cases(vocabulary);
            List<String> texts = new ArrayList<>(cases.stream().map(Case::text).toList());
            texts.add(String.join(" ", texts));
            texts.add("слово за слово и the heron 한국어 단어 ไทย คำ हिन्दी शब्द");
            try (Tokenizer whole = Tokenizer.load(vocabulary, ControlTokens.AS_TEXT, Integer.MAX_VALUE);
                    Tokenizer inPieces = Tokenizer.load(vocabulary, ControlTokens.AS_TEXT, pieceLength)) {
                assertThat(texts).allSatisfy(text -> assertThat(inPieces.tokenize(text))
                        .usingRecursiveComparison()
                        .isEqualTo(whole.tokenize(text)));
            }
        }
    }

    @Test
    void neverTruncates() {
        String sentence = "The heron 😀 stood in the water. ";
        try (Tokenizer tokenizer = Tokenizer.load(HUB)) { // its file asks for 16 tokens
            int sentences = 10_000_000 / sentence.length();
            int tokens = tokenizer.tokenize(sentence).length() - 1;

            TokenizedDocument document = tokenizer.tokenize(sentence.repeat(sentences));

            assertThat(document.length()).isEqualTo(sentences * tokens + 1);
            assertThat(document.ends()[document.length() - 2])
                    .isEqualTo(sentences * sentence.codePointCount(0, sentence.length()) - 1);
        }
    }

    @Test
    void refusesATextThatRunsOnForTooLong() {
        try (Tokenizer tokenizer = Tokenizer.load(PEGASUS)) {
            String endless = "the heron " + "🪶".repeat(4_000_000);

            assertThatThrownBy(() -> tokenizer.tokenize(endless))
                    .isInstanceOfSatisfying(DocumentException.class, e -> assertThat(e.kind())
                            .isEqualTo(DocumentException.Kind.TextTooLong))
                    .hasMessage("Cannot tokenize the text: 16000010 bytes of it run on without a space between letters,"
                            + " expected at most 12582912");
        }
    }

    @Test
    void stopsWhenItsThreadIsInterrupted() {
        try (Tokenizer tokenizer = Tokenizer.load(PEGASUS)) {
            Thread.currentThread().interrupt();

            assertThatThrownBy(() -> tokenizer.tokenize("the heron"))
                    .isInstanceOfSatisfying(DocumentException.class, e -> assertThat(e.kind())
                            .isEqualTo(DocumentException.Kind.Cancelled))
                    .hasMessage("Cannot finish tokenizing: the thread was interrupted");
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    // Threads and native memory

    @Test
    void servesManyThreadsAtOnce() throws Exception {
        List<Case> cases = Vocabularies.cases(PEGASUS);
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try (Tokenizer tokenizer = Tokenizer.load(PEGASUS)) {
            List<Future<?>> runs = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                runs.add(threads.submit(() -> cases.forEach(expected -> {
                    assertThat(ids(tokenizer.tokenize(expected.text()))).isEqualTo(expected.ids());
                    assertThat(tokenizer.decode(expected.idArray(), Newlines.KEEP))
                            .isEqualTo(expected.decoded());
                })));
            }
            for (Future<?> run : runs) {
                run.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void canBeClosedWhileThreadsUseIt() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            for (int round = 0; round < 20; round++) {
                Tokenizer tokenizer = Tokenizer.load(SAVED);
                List<Future<?>> runs = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    runs.add(threads.submit(() -> {
                        while (true) {
                            tokenizer.decode(
                                    tokenizer.tokenize("the heron stood").ids(), Newlines.KEEP);
                        }
                    }));
                }
                tokenizer.close();
                for (Future<?> run : runs) {
                    assertThatThrownBy(run::get)
                            .hasCauseInstanceOf(IllegalStateException.class)
                            .hasMessageContaining("Cannot use the tokenizer: it is closed");
                }
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void canBeClosedTwice() {
        Tokenizer tokenizer = Tokenizer.load(SAVED);
        tokenizer.close();
        tokenizer.close();

        assertThatThrownBy(() -> tokenizer.tokenize("the heron"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("Cannot use the tokenizer: it is closed");
    }

    private static List<Integer> ids(TokenizedDocument document) {
        return IntStream.of(document.ids()).boxed().toList();
    }

    private static List<List<Integer>> offsets(TokenizedDocument document) {
        return IntStream.range(0, document.length())
                .mapToObj(i -> List.of(document.begins()[i], document.ends()[i]))
                .toList();
    }

    private static boolean isCovered(TokenizedDocument document, int position) {
        return IntStream.range(0, document.length())
                .anyMatch(i -> document.begins()[i] <= position && position < document.ends()[i]);
    }
}
