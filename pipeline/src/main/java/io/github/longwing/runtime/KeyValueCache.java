package io.github.longwing.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import io.github.longwing.config.BigBirdPegasusConfig;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The past keys and values of one document's beams in the decoder's self-attention. All beams share one pool: first the
 * columns of the prompt, which every beam sees, then column {@code T + step * B + beam} with what a beam added at a step
 * after it. The history of a beam is a list of such columns. Reordering the beams changes these lists and copies nothing.
 * The pools grow by whole chunks of steps.
 *
 * <p>B beams, H heads, D head size, T tokens of the prompt, P columns of a pool; keys are [H, P, D], values [H, D, P] for
 * each layer. Not thread-safe; {@link #close} releases native memory.
 */
final class KeyValueCache implements AutoCloseable {
    private static final int CHUNK_STEPS = 32;

    /** Excludes a column from the softmax. */
    private static final float HIDDEN = -1e9f;

    private final OrtEnvironment environment;
    private final int layers;
    private final int heads;
    private final int headSize;
    private final int beams;
    private final int promptTokens; // T
    private final float[] row; // [H*D], reused for every column

    private int[][] history; // [B][steps] the column of each step after the prompt
    private int steps; // after the prompt
    private int columns; // P
    private NativeMemory memory;
    private NativeMemory biasMemory;
    private FloatBuffer bias; // [B, P + B]
    private List<FloatBuffer> keys = List.of();
    private List<FloatBuffer> values = List.of();
    private List<OnnxTensor> keyTensors = List.of();
    private List<OnnxTensor> valueTensors = List.of();
    private OnnxTensor biasTensor;

    /** Allocates room for the prompt, whose keys and values {@link #setPrompt} sets, and for the first steps. */
    KeyValueCache(OrtEnvironment environment, BigBirdPegasusConfig config, int beams, int promptTokens)
            throws OrtException {
        this.environment = environment;
        this.layers = config.decoderLayers();
        this.heads = config.decoderAttentionHeads();
        this.headSize = config.dModel() / heads;
        this.beams = beams;
        this.promptTokens = promptTokens;
        this.row = new float[config.dModel()];
        this.history = new int[beams][0];
        grow();
    }

    int beams() {
        return beams;
    }

    /** The position of the next token: tokens of the prompt and steps so far. */
    int position() {
        return promptTokens + steps;
    }

    /** P. */
    int columns() {
        return columns;
    }

    OnnxTensor keyTensor(int layer) {
        return keyTensors.get(layer);
    }

    OnnxTensor valueTensor(int layer) {
        return valueTensors.get(layer);
    }

    OnnxTensor biasTensor() {
        return biasTensor;
    }

    /** Prepares the next step: each beam continues its parent's history. */
    void reorder(int[] parents) throws OrtException {
        int[][] reordered = new int[beams][];
        for (int beam = 0; beam < beams; beam++) {
            reordered[beam] = history[parents[beam]].clone();
        }
        history = reordered;
        if (nextColumn() == columns) {
            grow();
        }
        writeBias();
    }

    /** The column of the first beam in the next step. */
    private int nextColumn() {
        return promptTokens + steps * beams;
    }

    /** Sets the keys and values [T, H*D] of the prompt in one layer. */
    void setPrompt(int layer, FloatBuffer newKeys, FloatBuffer newValues) {
        for (int token = 0; token < promptTokens; token++) {
            setColumn(layer, token, newKeys, newValues, token);
        }
    }

    /**
     * Appends what a step added to one layer.
     *
     * @param newKeys rows [R, H*D] of all documents, of which this one's begin at {@code firstRow}
     */
    void append(int layer, FloatBuffer newKeys, FloatBuffer newValues, int firstRow) {
        for (int beam = 0; beam < beams; beam++) {
            setColumn(layer, nextColumn() + beam, newKeys, newValues, firstRow + beam);
        }
    }

    private void setColumn(int layer, int column, FloatBuffer newKeys, FloatBuffer newValues, int newRow) {
        FloatBuffer keyPool = keys.get(layer);
        FloatBuffer valuePool = values.get(layer);
        int dModel = row.length;
        newKeys.get(newRow * dModel, row);
        for (int head = 0; head < heads; head++) {
            keyPool.put((head * columns + column) * headSize, row, head * headSize, headSize);
        }
        newValues.get(newRow * dModel, row);
        for (int i = 0; i < dModel; i++) { // i = head * D + dimension
            valuePool.put(i * columns + column, row[i]);
        }
    }

    /** Ends the step after the last layer: the columns just added become each beam's newest. */
    void advance() {
        for (int beam = 0; beam < beams; beam++) {
            history[beam] = Arrays.copyOf(history[beam], steps + 1);
            history[beam][steps] = nextColumn() + beam;
        }
        steps++;
    }

    private void writeBias() {
        int width = columns + beams;
        float[] seen = new float[width];
        for (int beam = 0; beam < beams; beam++) {
            Arrays.fill(seen, HIDDEN);
            Arrays.fill(seen, 0, promptTokens, 0);
            for (int column : history[beam]) {
                seen[column] = 0;
            }
            seen[columns + beam] = 0; // itself
            bias.put(beam * width, seen);
        }
    }

    private void grow() throws OrtException {
        int wider = Math.max(columns, promptTokens) + CHUNK_STEPS * beams;
        long poolSize = (long) heads * wider * headSize;
        NativeMemory grownMemory = NativeMemory.ofFloats(2L * layers * poolSize);
        List<FloatBuffer> grownKeys = new ArrayList<>();
        List<FloatBuffer> grownValues = new ArrayList<>();
        for (int layer = 0; layer < layers; layer++) {
            grownKeys.add(grownMemory.floats(2L * layer * poolSize, poolSize));
            grownValues.add(grownMemory.floats((2L * layer + 1) * poolSize, poolSize));
            if (columns > 0) {
                copyRows(keys.get(layer), columns * headSize, grownKeys.get(layer), wider * headSize, heads);
                copyRows(values.get(layer), columns, grownValues.get(layer), wider, heads * headSize);
            }
        }
        close();
        memory = grownMemory;
        biasMemory = NativeMemory.ofFloats((long) beams * (wider + beams));
        columns = wider;
        keys = grownKeys;
        values = grownValues;
        bias = biasMemory.floats(0, (long) beams * (wider + beams));
        createTensors();
    }

    private void createTensors() throws OrtException {
        keyTensors = new ArrayList<>();
        valueTensors = new ArrayList<>();
        for (int layer = 0; layer < layers; layer++) {
            keyTensors.add(
                    OnnxTensor.createTensor(environment, keys.get(layer), new long[] {heads, columns, headSize}));
            valueTensors.add(
                    OnnxTensor.createTensor(environment, values.get(layer), new long[] {heads, headSize, columns}));
        }
        biasTensor = OnnxTensor.createTensor(environment, bias, new long[] {beams, columns + beams});
    }

    private static void copyRows(FloatBuffer from, int fromWidth, FloatBuffer to, int toWidth, int rows) {
        for (int row = 0; row < rows; row++) {
            to.put(row * toWidth, from, row * fromWidth, fromWidth);
        }
    }

    @Override
    public void close() {
        keyTensors.forEach(OnnxTensor::close);
        valueTensors.forEach(OnnxTensor::close);
        keyTensors = List.of();
        valueTensors = List.of();
        if (biasTensor != null) {
            biasTensor.close();
            biasTensor = null;
        }
        if (biasMemory != null) {
            biasMemory.close();
            biasMemory = null;
        }
        if (memory != null) {
            memory.close();
            memory = null;
        }
    }
}
