package io.github.longwing.tokenizer;

import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import io.github.longwing.error.DocumentException;
import io.github.longwing.error.UserException;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * One Hugging Face tokenizer in native memory. Thread-safe; {@link #close} waits for calls under way and frees the
 * memory, after which every call throws {@link IllegalStateException}.
 *
 * <p>Talks to DJL's bindings themselves rather than to {@code HuggingFaceTokenizer}: that class copies six more arrays
 * out of native memory for every text, and reports its use over the network when it is created.
 */
final class NativeTokenizer implements AutoCloseable {
    private static final TokenizersLibrary LIBRARY = TokenizersLibrary.LIB;
    private static final long CLOSED = 0;

    // Readers use the handle, the writer frees it: a handle used after that would take the JVM down.
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private long handle;

    private NativeTokenizer(long handle) {
        this.handle = handle;
    }

    /**
     * Creates a tokenizer from the text of a {@code tokenizer.json} that has neither truncation nor padding.
     *
     * @param origin what error messages call it
     */
    static NativeTokenizer fromJson(String json, String origin) {
        NativeLibrary.load();
        if (!DocumentText.isWellFormed(json)) {
            throw new UserException("Cannot load " + origin + ": it holds half of a surrogate pair, expected Unicode");
        }
        try {
            return new NativeTokenizer(LIBRARY.createTokenizerFromString(json));
        } catch (RuntimeException e) { // the only type that the bindings throw
            throw new UserException(
                    "Cannot load " + origin + ": " + e.getMessage() + ", expected a tokenizer that Hugging Face"
                            + " tokenizers 0.21 reads",
                    e);
        }
    }

    /**
     * Appends the tokens of {@code piece}, without eos, to {@code tokens}.
     *
     * @param piece well-formed: the bindings garble a text with half a surrogate pair
     * @param base the code point of the document at which the piece begins
     */
    void encode(String piece, int base, TokenBuffer tokens) {
        Lock reading = lock.readLock();
        reading.lock();
        try {
            requireOpen();
            long encoding = encode(piece);
            try {
                tokens.append(LIBRARY.getTokenIds(encoding), LIBRARY.getTokenCharSpans(encoding), base);
            } finally {
                LIBRARY.deleteEncoding(encoding);
            }
        } finally {
            reading.unlock();
        }
    }

    private long encode(String piece) {
        try {
            return LIBRARY.encode(handle, piece, false);
        } catch (RuntimeException e) { // the only type that the bindings throw
            throw new DocumentException(
                    DocumentException.Kind.NativeFailure, "Cannot tokenize the text: " + e.getMessage(), e);
        }
    }

    String decode(long[] ids) {
        Lock reading = lock.readLock();
        reading.lock();
        try {
            requireOpen();
            return LIBRARY.decode(handle, ids, false);
        } finally {
            reading.unlock();
        }
    }

    @Override
    public void close() {
        Lock writing = lock.writeLock();
        writing.lock();
        try {
            if (handle != CLOSED) {
                LIBRARY.deleteTokenizer(handle);
                handle = CLOSED;
            }
        } finally {
            writing.unlock();
        }
    }

    private void requireOpen() {
        if (handle == CLOSED) {
            throw new IllegalStateException("Cannot use the tokenizer: it is closed");
        }
    }
}
