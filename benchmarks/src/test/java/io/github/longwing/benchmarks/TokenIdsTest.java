package io.github.longwing.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.longwing.error.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenIdsTest {
    @Test
    void cutsADocumentAndKeepsItsEos(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("ids.json"), "[11, 12, 13, 14, 1]");
        TokenIds ids = TokenIds.read(file);
        assertThat(ids.cutTo(3)).containsExactly(11, 12, 1);
        assertThat(ids.cutTo(5)).containsExactly(11, 12, 13, 14, 1);
    }

    @Test
    void refusesALengthThatTheFileDoesNotHave() {
        TokenIds ids = new TokenIds(new int[] {11, 12, 1});
        assertThatThrownBy(() -> ids.cutTo(4))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot measure 4 tokens: the file of ids has 3, expected a length from 1 to that");
    }
}
