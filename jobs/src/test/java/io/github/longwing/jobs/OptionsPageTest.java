package io.github.longwing.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.longwing.jobs.command.Backend;
import io.github.longwing.jobs.console.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** docs/options.md is what the commands say of themselves. */
class OptionsPageTest {
    private static final Path PAGE = Path.of("..", "docs", "options.md");

    @Test
    void thePageOfOptionsIsThatOfTheCommands() throws IOException {
        String fresh = OptionsPage.of(Longwing.commandLine(Terminal.ofProcess(), Backend.standard()));
        Path target = Files.createDirectories(Path.of("target")).resolve("options.md");
        Files.writeString(target, fresh);

        assertThat(Files.exists(PAGE) ? Files.readString(PAGE) : "")
                .as(
                        "docs/options.md differs from the commands; renew it with: cp jobs/target/options.md docs/options.md")
                .isEqualTo(fresh);
    }

    @Test
    void thePageHasEveryOptionOfEveryCommand() {
        String page = OptionsPage.of(Longwing.commandLine(Terminal.ofProcess(), Backend.standard()));

        assertThat(page).contains("`--num-beams N`", "`--evidence N`", "## show", "## cache clear", "`--downloads`");
        assertThat(page).doesNotContain("${");
    }
}
