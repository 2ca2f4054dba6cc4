package io.github.longwing.tokenizer;

import static io.github.longwing.tokenizer.SentencePieceFile.BPE;
import static io.github.longwing.tokenizer.SentencePieceFile.NORMAL;
import static io.github.longwing.tokenizer.SentencePieceFile.UNIGRAM;
import static io.github.longwing.tokenizer.SentencePieceFile.UNKNOWN;
import static io.github.longwing.tokenizer.Vocabularies.BIGBIRD;
import static io.github.longwing.tokenizer.Vocabularies.BYTE_FALLBACK;
import static io.github.longwing.tokenizer.Vocabularies.HUB;
import static io.github.longwing.tokenizer.Vocabularies.IDENTITY;
import static io.github.longwing.tokenizer.Vocabularies.PEGASUS;
import static io.github.longwing.tokenizer.Vocabularies.SAVED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.longwing.error.UserException;
import io.github.longwing.tokenizer.Vocabularies.Case;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

/** Which files make a tokenizer, which do not and what the user hears then. */
class TokenizerFilesTest {
    static final List<Path> SENTENCE_PIECE = List.of(PEGASUS, BIGBIRD, BYTE_FALLBACK, IDENTITY);

    /** Ids of each small vocabulary: 255 pieces and the 103 ids of control tokens. */
    private static final int IDS = 358;

    @TempDir
    private Path directory;

    // Which files

    @Test
    void prefersTokenizerJson() throws IOException {
        copy(SAVED, "tokenizer.json");
        Files.writeString(directory.resolve("spiece.model"), "not looked at");

        assertLikeTransformers(SAVED);
    }

    @Test
    void needsNoConfigBesideTokenizerJson() throws IOException {
        copy(SAVED, "tokenizer.json");

        try (Tokenizer tokenizer = Tokenizer.load(directory)) {
            assertThat(tokenizer.vocabularySize()).isEqualTo(IDS);
        }
    }

    @Test
    void tellsBothLayoutsApartByTheNumberOfIds() throws IOException {
        copy(BIGBIRD, "spiece.model", "config.json"); // 358 pieces and ids
        assertLikeTransformers(BIGBIRD);

        copy(PEGASUS, "spiece.model", "config.json"); // 255 pieces, 358 ids
        assertLikeTransformers(PEGASUS);
    }

    @Test
    void takesTheOffsetOfTokenizerConfigBeforeThatDifference() throws IOException {
        copy(PEGASUS, "spiece.model");
        write("config.json", "{\"vocab_size\": 384}"); // embeddings of a round number
        write("tokenizer_config.json", "{\"offset\": 103}");

        assertLikeTransformers(PEGASUS);
    }

    @Test
    void needsNoModelConfigWhereTokenizerConfigNamesTheOffset() throws IOException {
        copy(BIGBIRD, "spiece.model", "tokenizer_config.json");

        assertLikeTransformers(BIGBIRD);
    }

    @Test
    void seesThatAModelHasMoreIdsThanItsVocabularySinceATableWasRoundedUp() throws IOException {
        for (Path vocabulary : List.of(PEGASUS, BIGBIRD)) { // both have 358 ids
            copy(vocabulary, "spiece.model");
            for (int vocabSize : List.of(360, 384, 512)) {
                write("config.json", "{\"vocab_size\": " + vocabSize + "}");

                assertLikeTransformers(vocabulary);
            }
        }
    }

    @Test
    void findsTheTokensOfAddedTokensJson() throws IOException {
        copy(PEGASUS, "spiece.model");
        write("added_tokens.json", "{\"<sec>\": 358, \"<tbl>\": 359, \"foo bar\": 360}");
        write("config.json", "{\"vocab_size\": 361}"); // the offset follows from the first of them

        try (Tokenizer tokenizer = Tokenizer.load(directory)) {
            assertThat(tokenizer.vocabularySize()).isEqualTo(361);
            assertThat(tokenizer.tokenize("the<sec>the <tbl> foo bar").ids()).contains(358, 359, 360);
            assertThat(tokenizer.decode(tokenizer.tokenize("the<sec>the").ids(), Newlines.KEEP))
                    .contains("<sec>"); // it is not special
        }
        Path written = directory.resolve("written.json");
        Tokenizer.writeTokenizerJson(directory, written);
        Files.move(written, directory.resolve("tokenizer.json"));
        try (Tokenizer tokenizer = Tokenizer.load(directory)) {
            assertThat(tokenizer.tokenize("the<sec>the").ids()).contains(358);
        }
    }

    @Test
    void findsTheTokensThatTokenizerConfigAdds() throws IOException {
        copy(PEGASUS, "spiece.model");
        write("config.json", "{\"vocab_size\": 384}");
        write("tokenizer_config.json", """
                {"added_tokens_decoder": {"0": {"content": "<pad>", "special": true},
                                          "358": {"content": "<sec>", "normalized": false, "special": true}}}
                """);

        try (Tokenizer tokenizer = Tokenizer.load(directory)) {
            int[] ids = tokenizer.tokenize("the<sec>the").ids();
            assertThat(ids).contains(358);
            assertThat(tokenizer.decode(ids, Newlines.KEEP)).doesNotContain("<sec>");
        }
    }

    @Test
    void countsTheIdsOfItsVocabulary() throws IOException {
        copy(PEGASUS, "spiece.model");
        write("config.json", "{\"vocab_size\": 384}");
        write("tokenizer_config.json", "{\"offset\": 103}");

        try (Tokenizer tokenizer = Tokenizer.load(directory)) {
            assertThat(tokenizer.vocabularySize()).isEqualTo(IDS);
        }
    }

    @Test
    void refusesADirectoryWithoutATokenizer() throws IOException {
        copy(PEGASUS, "config.json");

        assertRefusal(
                "Cannot load a tokenizer from " + directory + ": there is neither tokenizer.json nor spiece.model,"
                        + " expected one of them; copy it from where the model comes from");
    }

    @ParameterizedTest
    @CsvSource({"357, 102", "256, 1", "254, -1", "96103, 95848"})
    void refusesADifferenceThatIsNeitherLayoutByBothNumbers(int vocabSize, int difference) throws IOException {
        copy(PEGASUS, "spiece.model");
        write("config.json", "{\"vocab_size\": " + vocabSize + "}");

        assertRefusal("Cannot use " + directory.resolve("spiece.model") + ": it has 255 pieces and vocab_size in"
                + " config.json is " + vocabSize + ", a difference of " + difference + ", expected 0 or 103; supply the"
                + " vocabulary of this model, or name the offset in tokenizer_config.json");
    }

    @Test
    void takesTransformersDefaultForAVocabSizeLeftOut() throws IOException {
        copy(PEGASUS, "spiece.model");
        write("config.json", "{}");

        assertRefusal("Cannot use " + directory.resolve("spiece.model") + ": it has 255 pieces and vocab_size in"
                + " config.json is 96103, a difference of 95848, expected 0 or 103; supply the vocabulary of this model,"
                + " or name the offset in tokenizer_config.json");
    }

    @Test
    void refusesSpieceModelWithoutAnythingThatTellsItsLayout() throws IOException {
        copy(PEGASUS, "spiece.model");

        assertRefusal(
                "Cannot use " + directory.resolve("spiece.model") + ": there is neither config.json with vocab_size"
                        + " nor tokenizer_config.json with offset beside it, expected one of them to tell the layout of its ids");
    }

    @Test
    void refusesAnOffsetForWhichTheModelHasNotEnoughIds() throws IOException {
        copy(BIGBIRD, "spiece.model", "config.json");
        write("tokenizer_config.json", "{\"offset\": 103}");

        assertRefusal(
                "Cannot use " + directory.resolve("spiece.model") + ": it has 358 pieces, which with the offset 103"
                        + " of tokenizer_config.json make 461 ids, expected at most vocab_size in config.json, which is 358");
    }

    @Test
    void refusesAnOffsetWithoutRoomForTheMaskTokens() throws IOException {
        copy(PEGASUS, "spiece.model", "config.json");
        write("tokenizer_config.json", "{\"offset\": 1}");

        assertRefusal("Cannot use " + directory.resolve("tokenizer_config.json")
                + ": offset is 1, expected 0 (BigBird)," + " 103 (PEGASUS) or another number from 2 up");
    }

    // Damaged and foreign spiece.model

    @Test
    void refusesATruncatedSentencePieceModelWhereverItEnds() throws IOException {
        byte[] whole = Files.readAllBytes(IDENTITY.resolve("spiece.model"));
        copy(IDENTITY, "config.json");
        for (int length = 0; length < whole.length; length += 7) {
            Files.write(directory.resolve("spiece.model"), Arrays.copyOf(whole, length));

            assertThatThrownBy(() -> Tokenizer.load(directory))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("spiece.model: it ")
                    .hasMessageContaining("get it again");
        }
    }

    @Test
    void refusesAnotherFileUnderTheNameOfASentencePieceModel() throws IOException {
        write("spiece.model", "<!DOCTYPE html><html>Not found</html>");

        assertThatThrownBy(() -> Tokenizer.load(directory))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot read " + directory.resolve("spiece.model")
                        + ": it is damaged or no SentencePiece model (")
                .hasMessageEndingWith("); get it again")
                .hasCauseInstanceOf(IOException.class);
    }

    @Test
    void refusesAModelThatIsNotUnigram() throws IOException {
        spieceModel(SentencePieceFile.withPieces().trainer(BPE, 0, 1).normalizer(new byte[0]));

        assertRefusal("Cannot use " + directory.resolve("spiece.model") + ": its model type is bpe, expected unigram");
    }

    @Test
    void refusesAModelWhoseFirstPiecesAreOthers() throws IOException {
        spieceModel(SentencePieceFile.withPieces().trainer(UNIGRAM, -1, 2).normalizer(new byte[0]));

        assertRefusal("Cannot use " + directory.resolve("spiece.model") + ": pad, eos and unk are pieces -1, 2 and 2,"
                + " expected 0, 1 and a later one, as in the vocabulary of PEGASUS");
    }

    @Test
    void refusesAScoreThatIsNoNumber() throws IOException {
        spieceModel(SentencePieceFile.withPieces()
                .piece("b", Float.NaN, NORMAL)
                .trainer(UNIGRAM, 0, 1)
                .normalizer(new byte[0]));

        assertRefusal("Cannot use " + directory.resolve("spiece.model")
                + ": piece 5 is \"b\" with score NaN, expected a text with a finite score");
    }

    @Test
    void refusesDamagedNormalizationRules() throws IOException {
        spieceModel(SentencePieceFile.withPieces().trainer(UNIGRAM, 0, 1).normalizer(new byte[] {4, 0, 0, 0, 1, 2, 3}));

        assertRefusal("Cannot use " + directory.resolve("spiece.model") + ": its precompiled_charsmap of 7 bytes is"
                + " damaged, expected normalization rules as SentencePiece writes them; get the file again");
    }

    @Test
    void callsPadAndEosByTheirUsualNamesWhateverTheFileSays() throws IOException {
        spieceModel(new SentencePieceFile()
                .piece("[PAD]", 0, SentencePieceFile.CONTROL)
                .piece("[END]", 0, SentencePieceFile.CONTROL)
                .piece("<unk>", 0, UNKNOWN)
                .piece("▁a", -1, NORMAL)
                .trainer(UNIGRAM, 0, 1)
                .normalizer(new byte[0]));

        try (Tokenizer tokenizer = Tokenizer.load(directory, ControlTokens.AS_TOKENS)) {
            assertThat(tokenizer.tokenize("a</s>").ids()).containsExactly(3, 1, 1);
        }
    }

    // Damaged and foreign tokenizer.json

    @Test
    void refusesTokenizerJsonThatIsNoJson() throws IOException {
        write("tokenizer.json", "{\"version\": \"1.0\", ");

        assertThatThrownBy(() -> Tokenizer.load(directory))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith(
                        "Cannot read " + directory.resolve("tokenizer.json") + ": it is not valid JSON");
    }

    @Test
    void refusesATokenizerOfAnotherKind() throws IOException {
        tokenizerJson(json -> json.getAsJsonObject("model").addProperty("type", "BPE"));

        assertRefusal("Cannot use " + directory.resolve("tokenizer.json")
                + ": model.type is \"BPE\", expected \"Unigram\", as BigBirdPegasus has it");
    }

    @Test
    void refusesTokenizerJsonWithoutAnUnknownToken() throws IOException {
        tokenizerJson(json -> json.getAsJsonObject("model").remove("unk_id"));

        assertRefusal("Cannot use " + directory.resolve("tokenizer.json")
                + ": model.unk_id is missing, expected an integer from 0 up");
    }

    @Test
    void refusesAnUnknownTokenBeyondTheVocabulary() throws IOException {
        tokenizerJson(json -> json.getAsJsonObject("model").addProperty("unk_id", IDS));

        assertRefusal("Cannot use " + directory.resolve("tokenizer.json")
                + ": model.unk_id is 358, expected one of the 358 positions in model.vocab");
    }

    @Test
    void refusesAPieceWithoutAScore() throws IOException {
        tokenizerJson(json -> json.getAsJsonObject("model")
                .getAsJsonArray("vocab")
                .set(200, JsonParser.parseString("[\"the\", \"often\"]")));

        assertRefusal("Cannot use " + directory.resolve("tokenizer.json")
                + ": an entry of model.vocab is [\"the\",\"often\"], expected a piece and its score");
    }

    @Test
    void refusesDamagedNormalizationRulesInTokenizerJson() throws IOException {
        tokenizerJson(json -> charsmapOwner(json).addProperty("precompiled_charsmap", "AAAA/w=="));

        assertRefusal("Cannot use " + directory.resolve("tokenizer.json") + ": its precompiled_charsmap of 4 bytes is"
                + " damaged, expected normalization rules as SentencePiece writes them; get the file again");
    }

    @Test
    void refusesNormalizationRulesThatAreNotBase64() throws IOException {
        tokenizerJson(json -> charsmapOwner(json).addProperty("precompiled_charsmap", "~~~~"));

        assertThatThrownBy(() -> Tokenizer.load(directory))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot use " + directory.resolve("tokenizer.json")
                        + ": its precompiled_charsmap is not base64 (");
    }

    @Test
    void refusesAStepThatNobodyKnows() throws IOException {
        tokenizerJson(json -> json.add("pre_tokenizer", JsonParser.parseString("{\"type\": \"Sideways\"}")));

        assertThatThrownBy(() -> Tokenizer.load(directory))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot load " + directory.resolve("tokenizer.json") + ": ")
                .hasMessageEndingWith(", expected a tokenizer that Hugging Face tokenizers 0.21 reads");
    }

    @Test
    void refusesAVocabularyForWhichTheModelHasNotEnoughIds() throws IOException {
        copy(SAVED, "tokenizer.json");
        write("config.json", "{\"vocab_size\": 300}");

        assertRefusal("Cannot use " + directory.resolve("tokenizer.json") + ": it has 358 pieces, expected at most"
                + " vocab_size in config.json, which is 300; supply the vocabulary of this model");
    }

    @Test
    void refusesAnEosThatIsNoPiece() throws IOException {
        copy(SAVED, "tokenizer.json");
        write("tokenizer_config.json", "{\"eos_token\": {\"content\": \"<end>\"}}");

        assertRefusal("Cannot use " + directory.resolve("tokenizer.json")
                + ": the eos token <end> is missing, expected one of its pieces");
    }

    @Test
    void takesTheEosForAControlTokenWhereverItStands() throws IOException {
        write("tokenizer.json", """
                {
                  "version": "1.0",
                  "added_tokens": [
                    {"id": 3, "content": "</s>", "single_word": false, "lstrip": false, "rstrip": false,
                     "normalized": false, "special": true}
                  ],
                  "pre_tokenizer": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": true},
                  "decoder": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": true},
                  "model": {"type": "Unigram", "unk_id": 0, "vocab": [["<unk>", 0], ["▁a", -1], ["b", -2], ["</s>", 0]]}
                }
                """);

        try (Tokenizer tokenizer = Tokenizer.load(directory)) {
            assertThat(tokenizer.tokenize("a</s>b").ids()).containsExactly(1, 0, 2, 3);
            assertThat(tokenizer.decode(new int[] {1, 3, 2, 3}, Newlines.KEEP)).isEqualTo("ab");
        }
    }

    @Test
    void findsTokensThatTheUserAddedUnlessTheModelHasNoIdForThem() throws IOException {
        tokenizerJson(json -> json.getAsJsonArray("added_tokens")
                .add(JsonParser.parseString("{\"id\": 358, \"content\": \"<doc-sep>\", \"single_word\": false,"
                        + " \"lstrip\": false, \"rstrip\": false, \"normalized\": false, \"special\": true}")));

        write("config.json", "{\"vocab_size\": 359}");
        try (Tokenizer tokenizer = Tokenizer.load(directory)) {
            assertThat(tokenizer.vocabularySize()).isEqualTo(359);
            assertThat(tokenizer.tokenize("the<doc-sep>the").ids()).contains(358);
            assertThat(tokenizer.decode(tokenizer.tokenize("the<doc-sep>").ids(), Newlines.KEEP))
                    .isEqualTo("the");
        }
        write("config.json", "{\"vocab_size\": 358}");
        try (Tokenizer tokenizer = Tokenizer.load(directory)) {
            assertThat(tokenizer.tokenize("the<doc-sep>the").ids()).doesNotContain(358);
        }
    }

    // tokenizer_config.json

    @Test
    void cleansUpSpacesWhereTokenizerConfigSaysSo() throws IOException {
        copy(BYTE_FALLBACK, "spiece.model", "config.json");
        String text = "the heron , it 's here . do n't ' go ' ! ?";

        assertThat(roundTrip(text)).isEqualTo(text);
        write("tokenizer_config.json", "{\"clean_up_tokenization_spaces\": true}");
        assertThat(roundTrip(text)).isEqualTo("the heron, it's here. don't'go '!?");
    }

    // What import writes

    @ParameterizedTest
    @FieldSource("SENTENCE_PIECE")
    void writesATokenizerJsonThatNeedsNoLayout(Path vocabulary) throws IOException {
        Tokenizer.writeTokenizerJson(vocabulary, directory.resolve("tokenizer.json"));

        assertLikeTransformers(vocabulary);
    }

    @Test
    void writesTheTokenizerJsonThatTransformersSaves() throws IOException {
        copy(SAVED, "spiece.model", "config.json");
        Path written = directory.resolve("written.json");

        Tokenizer.writeTokenizerJson(directory, written);

        assertThat(parse(written)).isEqualTo(parse(SAVED.resolve("tokenizer.json")));
    }

    @Test
    void copiesATokenizerJsonAsItIs() {
        Path written = directory.resolve("tokenizer.json");

        Tokenizer.writeTokenizerJson(HUB, written);

        assertThat(written).hasSameBinaryContentAs(HUB.resolve("tokenizer.json"));
    }

    @Test
    void checksWhatItCopies() throws IOException {
        write("tokenizer.json", "{}");

        assertThatThrownBy(() -> Tokenizer.writeTokenizerJson(directory, directory.resolve("copy.json")))
                .isInstanceOf(UserException.class)
                .hasMessage(
                        "Cannot use " + directory.resolve("tokenizer.json") + ": model is missing, expected an object");
        assertThat(directory.resolve("copy.json")).doesNotExist();
    }

    @Test
    void overwritesNothing() throws IOException {
        write("tokenizer.json", "here before");

        for (Path vocabulary : List.of(PEGASUS, HUB)) {
            Path target = directory.resolve("tokenizer.json");
            assertThatThrownBy(() -> Tokenizer.writeTokenizerJson(vocabulary, target))
                    .isInstanceOf(UserException.class)
                    .hasMessage("Cannot write " + target + ": java.nio.file.FileAlreadyExistsException: " + target);
        }
    }

    @Test
    void saysWhereItCannotWrite() {
        Path target = directory.resolve("missing/tokenizer.json");

        assertThatThrownBy(() -> Tokenizer.writeTokenizerJson(PEGASUS, target))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot write " + target + ": java.nio.file.NoSuchFileException: " + target);
    }

    @Test
    void leavesTheModelDirectoryAsItWas() throws IOException {
        copy(PEGASUS, "spiece.model", "config.json");

        Tokenizer.load(directory).close();

        assertThat(directory).isDirectoryNotContaining(file -> !List.of("spiece.model", "config.json")
                .contains(file.getFileName().toString()));
    }

    private void assertRefusal(String message) {
        assertThatThrownBy(() -> Tokenizer.load(directory))
                .isInstanceOf(UserException.class)
                .hasMessage(message);
    }

    private void assertLikeTransformers(Path vocabulary) {
        List<Case> cases = Vocabularies.cases(vocabulary);
        try (Tokenizer tokenizer = Tokenizer.load(directory)) {
            assertThat(cases).isNotEmpty().allSatisfy(expected -> {
                int[] ids = tokenizer.tokenize(expected.text()).ids();
                assertThat(IntStream.of(ids).boxed().toList()).isEqualTo(expected.ids());
                assertThat(tokenizer.decode(ids, Newlines.KEEP)).isEqualTo(expected.decoded());
            });
        }
    }

    private String roundTrip(String text) {
        try (Tokenizer tokenizer = Tokenizer.load(directory)) {
            return tokenizer.decode(tokenizer.tokenize(text).ids(), Newlines.KEEP);
        }
    }

    private void copy(Path vocabulary, String... files) throws IOException {
        for (String file : files) {
            Files.write(directory.resolve(file), Files.readAllBytes(vocabulary.resolve(file)));
        }
    }

    private void write(String file, String content) throws IOException {
        Files.writeString(directory.resolve(file), content);
    }

    private void spieceModel(SentencePieceFile file) throws IOException {
        Files.write(directory.resolve("spiece.model"), file.toBytes());
        write("tokenizer_config.json", "{\"offset\": 0}");
    }

    private void tokenizerJson(Consumer<JsonObject> change) throws IOException {
        JsonObject json = parse(SAVED.resolve("tokenizer.json")).getAsJsonObject();
        change.accept(json);
        write("tokenizer.json", json.toString());
    }

    private static JsonObject charsmapOwner(JsonObject json) {
        return json.getAsJsonObject("normalizer")
                .getAsJsonArray("normalizers")
                .get(0)
                .getAsJsonObject();
    }

    private static JsonElement parse(Path file) throws IOException {
        return JsonParser.parseString(Files.readString(file));
    }
}
