package io.github.longwing.tokenizer;

import io.github.longwing.error.UserException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.BitSet;
import java.util.Deque;

/**
 * The normalization rules of a SentencePiece model: the length of a double-array trie in bytes, the trie (keys are the
 * UTF-8 of what is replaced), and the replacements, each ended by a zero byte. All numbers are little-endian.
 *
 * <p>Checked when built, for native code follows the trie's links blindly: a damaged one would take the JVM down at the
 * first document with the wrong character.
 */
final class PrecompiledCharsmap {
    private final byte[] bytes;

    private PrecompiledCharsmap(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Checks the rules; {@code origin} is the file that error messages name. */
    static PrecompiledCharsmap of(byte[] bytes, String origin) {
        if (!isSound(bytes)) {
            throw new UserException(
                    "Cannot use " + origin + ": its precompiled_charsmap of " + bytes.length
                            + " bytes is damaged, expected normalization rules as SentencePiece writes them; get the file again");
        }
        return new PrecompiledCharsmap(bytes.clone());
    }

    /** As a tokenizer.json holds it; native code accepts base64 in its canonical form alone. */
    static PrecompiledCharsmap ofBase64(String base64, String origin) {
        try {
            PrecompiledCharsmap charsmap = of(Base64.getDecoder().decode(base64), origin);
            if (charsmap.toBase64().equals(base64)) {
                return charsmap;
            }
            throw new UserException(
                    "Cannot use " + origin + ": the base64 of its precompiled_charsmap is not canonical,"
                            + " expected padding and no stray bits");
        } catch (IllegalArgumentException e) {
            throw new UserException(
                    "Cannot use " + origin + ": its precompiled_charsmap is not base64 (" + e.getMessage()
                            + "); get the file again",
                    e);
        }
    }

    byte[] toBytes() {
        return bytes.clone();
    }

    String toBase64() {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static boolean isSound(byte[] bytes) {
        if (bytes.length < Integer.BYTES) {
            return false;
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int trieBytes = buffer.getInt();
        if (trieBytes <= 0 || trieBytes % Integer.BYTES != 0 || trieBytes > buffer.remaining()) {
            return false;
        }
        int[] trie = new int[trieBytes / Integer.BYTES];
        buffer.slice(Integer.BYTES, trieBytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asIntBuffer()
                .get(trie);
        ByteBuffer replacements = buffer.slice(Integer.BYTES + trieBytes, bytes.length - Integer.BYTES - trieBytes);
        return isUtf8(replacements) && linksStayInside(trie, replacements);
    }

    private static boolean isUtf8(ByteBuffer text) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(text.duplicate());
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    /** Visits every node that a text can lead to. A node is the index from which its children are reached by xor. */
    private static boolean linksStayInside(int[] trie, ByteBuffer replacements) {
        Deque<Integer> open = new ArrayDeque<>();
        BitSet seen = new BitSet();
        open.push(offset(trie[0]));
        while (!open.isEmpty()) {
            int node = open.pop();
            if ((node | 0xFF) >= trie.length) {
                return false;
            }
            for (int label = 1; label <= 0xFF; label++) {
                int unit = trie[node ^ label];
                if ((unit & 0x800000FF) != label) {
                    continue;
                }
                int child = node ^ label ^ offset(unit);
                if (child >= trie.length || (hasLeaf(unit) && !isStart(trie[child], replacements))) {
                    return false;
                }
                if (!seen.get(child)) {
                    seen.set(child);
                    open.push(child);
                }
            }
        }
        return true;
    }

    private static int offset(int unit) {
        return (unit >>> 10) << ((unit & 0x200) >>> 6);
    }

    private static boolean hasLeaf(int unit) {
        return (unit >>> 8 & 1) == 1;
    }

    /** Whether a leaf points at the first byte of a character. */
    private static boolean isStart(int leaf, ByteBuffer replacements) {
        int start = leaf & Integer.MAX_VALUE;
        return start < replacements.limit() && (replacements.get(start) & 0xC0) != 0x80;
    }
}
