package io.github.longwing.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearNamesTest {
    private static final List<String> NAMES = List.of("num-beams", "min-length", "max-length", "top-k", "Title");

    @Test
    void findsTheNearestNamesNearestFirst() {
        assertThat(NearNames.of("num-beam", NAMES)).containsExactly("num-beams");
        assertThat(NearNames.of("nmu-baems", NAMES)).as("letters swapped").containsExactly("num-beams");
        assertThat(NearNames.of("maxlength", NAMES)).containsExactly("max-length", "min-length");
        assertThat(NearNames.of("mix-length", NAMES)).containsExactly("max-length", "min-length");
        assertThat(NearNames.of("TITEL", NAMES)).as("capitals do not matter").containsExactly("Title");
    }

    @Test
    void findsNothingWhereNoNameIsNear() {
        assertThat(NearNames.of("output", NAMES)).isEmpty();
        assertThat(NearNames.of("", NAMES)).isEmpty();
    }

    @Test
    void putsTheNearestIntoASentence() {
        assertThat(NearNames.hint("topk", NAMES)).isEqualTo(" (did you mean top-k?)");
        assertThat(NearNames.hint("output", NAMES)).isEmpty();
    }
}
