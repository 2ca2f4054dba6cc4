package io.github.longwing.tokenizer;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Writes small SentencePiece models, sound and unsound ones; field numbers are those of sentencepiece_model.proto. */
final class SentencePieceFile {
    static final int NORMAL = 1;
    static final int UNKNOWN = 2;
    static final int CONTROL = 3;
    static final int UNIGRAM = 1;
    static final int BPE = 2;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private interface Fields {
        void write(CodedOutputStream out) throws IOException;
    }

    /** Pad, eos, unk and one letter, as a sound model begins. */
    static SentencePieceFile withPieces() {
        return new SentencePieceFile()
                .piece("<pad>", 0, CONTROL)
                .piece("</s>", 0, CONTROL)
                .piece("<unk>", 0, UNKNOWN)
                .piece("▁", -1, NORMAL)
                .piece("a", -2, NORMAL);
    }

    SentencePieceFile piece(String text, float score, int type) {
        return message(1, out -> {
            out.writeString(1, text);
            out.writeFloat(2, score);
            out.writeEnum(3, type);
        });
    }

    SentencePieceFile trainer(int modelType, int padId, int eosId) {
        return message(2, out -> {
            out.writeEnum(3, modelType);
            out.writeInt32(42, eosId);
            out.writeInt32(43, padId);
        });
    }

    SentencePieceFile normalizer(byte[] charsmap) {
        return message(3, out -> out.writeByteArray(2, charsmap));
    }

    byte[] toBytes() {
        return bytes.toByteArray();
    }

    private SentencePieceFile message(int field, Fields fields) {
        try {
            ByteArrayOutputStream inner = new ByteArrayOutputStream();
            CodedOutputStream innerOut = CodedOutputStream.newInstance(inner);
            fields.write(innerOut);
            innerOut.flush();
            CodedOutputStream out = CodedOutputStream.newInstance(bytes);
            out.writeByteArray(field, inner.toByteArray());
            out.flush();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
