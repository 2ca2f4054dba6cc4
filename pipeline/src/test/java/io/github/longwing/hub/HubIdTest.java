package io.github.longwing.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.longwing.error.UserException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HubIdTest {
    @Test
    void readsOwnerNameAndRevision() {
        assertThat(HubId.parse("google/bigbird-pegasus-large-arxiv"))
                .contains(new HubId("google/bigbird-pegasus-large-arxiv", "main"));
        assertThat(HubId.parse("o/n@v1.0")).contains(new HubId("o/n", "v1.0"));
        assertThat(HubId.parse("o/n@refs/pr/3")).contains(new HubId("o/n", "refs/pr/3"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "model", "a/b/c", "/a/b", "./a", "../a", "a/..", "s3a://a/b", "a b/c", "a/b--c", "@main"})
    void takesNothingElseForAHubId(String text) {
        assertThat(HubId.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "..", "../x", "a/../b", "/a", "a/", "a//b", "a b", "a@b", "-x", "a\nb"})
    void refusesARevisionThatIsNone(String revision) {
        assertThatThrownBy(() -> HubId.parse("o/n@" + revision))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("Cannot use o/n: its revision is ")
                .hasMessageContaining("expected a branch, a tag or a commit");
    }
}
