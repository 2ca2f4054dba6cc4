package io.github.longwing.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class DidYouMeanTest {
    private static final List<String> NAMES = List.of("num-beams", "min-length", "max-length", "top-k", "Title");

    @Test
    void findsTheNearestNamesNearestFirst() {
        assertThat(DidYouMean.of("num-beam", NAMES)).containsExactly("num-beams");
        assertThat(DidYouMean.of("nmu-baems", NAMES)).as("letters swapped").containsExactly("num-beams");
        assertThat(DidYouMean.of("maxlength", NAMES)).containsExactly("max-length", "min-length");
        assertThat(DidYouMean.of("mix-length", NAMES)).containsExactly("max-length", "min-length");
        assertThat(DidYouMean.of("TITEL", NAMES)).as("capitals do not matter").containsExactly("Title");
    }

    @Test
    void findsNothingWhereNoNameIsNear() {
        assertThat(DidYouMean.of("output", NAMES)).isEmpty();
        assertThat(DidYouMean.of("", NAMES)).isEmpty();
    }

    @Test
    void putsTheNearestIntoASentence() {
        assertThat(DidYouMean.hint("topk", NAMES)).isEqualTo(" (did you mean top-k?)");
        assertThat(DidYouMean.hint("output", NAMES)).isEmpty();
    }
}
