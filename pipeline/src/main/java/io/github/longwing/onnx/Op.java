package io.github.longwing.onnx;

/** The operators that Longwing's graphs use, as data: name, domain and number of inputs. */
enum Op {
    ABS("Abs", Domain.ONNX, 1, 1),
    ADD("Add", Domain.ONNX, 2, 2),
    CAST("Cast", Domain.ONNX, 1, 1),
    CONCAT("Concat", Domain.ONNX, 1, Integer.MAX_VALUE),
    EXPAND("Expand", Domain.ONNX, 2, 2),
    FUSED_MAT_MUL("FusedMatMul", Domain.MICROSOFT, 2, 2),
    GATHER("Gather", Domain.ONNX, 2, 2),
    GELU("Gelu", Domain.ONNX, 1, 1),
    GEMM("Gemm", Domain.ONNX, 2, 3),
    LOG_SOFTMAX("LogSoftmax", Domain.ONNX, 1, 1),
    MAT_MUL("MatMul", Domain.ONNX, 2, 2),
    MAT_MUL_INTEGER_TO_FLOAT("MatMulIntegerToFloat", Domain.MICROSOFT, 4, 7),
    MAT_MUL_N_BITS("MatMulNBits", Domain.MICROSOFT, 3, 6),
    MAX("Max", Domain.ONNX, 2, 2),
    MIN("Min", Domain.ONNX, 2, 2),
    MUL("Mul", Domain.ONNX, 2, 2),
    MULTI_HEAD_ATTENTION("MultiHeadAttention", Domain.MICROSOFT, 3, 3),
    QUANTIZE_LINEAR("QuantizeLinear", Domain.ONNX, 2, 3),
    RECIPROCAL("Reciprocal", Domain.ONNX, 1, 1),
    REDUCE_MAX("ReduceMax", Domain.ONNX, 2, 2),
    REDUCE_MEAN("ReduceMean", Domain.ONNX, 2, 2),
    RELU("Relu", Domain.ONNX, 1, 1),
    RESHAPE("Reshape", Domain.ONNX, 2, 2),
    SHAPE("Shape", Domain.ONNX, 1, 1),
    SIGMOID("Sigmoid", Domain.ONNX, 1, 1),
    SLICE("Slice", Domain.ONNX, 3, 5),
    SOFTMAX("Softmax", Domain.ONNX, 1, 1),
    SPLIT("Split", Domain.ONNX, 2, 2),
    SQRT("Sqrt", Domain.ONNX, 1, 1),
    SUB("Sub", Domain.ONNX, 2, 2),
    TANH("Tanh", Domain.ONNX, 1, 1),
    TRANSPOSE("Transpose", Domain.ONNX, 1, 1);

    /** Where an operator is defined, and the version of that definition. */
    enum Domain {
        ONNX("", 20),
        MICROSOFT("com.microsoft", 1);

        private final String id;
        private final long version;

        Domain(String id, long version) {
            this.id = id;
            this.version = version;
        }

        String id() {
            return id;
        }

        long version() {
            return version;
        }
    }

    private final String onnxName;
    private final Domain domain;
    private final int minInputs;
    private final int maxInputs;

    Op(String onnxName, Domain domain, int minInputs, int maxInputs) {
        this.onnxName = onnxName;
        this.domain = domain;
        this.minInputs = minInputs;
        this.maxInputs = maxInputs;
    }

    String onnxName() {
        return onnxName;
    }

    Domain domain() {
        return domain;
    }

    void checkInputs(int count) {
        if (count < minInputs || count > maxInputs) {
            throw new IllegalArgumentException("Cannot build " + onnxName + ": it is given " + count
                    + " inputs, expected " + minInputs + " to " + maxInputs);
        }
    }
}
