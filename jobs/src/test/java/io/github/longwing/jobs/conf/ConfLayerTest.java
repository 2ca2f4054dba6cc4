package io.github.longwing.jobs.conf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.longwing.error.UserException;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfLayerTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "UTF-16LE", "UTF-16BE"})
    void passesOverTheMarkOfACharset(String charset) throws IOException {
        Path file = directory.resolve("my.properties");
        Files.write(file, "\uFEFFnum-beams=4\nlocale=pt-BR\n".getBytes(Charset.forName(charset)));

        assertThat(ConfLayer.read(file, List.of("num-beams", "locale")).values())
                .containsEntry("num-beams", "4")
                .containsEntry("locale", "pt-BR")
                .hasSize(2);
    }

    @Test
    void readsAnEmptyFile() throws IOException {
        Path file = Files.write(directory.resolve("my.properties"), new byte[0]);

        assertThat(ConfLayer.read(file, List.of()).values()).isEmpty();
    }

    @Test
    void refusesAnotherCharset() throws IOException {
        Path file = Files.write(directory.resolve("my.properties"), new byte[] {'a', '=', (byte) 0xE9, '\n'});

        assertThatThrownBy(() -> ConfLayer.read(file, List.of("a")))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot read " + file + ": it is not UTF-8, expected a file of settings in UTF-8");
    }
}
