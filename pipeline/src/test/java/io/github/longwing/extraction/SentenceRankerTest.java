package io.github.longwing.extraction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The ranker against TfidfVectorizer(stop_words="english", sublinear_tf=True) of scikit-learn 1.7. */
class SentenceRankerTest {

    @Test
    void scoresSentencesAsScikitLearnDoes() {
        double[] scores = SentenceRanker.scores(List.of(
                "The wind is strong and the birds fly low over the sea.",
                "The sea birds fly home when the wind is strong, birds of the sea.",
                "A small boat left the port in the morning with three men.",
                "The men of the boat saw the birds."));

        assertThat(scores)
                .containsExactly(
                        new double[] {1.274716553690187, 1.225, 0.8395757626355953, 0.9210190396878751}, within(1e-12));
    }

    @Test
    void hasThePositionAloneWhereThereAreOnlyStopWords() {
        assertThat(SentenceRanker.scores(List.of("The and of.", "It is."))).containsExactly(0.3, 0.15);
        assertThat(SentenceRanker.scores(List.of())).isEmpty();
    }

    @Test
    void comparesTextsWithoutSpacesByPairsOfCharacters() {
        double[] scores = SentenceRanker.scores(List.of("红色的花。", "长江是最长的河流。", "黄河也是很长的河流。", "长江与黄河。"));

        assertThat(scores[0]).as("shares one pair with no other").isLessThan(scores[1]);
    }

    @Test
    void choosesTheBestThatFitInTheOrderOfTheText() {
        double[] scores = {0.2, 0.9, 0.8, 0.5, 0.7};
        int[] lengths = {10, 50, 60, 10, 20};

        assertThat(SentenceRanker.choose(scores, lengths, 100, 75)).containsExactly(1, 3, 4);
        assertThat(SentenceRanker.choose(scores, lengths, 100, 60)).containsExactly(1, 4);
        assertThat(SentenceRanker.choose(scores, lengths, 5, 60)).isEmpty();
    }
}
