package io.github.longwing.task;

import io.github.longwing.segmentation.CodePointText;
import io.github.longwing.segmentation.Sentence;
import io.github.longwing.segmentation.Span;
import io.github.longwing.segmentation.Window;
import io.github.longwing.tokenizer.TokenizedDocument;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** The attention of an output to the tokens of a document, summed over its windows. Not thread-safe. */
public final class Evidence {
    private final CodePointText text;
    private final TokenizedDocument tokens;
    private final double[] weights; // of each token, without the eos

    public Evidence(WindowedText reading) {
        this.text = reading.text();
        this.tokens = reading.tokens();
        this.weights = new double[tokens.length() - 1];
    }

    /**
     * Adds the attention to a window.
     *
     * @param attention of the window's tokens and its eos
     * @param part how much of the whole output came from this window, 0 to 1
     */
    public void add(Window window, float[] attention, double part) {
        for (int i = 0; i < window.length(); i++) {
            weights[window.firstToken() + i] += part * attention[i];
        }
    }

    /** The attention to each part of the text: to all tokens that end in it. Parts end in ascending order. */
    public double[] ofParts(int[] ends) {
        double[] sums = new double[ends.length];
        int token = 0;
        for (int part = 0; part < ends.length; part++) {
            for (; token < weights.length && lastCodePoint(token) < ends[part]; token++) {
                sums[part] += weights[token];
            }
        }
        return sums;
    }

    /** The sentences with the most attention, in descending order; of equal ones the earlier first. */
    public List<Passage> passages(int count, Locale locale) {
        List<Sentence> sentences = Sentence.of(text.text(), locale);
        double[] sums = ofParts(sentences.stream().mapToInt(s -> s.span().end()).toArray());
        List<Passage> passages = new ArrayList<>();
        for (int i = 0; i < sums.length; i++) {
            Span span = text.trimmed(sentences.get(i).span());
            if (span.length() > 0 && sums[i] > 0) {
                passages.add(new Passage(text.substring(span), span.begin(), span.end(), sums[i]));
            }
        }
        return passages.stream()
                .sorted(Comparator.comparingDouble(Passage::weight).reversed())
                .limit(count)
                .toList();
    }

    /** A token has the space before it, which belongs to the sentence before. */
    private int lastCodePoint(int token) {
        return Math.max(tokens.begins()[token], tokens.ends()[token] - 1);
    }
}
