package io.github.longwing.runtime;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import io.github.longwing.error.UserException;
import io.github.longwing.model.Graph;
import io.github.longwing.onnx.DataType;
import io.github.longwing.onnx.Dimension;
import io.github.longwing.onnx.GraphSignature;
import io.github.longwing.store.ModelDirectory;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeSet;

/** Compares the inputs and outputs of an open session with those that the config of its model asks for. */
final class SignatureCheck {
    private final ModelDirectory model;
    private final Graph graph;

    private SignatureCheck(ModelDirectory model, Graph graph) {
        this.model = model;
        this.graph = graph;
    }

    static void check(ModelDirectory model, Graph graph, OrtSession session) throws OrtException {
        SignatureCheck check = new SignatureCheck(model, graph);
        GraphSignature expected = model.signature(graph);
        check.compare("input", session.getInputInfo(), expected.inputs());
        check.compare("output", session.getOutputInfo(), expected.outputs());
    }

    private void compare(String kind, Map<String, NodeInfo> found, Map<String, GraphSignature.Port> expected) {
        for (String name : new TreeSet<>(expected.keySet())) {
            GraphSignature.Port port = expected.get(name);
            NodeInfo info = found.get(name);
            if (info == null) {
                throw mismatch(kind, name, "missing", port.toString());
            }
            if (!(info.getInfo() instanceof TensorInfo tensor) || !matches(tensor, port)) {
                throw mismatch(kind, name, text(info), port.toString());
            }
        }
        for (String name : new TreeSet<>(found.keySet())) {
            if (!expected.containsKey(name)) {
                throw mismatch(kind, name, text(found.get(name)), "no " + kind + " of this name");
            }
        }
    }

    private static boolean matches(TensorInfo found, GraphSignature.Port expected) {
        long[] sizes = found.getShape();
        if (found.type != javaType(expected.type())
                || sizes.length != expected.shape().rank()) {
            return false;
        }
        for (int axis = 0; axis < sizes.length; axis++) {
            // a size that the graph does not fix, which ONNX Runtime gives as -1, is for each run to choose
            if (expected.shape().at(axis) instanceof Dimension.Fixed fixed && sizes[axis] != fixed.size()) {
                return false;
            }
        }
        return true;
    }

    private static OnnxJavaType javaType(DataType type) {
        return switch (type) {
            case FLOAT -> OnnxJavaType.FLOAT;
            case UINT8 -> OnnxJavaType.UINT8;
            case INT8 -> OnnxJavaType.INT8;
            case INT64 -> OnnxJavaType.INT64;
        };
    }

    private static String text(NodeInfo info) {
        return info.getInfo() instanceof TensorInfo tensor
                ? tensor.type + " " + Arrays.toString(tensor.getShape())
                : info.getInfo().toString();
    }

    private UserException mismatch(String kind, String name, String found, String expected) {
        return new UserException("Cannot load the model in " + model.path() + ": the " + kind + " " + name + " of "
                + model.graphFile(graph).getFileName() + " is " + found + ", expected " + expected
                + " by the model's config.json; import the model again with this Longwing");
    }
}
