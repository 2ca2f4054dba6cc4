package io.github.longwing.spark.ml;

import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;

/**
 * Params of stages that generate text, one for each option of text generation; a test compares them with the table.
 *
 * @param <T> the stage
 */
public interface GenerationParams<T> extends StageParams<T> {
    /** The option {@code num-beams}. */
    default IntParam numBeams() {
        return stage().integer("num-beams");
    }

    /** Sets {@link #numBeams}. */
    default T setNumBeams(int value) {
        return with("num-beams", value);
    }

    /** The option {@code length-penalty}. */
    default DoubleParam lengthPenalty() {
        return stage().number("length-penalty");
    }

    /** Sets {@link #lengthPenalty}. */
    default T setLengthPenalty(double value) {
        return with("length-penalty", value);
    }

    /** The option {@code early-stopping}. */
    default Param<String> earlyStopping() {
        return stage().text("early-stopping");
    }

    /** Sets {@link #earlyStopping}. */
    default T setEarlyStopping(String value) {
        return with("early-stopping", value);
    }

    /** The option {@code max-length}. */
    default IntParam maxLength() {
        return stage().integer("max-length");
    }

    /** Sets {@link #maxLength}. */
    default T setMaxLength(int value) {
        return with("max-length", value);
    }

    /** The option {@code min-length}. */
    default IntParam minLength() {
        return stage().integer("min-length");
    }

    /** Sets {@link #minLength}. */
    default T setMinLength(int value) {
        return with("min-length", value);
    }

    /** The option {@code max-new-tokens}. */
    default IntParam maxNewTokens() {
        return stage().integer("max-new-tokens");
    }

    /** Sets {@link #maxNewTokens}. */
    default T setMaxNewTokens(int value) {
        return with("max-new-tokens", value);
    }

    /** The option {@code min-new-tokens}. */
    default IntParam minNewTokens() {
        return stage().integer("min-new-tokens");
    }

    /** Sets {@link #minNewTokens}. */
    default T setMinNewTokens(int value) {
        return with("min-new-tokens", value);
    }

    /** The option {@code no-repeat-ngram-size}. */
    default IntParam noRepeatNgramSize() {
        return stage().integer("no-repeat-ngram-size");
    }

    /** Sets {@link #noRepeatNgramSize}. */
    default T setNoRepeatNgramSize(int value) {
        return with("no-repeat-ngram-size", value);
    }

    /** The option {@code encoder-no-repeat-ngram-size}. */
    default IntParam encoderNoRepeatNgramSize() {
        return stage().integer("encoder-no-repeat-ngram-size");
    }

    /** Sets {@link #encoderNoRepeatNgramSize}. */
    default T setEncoderNoRepeatNgramSize(int value) {
        return with("encoder-no-repeat-ngram-size", value);
    }

    /** The option {@code repetition-penalty}. */
    default DoubleParam repetitionPenalty() {
        return stage().number("repetition-penalty");
    }

    /** Sets {@link #repetitionPenalty}. */
    default T setRepetitionPenalty(double value) {
        return with("repetition-penalty", value);
    }

    /** The option {@code encoder-repetition-penalty}. */
    default DoubleParam encoderRepetitionPenalty() {
        return stage().number("encoder-repetition-penalty");
    }

    /** Sets {@link #encoderRepetitionPenalty}. */
    default T setEncoderRepetitionPenalty(double value) {
        return with("encoder-repetition-penalty", value);
    }

    /** The option {@code num-return-sequences}. */
    default IntParam numReturnSequences() {
        return stage().integer("num-return-sequences");
    }

    /** Sets {@link #numReturnSequences}. */
    default T setNumReturnSequences(int value) {
        return with("num-return-sequences", value);
    }

    /** The option {@code do-sample}. */
    default BooleanParam doSample() {
        return stage().flag("do-sample");
    }

    /** Sets {@link #doSample}. */
    default T setDoSample(boolean value) {
        return with("do-sample", value);
    }

    /** The option {@code temperature}. */
    default DoubleParam temperature() {
        return stage().number("temperature");
    }

    /** Sets {@link #temperature}. */
    default T setTemperature(double value) {
        return with("temperature", value);
    }

    /** The option {@code top-k}. */
    default IntParam topK() {
        return stage().integer("top-k");
    }

    /** Sets {@link #topK}. */
    default T setTopK(int value) {
        return with("top-k", value);
    }

    /** The option {@code top-p}. */
    default DoubleParam topP() {
        return stage().number("top-p");
    }

    /** Sets {@link #topP}. */
    default T setTopP(double value) {
        return with("top-p", value);
    }

    /** The option {@code top-h}. */
    default DoubleParam topH() {
        return stage().number("top-h");
    }

    /** Sets {@link #topH}. */
    default T setTopH(double value) {
        return with("top-h", value);
    }

    /** The option {@code min-p}. */
    default DoubleParam minP() {
        return stage().number("min-p");
    }

    /** Sets {@link #minP}. */
    default T setMinP(double value) {
        return with("min-p", value);
    }

    /** The option {@code typical-p}. */
    default DoubleParam typicalP() {
        return stage().number("typical-p");
    }

    /** Sets {@link #typicalP}. */
    default T setTypicalP(double value) {
        return with("typical-p", value);
    }

    /** The option {@code epsilon-cutoff}. */
    default DoubleParam epsilonCutoff() {
        return stage().number("epsilon-cutoff");
    }

    /** Sets {@link #epsilonCutoff}. */
    default T setEpsilonCutoff(double value) {
        return with("epsilon-cutoff", value);
    }

    /** The option {@code eta-cutoff}. */
    default DoubleParam etaCutoff() {
        return stage().number("eta-cutoff");
    }

    /** Sets {@link #etaCutoff}. */
    default T setEtaCutoff(double value) {
        return with("eta-cutoff", value);
    }

    /** The option {@code seed}. */
    default LongParam seed() {
        return stage().whole("seed");
    }

    /** Sets {@link #seed}. */
    default T setSeed(long value) {
        return with("seed", value);
    }

    /** The option {@code bad-words-ids}. */
    default Param<String> badWordsIds() {
        return stage().text("bad-words-ids");
    }

    /** Sets {@link #badWordsIds}. */
    default T setBadWordsIds(String value) {
        return with("bad-words-ids", value);
    }

    /** The option {@code sequence-bias}. */
    default Param<String> sequenceBias() {
        return stage().text("sequence-bias");
    }

    /** Sets {@link #sequenceBias}. */
    default T setSequenceBias(String value) {
        return with("sequence-bias", value);
    }

    /** The option {@code suppress-tokens}. */
    default Param<String> suppressTokens() {
        return stage().text("suppress-tokens");
    }

    /** Sets {@link #suppressTokens}. */
    default T setSuppressTokens(String value) {
        return with("suppress-tokens", value);
    }

    /** The option {@code begin-suppress-tokens}. */
    default Param<String> beginSuppressTokens() {
        return stage().text("begin-suppress-tokens");
    }

    /** Sets {@link #beginSuppressTokens}. */
    default T setBeginSuppressTokens(String value) {
        return with("begin-suppress-tokens", value);
    }

    /** The option {@code forced-bos-token-id}. */
    default IntParam forcedBosTokenId() {
        return stage().integer("forced-bos-token-id");
    }

    /** Sets {@link #forcedBosTokenId}. */
    default T setForcedBosTokenId(int value) {
        return with("forced-bos-token-id", value);
    }

    /** The option {@code forced-eos-token-id}. */
    default Param<String> forcedEosTokenId() {
        return stage().text("forced-eos-token-id");
    }

    /** Sets {@link #forcedEosTokenId}. */
    default T setForcedEosTokenId(String value) {
        return with("forced-eos-token-id", value);
    }

    /** The option {@code exponential-decay-length-penalty}. */
    default Param<String> exponentialDecayLengthPenalty() {
        return stage().text("exponential-decay-length-penalty");
    }

    /** Sets {@link #exponentialDecayLengthPenalty}. */
    default T setExponentialDecayLengthPenalty(String value) {
        return with("exponential-decay-length-penalty", value);
    }

    /** The option {@code renormalize-logits}. */
    default BooleanParam renormalizeLogits() {
        return stage().flag("renormalize-logits");
    }

    /** Sets {@link #renormalizeLogits}. */
    default T setRenormalizeLogits(boolean value) {
        return with("renormalize-logits", value);
    }

    /** The option {@code pad-token-id}. */
    default IntParam padTokenId() {
        return stage().integer("pad-token-id");
    }

    /** Sets {@link #padTokenId}. */
    default T setPadTokenId(int value) {
        return with("pad-token-id", value);
    }

    /** The option {@code bos-token-id}. */
    default IntParam bosTokenId() {
        return stage().integer("bos-token-id");
    }

    /** Sets {@link #bosTokenId}. */
    default T setBosTokenId(int value) {
        return with("bos-token-id", value);
    }

    /** The option {@code eos-token-id}. */
    default Param<String> eosTokenId() {
        return stage().text("eos-token-id");
    }

    /** Sets {@link #eosTokenId}. */
    default T setEosTokenId(String value) {
        return with("eos-token-id", value);
    }

    /** The option {@code decoder-start-token-id}. */
    default IntParam decoderStartTokenId() {
        return stage().integer("decoder-start-token-id");
    }

    /** Sets {@link #decoderStartTokenId}. */
    default T setDecoderStartTokenId(int value) {
        return with("decoder-start-token-id", value);
    }

    /** The option {@code newlines}. */
    default Param<String> newlines() {
        return stage().text("newlines");
    }

    /** Sets {@link #newlines}. */
    default T setNewlines(String value) {
        return with("newlines", value);
    }
}
