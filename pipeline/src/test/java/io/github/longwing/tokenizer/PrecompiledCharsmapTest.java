package io.github.longwing.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.longwing.error.UserException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Normalization rules that are damaged must not reach native code, which would end the JVM. */
class PrecompiledCharsmapTest {

    @ParameterizedTest
    @ValueSource(strings = {"pegasus", "bigbird", "byte-fallback"})
    void acceptsWhatSentencePieceWrites(String vocabulary) {
        assertThat(charsmap(Vocabularies.PEGASUS.resolveSibling(vocabulary))).isNotEmpty();
    }

    @Test
    void refusesOrSurvivesAnyDamage() throws IOException {
        byte[] rules = charsmap(Vocabularies.BIGBIRD);
        StringBuilder characters = new StringBuilder();
        for (int c = 1; c < 0xD800; c += 3) {
            characters.append((char) c);
        }
        Random random = new Random(3);
        int refused = 0;
        for (int round = 0; round < 400; round++) {
            byte[] damaged = rules.clone();
            damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            try {
                String base64 = PrecompiledCharsmap.of(damaged, "the file").toBase64();
                try (NativeTokenizer tokenizer = NativeTokenizer.fromJson(json(base64), "the file")) {
                    tokenizer.encode(characters.toString(), 0, new TokenBuffer());
                }
            } catch (UserException e) {
                assertThat(e).hasMessageStartingWith("Cannot use the file: its precompiled_charsmap");
                refused++;
            }
        }
        assertThat(refused).isPositive();
    }

    private static byte[] charsmap(Path vocabulary) {
        return SentencePieceModel.read(vocabulary.resolve("spiece.model"))
                .charsmap()
                .orElseThrow()
                .toBytes();
    }

    private static String json(String charsmap) {
        return """
                {
                  "version": "1.0",
                  "normalizer": {"type": "Precompiled", "precompiled_charsmap": "%s"},
                  "pre_tokenizer": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": true},
                  "model": {"type": "Unigram", "unk_id": 0, "vocab": [["<unk>", 0.0]], "byte_fallback": false}
                }
                """.formatted(charsmap);
    }
}
