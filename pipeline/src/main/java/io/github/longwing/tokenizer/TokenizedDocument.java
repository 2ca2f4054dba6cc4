package io.github.longwing.tokenizer;

/**
 * The tokens of one whole document, eos last. Token {@code i} stands for {@code text[begins[i]:ends[i]]} of the text as
 * given, counted in Unicode code points from zero, end exclusive; the eos has the empty span 0 to 0, as in transformers.
 *
 * <p>The arrays are handed out as they are, not copied, and documents are not compared: equality is identity.
 *
 * @param ids token ids; never empty
 * @param begins as many as ids
 * @param ends as many as ids
 */
@SuppressWarnings("ArrayRecordComponent") // boxes for a million ids would be the greater evil
public record TokenizedDocument(int[] ids, int[] begins, int[] ends) {
    public TokenizedDocument {
        if (ids.length == 0 || ids.length != begins.length || ids.length != ends.length) {
            throw new IllegalArgumentException("Cannot hold " + ids.length + " ids, " + begins.length + " begins and "
                    + ends.length + " ends: expected equally many, at least one");
        }
    }

    /** How many tokens, the eos included. */
    public int length() {
        return ids.length;
    }
}
