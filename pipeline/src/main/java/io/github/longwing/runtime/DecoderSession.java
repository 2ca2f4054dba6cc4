package io.github.longwing.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.github.longwing.config.BigBirdPegasusConfig;
import io.github.longwing.model.Graph;
import io.github.longwing.nn.GraphNames;
import io.github.longwing.store.ModelDirectory;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs the decoder one step at a time for up to {@link #slots} documents together, so that the weights are read once
 * for all of them. A document's numbers do not depend on the others in the step.
 *
 * <p>R rows of all documents together, V vocabulary. Not thread-safe: one thread steps. Close when done.
 */
public final class DecoderSession implements AutoCloseable {
    private final OrtEnvironment environment;
    private final OrtSession session;
    private final BigBirdPegasusConfig config;
    private final int slots;
    private final Map<String, OnnxTensor> emptySlots;

    /** The inputs of the last step, most of which stay the same for the next one. */
    private final Map<String, OnnxTensor> inputTensors;

    private int slotsUsed;
    private StepOutputs outputs;

    private DecoderSession(OrtEnvironment environment, OrtSession session, BigBirdPegasusConfig config, int slots)
            throws OrtException {
        this.environment = environment;
        this.session = session;
        this.config = config;
        this.slots = slots;
        this.emptySlots = emptySlots();
        this.inputTensors = new HashMap<>(emptySlots);
    }

    static DecoderSession open(OrtEnvironment environment, ModelDirectory model, SessionSettings settings)
            throws OrtException {
        OrtSession session = Sessions.open(environment, model, Graph.DECODER, settings, Sessions.WeightLayout.PACKED);
        return new DecoderSession(environment, session, model.config(), model.decoderSlots());
    }

    /** The inputs of a document in a step, for each row: the token, and the row of the previous step that it continues. */
    public record StepInput(DecodingDocument document, int[] tokens, int[] parents) {}

    /**
     * The outputs of a step for the rows of all documents, in the order of the inputs: logits and their log-softmax,
     * [R, V]. The next step overwrites the buffers.
     */
    public record Step(FloatBuffer logits, FloatBuffer logProbs) {}

    /** Documents that one step can serve. */
    public int slots() {
        return slots;
    }

    /** Prepares a document for its first step. The result owns the source; where there is none, the source is closed. */
    public DecodingDocument begin(EncodedDocument source, int rows) {
        try {
            return DecodingDocument.of(environment, config, source, rows);
        } catch (OrtException e) {
            source.close();
            throw NativeFailure.ofDocument("begin to decode", source.tokens(), e);
        } catch (RuntimeException | Error e) {
            source.close();
            throw e;
        }
    }

    /** One step for at least one and at most {@link #slots} documents. */
    public Step step(List<StepInput> inputs) {
        try {
            return run(inputs);
        } catch (OrtException e) {
            throw NativeFailure.of("run a step of the decoder", e);
        }
    }

    private Step run(List<StepInput> inputs) throws OrtException {
        int rows = inputs.stream().mapToInt(input -> input.tokens().length).sum();
        for (StepInput input : inputs) {
            input.document().cache().reorder(input.parents());
        }
        StepOutputs results = outputs(rows);
        try (TensorMap perStep = stepTensors(inputs, rows)) {
            if (inputs.size() < slotsUsed) {
                inputTensors.putAll(emptySlots);
            }
            slotsUsed = inputs.size();
            for (int slot = 0; slot < inputs.size(); slot++) {
                putDocument(inputs.get(slot).document(), slot);
            }
            inputTensors.putAll(perStep.tensors());
            session.run(inputTensors, results.tensors()).close();
        }
        int firstRow = 0;
        for (StepInput input : inputs) {
            KeyValueCache cache = input.document().cache();
            for (int layer = 0; layer < config.decoderLayers(); layer++) {
                cache.append(layer, results.newKeys(layer), results.newValues(layer), firstRow);
            }
            cache.advance();
            firstRow += cache.beams();
        }
        return new Step(results.logits(), results.logProbs());
    }

    private StepOutputs outputs(int rows) throws OrtException {
        if (outputs == null || outputs.rows() != rows) {
            if (outputs != null) {
                outputs.close();
                outputs = null;
            }
            outputs = new StepOutputs(environment, config, rows);
        }
        return outputs;
    }

    private TensorMap stepTensors(List<StepInput> inputs, int rows) throws OrtException {
        long[] ids = new long[rows];
        long[] positions = new long[rows];
        long[] slotRows = new long[slots];
        TensorMap tensors = new TensorMap();
        int row = 0;
        for (int slot = 0; slot < inputs.size(); slot++) {
            StepInput input = inputs.get(slot);
            KeyValueCache cache = input.document().cache();
            slotRows[slot] = input.tokens().length;
            for (int token : input.tokens()) {
                ids[row] = token;
                positions[row] = cache.position();
                row++;
            }
            tensors.put(GraphNames.selfColumns(slot), longs(new long[] {cache.columns(), cache.beams()}, 2));
        }
        tensors.put(GraphNames.INPUT_IDS, longs(ids, rows));
        tensors.put(GraphNames.POSITION_IDS, longs(positions, rows));
        tensors.put(GraphNames.SLOT_ROWS, longs(slotRows, slots));
        return tensors;
    }

    private void putDocument(DecodingDocument document, int slot) {
        KeyValueCache cache = document.cache();
        inputTensors.put(GraphNames.selfBias(slot), cache.biasTensor());
        for (int layer = 0; layer < config.decoderLayers(); layer++) {
            inputTensors.put(GraphNames.selfKey(layer, slot), cache.keyTensor(layer));
            inputTensors.put(GraphNames.selfValue(layer, slot), cache.valueTensor(layer));
        }
        document.source().ifPresent(source -> {
            for (int layer = 0; layer < config.decoderLayers(); layer++) {
                inputTensors.put(GraphNames.crossKey(layer, slot), source.key(layer));
                inputTensors.put(GraphNames.crossValue(layer, slot), source.value(layer));
            }
        });
    }

    /** Inputs of slots without a document: no rows, no keys. */
    private Map<String, OnnxTensor> emptySlots() throws OrtException {
        long heads = config.decoderAttentionHeads();
        long headSize = config.dModel() / heads;
        Map<String, OnnxTensor> empty = new HashMap<>();
        for (int slot = 0; slot < slots; slot++) {
            empty.put(GraphNames.selfBias(slot), floats(0, 0));
            empty.put(GraphNames.selfColumns(slot), longs(new long[2], 2));
            for (int layer = 0; layer < config.decoderLayers(); layer++) {
                empty.put(GraphNames.selfKey(layer, slot), floats(heads, 0, headSize));
                empty.put(GraphNames.selfValue(layer, slot), floats(heads, headSize, 0));
                if (config.architecture().hasEncoder()) {
                    empty.put(GraphNames.crossKey(layer, slot), floats(heads, 0, headSize));
                    empty.put(GraphNames.crossValue(layer, slot), floats(heads, headSize, 0));
                }
            }
        }
        return empty;
    }

    private OnnxTensor longs(long[] values, long... shape) throws OrtException {
        return OnnxTensor.createTensor(environment, LongBuffer.wrap(values), shape);
    }

    private OnnxTensor floats(long... shape) throws OrtException {
        return OnnxTensor.createTensor(environment, FloatBuffer.allocate(0), shape);
    }

    @Override
    public void close() {
        emptySlots.values().forEach(OnnxTensor::close);
        if (outputs != null) {
            outputs.close();
        }
        Sessions.close(session);
    }
}
