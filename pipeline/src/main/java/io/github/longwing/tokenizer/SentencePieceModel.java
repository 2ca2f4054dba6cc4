package io.github.longwing.tokenizer;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import io.github.longwing.error.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a {@code spiece.model} says: a protobuf {@code sentencepiece.ModelProto} of a unigram model.
 *
 * @param pieces in the order of the file; the first is pad, the second eos
 * @param unkPosition where {@code <unk>} stands among the pieces
 * @param byteFallback whether unknown characters become pieces of single bytes
 * @param charsmap the normalization rules; empty where the model has none
 */
record SentencePieceModel(
        List<Piece> pieces, int unkPosition, boolean byteFallback, Optional<PrecompiledCharsmap> charsmap) {
    static final int PAD_POSITION = 0;
    static final int EOS_POSITION = 1;

    private static final int UNIGRAM = 1;
    private static final int UNKNOWN = 2;

    SentencePieceModel {
        pieces = List.copyOf(pieces);
    }

    /** One piece of the vocabulary and the logarithm of its probability. */
    record Piece(String text, double score) {}

    /** Reads and checks a model file; a damaged or foreign one is a {@link UserException} that names it. */
    static SentencePieceModel read(Path file) {
        try {
            return new Parser(file).model(CodedInputStream.newInstance(Files.readAllBytes(file)));
        } catch (InvalidProtocolBufferException e) {
            throw new UserException(
                    "Cannot read " + file + ": it is damaged or no SentencePiece model (" + e.getMessage()
                            + "); get it again",
                    e);
        } catch (IOException e) {
            throw new UserException("Cannot read " + file + ": " + e + ", expected a SentencePiece model", e);
        }
    }

    /** Field numbers are those of sentencepiece_model.proto. */
    private static final class Parser {
        private final Path file;
        private final List<Piece> pieces = new ArrayList<>();
        private int unkPosition = -1;
        private boolean trainerSeen;
        private boolean normalizerSeen;
        private int modelType = UNIGRAM;
        private int padPosition = -1;
        private int eosPosition = 2;
        private boolean byteFallback;
        private byte[] charsmap = new byte[0];

        Parser(Path file) {
            this.file = file;
        }

        SentencePieceModel model(CodedInputStream in) throws IOException {
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                switch (WireFormat.getTagFieldNumber(tag)) {
                    case 1 -> message(in, tag, this::piece);
                    case 2 -> message(in, tag, this::trainer);
                    case 3 -> message(in, tag, this::normalizer);
                    default -> in.skipField(tag);
                }
            }
            check();
            return new SentencePieceModel(
                    pieces,
                    unkPosition,
                    byteFallback,
                    charsmap.length == 0
                            ? Optional.empty()
                            : Optional.of(PrecompiledCharsmap.of(charsmap, file.toString())));
        }

        private void piece(CodedInputStream in) throws IOException {
            String text = "";
            float score = 0;
            int type = 0;
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                switch (WireFormat.getTagFieldNumber(tag)) {
                    case 1 -> text = in.readStringRequireUtf8();
                    case 2 -> score = in.readFloat();
                    case 3 -> type = in.readEnum();
                    default -> in.skipField(tag);
                }
            }
            if (text.isEmpty() || !Float.isFinite(score)) {
                throw unusable(
                        "piece " + pieces.size() + " is \"" + text + "\" with score " + score,
                        "a text with a finite score");
            }
            if (type == UNKNOWN) {
                unkPosition = pieces.size();
            }
            pieces.add(new Piece(text, score));
        }

        private void trainer(CodedInputStream in) throws IOException {
            trainerSeen = true;
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                switch (WireFormat.getTagFieldNumber(tag)) {
                    case 3 -> modelType = in.readEnum();
                    case 35 -> byteFallback = in.readBool();
                    case 42 -> eosPosition = in.readInt32();
                    case 43 -> padPosition = in.readInt32();
                    default -> in.skipField(tag);
                }
            }
        }

        private void normalizer(CodedInputStream in) throws IOException {
            normalizerSeen = true;
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                switch (WireFormat.getTagFieldNumber(tag)) {
                    case 2 -> charsmap = in.readByteArray();
                    default -> in.skipField(tag);
                }
            }
        }

        private void check() {
            if (!trainerSeen || !normalizerSeen) {
                throw unusable(
                        "it ends after " + pieces.size() + " pieces",
                        "a SentencePiece model with trainer and normalizer settings; get it again");
            }
            if (modelType != UNIGRAM) {
                throw unusable("its model type is " + modelTypeName(), "unigram");
            }
            if (padPosition != PAD_POSITION || eosPosition != EOS_POSITION || unkPosition <= EOS_POSITION) {
                throw unusable(
                        "pad, eos and unk are pieces " + padPosition + ", " + eosPosition + " and " + unkPosition,
                        "0, 1 and a later one, as in the vocabulary of PEGASUS");
            }
        }

        private String modelTypeName() {
            return switch (modelType) {
                case 2 -> "bpe";
                case 3 -> "word";
                case 4 -> "char";
                default -> String.valueOf(modelType);
            };
        }

        private UserException unusable(String found, String wanted) {
            return new UserException("Cannot use " + file + ": " + found + ", expected " + wanted);
        }

        private interface MessageReader {
            void read(CodedInputStream in) throws IOException;
        }

        private static void message(CodedInputStream in, int tag, MessageReader reader) throws IOException {
            if (WireFormat.getTagWireType(tag) != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
                throw new InvalidProtocolBufferException(
                        "field " + WireFormat.getTagFieldNumber(tag) + " is no message");
            }
            int outer = in.pushLimit(in.readRawVarint32());
            reader.read(in);
            in.popLimit(outer);
        }
    }
}
