package io.github.longwing.onnx;

/** The element types that Longwing's graphs use. */
public enum DataType {
    FLOAT(1, Float.BYTES),
    UINT8(2, Byte.BYTES),
    INT8(3, Byte.BYTES),
    INT64(7, Long.BYTES);

    private final int onnxCode;
    private final int bytes;

    DataType(int onnxCode, int bytes) {
        this.onnxCode = onnxCode;
        this.bytes = bytes;
    }

    /** The value of TensorProto.DataType. */
    int onnxCode() {
        return onnxCode;
    }

    /** Bytes of one element. */
    public int bytes() {
        return bytes;
    }
}
