package io.github.longwing.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;

/** What summaries take from documents, and the methods without a model. */
class SourceUseTest {
    private static final String DOCUMENT = "The quick brown fox jumps over the lazy dog near the river bank. "
            + "Heavy rain fell on the northern hills during the whole of last week. "
            + "The committee met on Tuesday to discuss the new budget for schools.";

    @Test
    void aSentenceOfTheDocumentIsCopiedAndNotSpliced() {
        SourceUse use = SourceUse.of("Heavy rain fell on the northern hills during the whole of last week.", DOCUMENT);

        assertThat(use).isEqualTo(new SourceUse(13, 13, 1, 0));
    }

    @Test
    void piecesOfTwoPlacesInOneSentenceAreSpliced() {
        SourceUse use = SourceUse.of("The quick brown fox jumps to discuss the new budget for schools.", DOCUMENT);

        assertThat(use.splicedSentences()).isEqualTo(1);
        assertThat(use.copiedWords()).isEqualTo(use.words());
    }

    @Test
    void aSentenceWithAWordChangedOrLeftOutIsNotSpliced() {
        SourceUse changed =
                SourceUse.of("Heavy rain fell on the southern hills during the whole of last week.", DOCUMENT);
        SourceUse shortened = SourceUse.of("The committee met on Tuesday to discuss the budget for schools.", DOCUMENT);

        assertThat(changed.splicedSentences()).isZero();
        assertThat(changed.copiedWords()).isEqualTo(changed.words() - 1);
        assertThat(shortened.splicedSentences()).isZero();
    }

    @Test
    void ownWordsAreNeitherCopiedNorSpliced() {
        assertThat(SourceUse.of("An animal leaps.\nPeople talk about money.", DOCUMENT))
                .isEqualTo(new SourceUse(7, 0, 2, 0));
        assertThat(SourceUse.of("", DOCUMENT)).isEqualTo(new SourceUse(0, 0, 0, 0));
    }

    @Test
    void scriptsWithoutBlanksAreReadCharacterByCharacter() {
        SourceUse use = SourceUse.of("猫坐在垫子上。", "一只猫坐在垫子上，狗在外面。");

        assertThat(use).isEqualTo(new SourceUse(6, 6, 1, 0));
    }

    @Test
    void sentencesEndAtLinesAndAtFullStopsWithABlank() {
        assertThat(Rouge.sentences("One. Two 3.5!\nThree\r\nFour? 五。六"))
                .containsExactly("One.", "Two 3.5!", "Three", "Four?", "五。", "六");
    }

    @Test
    void theLeadIsTheFirstWords() {
        assertThat(Baselines.lead(" one\ntwo  three four", 3)).isEqualTo("one two three");
        assertThat(Baselines.lead("one", 3)).isEqualTo("one");
        assertThat(Baselines.lead("", 3)).isEmpty();
    }

    @Test
    void rankedSentencesAreWholeSentencesInTheirOrderUntilThereAreEnough() {
        assertThat(Baselines.rankedSentences(DOCUMENT, 20).lines())
                .hasSizeBetween(1, 2)
                .allSatisfy(sentence -> assertThat(DOCUMENT).contains(sentence));
        assertThat(Baselines.rankedSentences(DOCUMENT, 100)).isEqualTo(DOCUMENT.replace(". ", ".\n"));
        assertThat(Baselines.rankedSentences("No sentence here", 2)).isEqualTo("No sentence");
    }

    @Test
    void theOverlapSentenceSharesMostWordsWithTheQuestion() {
        assertThat(Baselines.overlapSentence("When did the committee discuss schools?", DOCUMENT, Locale.ROOT))
                .startsWith("The committee met");
        assertThat(Baselines.overlapSentence("Who?", "", Locale.ROOT)).isEmpty();
    }
}
