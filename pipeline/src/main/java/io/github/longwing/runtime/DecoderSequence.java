package io.github.longwing.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.github.longwing.config.BigBirdPegasusConfig;
import io.github.longwing.nn.GraphNames;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.LongStream;

/** A whole sequence of tokens for the decoder, from the first position on. */
record DecoderSequence(int[] ids) {

    /** The decoder's input of a model that does not generate: the encoder's input, shifted right by the start token. */
    static DecoderSequence shiftedRight(int[] inputIds, BigBirdPegasusConfig config) {
        int[] shifted = new int[inputIds.length];
        shifted[0] = config.decoderStartTokenId();
        System.arraycopy(inputIds, 0, shifted, 1, inputIds.length - 1);
        return new DecoderSequence(shifted);
    }

    /** As {@link #shiftedRight}, up to the position of the last eos: a classifier does not use what follows. */
    static DecoderSequence shiftedRightToLastEos(int[] inputIds, BigBirdPegasusConfig config) {
        int eos = inputIds.length - 1;
        while (eos >= 0 && inputIds[eos] != config.eosTokenId()) {
            eos--;
        }
        if (eos < 0) {
            throw new IllegalArgumentException(
                    "Cannot classify: input_ids has no eos, expected the id " + config.eosTokenId() + " at its end");
        }
        return shiftedRight(Arrays.copyOf(inputIds, eos + 1), config);
    }

    /**
     * Runs a graph over the sequence.
     *
     * @param verb for messages, such as {@code classify}
     * @param more inputs besides the ids and positions; not closed
     */
    OrtSession.Result run(
            OrtEnvironment environment,
            OrtSession session,
            String verb,
            Map<String, OnnxTensor> more,
            Cancellation cancellation) {
        try (TensorMap inputs = new TensorMap()) {
            inputs.put(
                    GraphNames.INPUT_IDS, longs(environment, Arrays.stream(ids).asLongStream()));
            inputs.put(GraphNames.POSITION_IDS, longs(environment, LongStream.range(0, ids.length)));
            Map<String, OnnxTensor> all = new HashMap<>(more);
            all.putAll(inputs.tensors());
            return Sessions.runDocument(session, all, cancellation, verb, ids.length);
        } catch (OrtException e) {
            throw NativeFailure.ofDocument(verb, ids.length, e);
        }
    }

    private static OnnxTensor longs(OrtEnvironment environment, LongStream values) throws OrtException {
        long[] array = values.toArray();
        return OnnxTensor.createTensor(environment, LongBuffer.wrap(array), new long[] {array.length});
    }
}
