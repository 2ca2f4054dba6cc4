package io.github.longwing.onnx;

import ai.onnx.proto.OnnxMl;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Writes a graph as an ONNX file whose parameters lie in an {@link ExternalData} beside it. */
public final class OnnxModelWriter {
    private static final int IR_VERSION = 9;

    private OnnxModelWriter() {}

    public static void write(GraphBuilder graph, Path file, ExternalData data) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            model(graph, data).writeTo(out);
        }
    }

    private static OnnxMl.ModelProto model(GraphBuilder graph, ExternalData data) throws IOException {
        OnnxMl.ModelProto.Builder model = OnnxMl.ModelProto.newBuilder()
                .setIrVersion(IR_VERSION)
                .setProducerName("longwing")
                .setGraph(graphProto(graph, data));
        for (Op.Domain domain : Op.Domain.values()) {
            model.addOpsetImport(OnnxMl.OperatorSetIdProto.newBuilder()
                    .setDomain(domain.id())
                    .setVersion(domain.version()));
        }
        return model.build();
    }

    private static OnnxMl.GraphProto graphProto(GraphBuilder graph, ExternalData data) throws IOException {
        Map<String, Value> outputs = graph.outputs();
        UnaryOperator<String> rename =
                name -> outputs.containsKey(name) ? outputs.get(name).name() : name;
        OnnxMl.GraphProto.Builder proto = OnnxMl.GraphProto.newBuilder().setName(graph.name());
        graph.inputs().forEach(input -> proto.addInput(valueInfo(input)));
        outputs.values().forEach(output -> proto.addOutput(valueInfo(output)));
        for (Node node : graph.nodes()) {
            proto.addNode(nodeProto(node, rename));
        }
        for (Map.Entry<String, TensorData> constant : graph.constants().entrySet()) {
            proto.addInitializer(inline(constant.getKey(), constant.getValue()));
        }
        for (Map.Entry<String, TensorData> parameter : graph.parameters().entrySet()) {
            proto.addInitializer(external(parameter.getKey(), parameter.getValue(), data));
        }
        return proto.build();
    }

    private static OnnxMl.NodeProto nodeProto(Node node, UnaryOperator<String> rename) {
        OnnxMl.NodeProto.Builder proto = OnnxMl.NodeProto.newBuilder()
                .setName(node.name())
                .setOpType(node.op().onnxName())
                .setDomain(node.op().domain().id());
        node.inputs().forEach(name -> proto.addInput(rename.apply(name)));
        node.outputs().forEach(name -> proto.addOutput(rename.apply(name)));
        node.attributes().forEach(attribute -> proto.addAttribute(attributeProto(attribute)));
        return proto.build();
    }

    private static OnnxMl.AttributeProto attributeProto(Attribute attribute) {
        OnnxMl.AttributeProto.Builder proto = OnnxMl.AttributeProto.newBuilder().setName(attribute.name());
        if (attribute instanceof Attribute.Int number) {
            proto.setType(OnnxMl.AttributeProto.AttributeType.INT).setI(number.value());
        } else if (attribute instanceof Attribute.Ints numbers) {
            proto.setType(OnnxMl.AttributeProto.AttributeType.INTS).addAllInts(numbers.values());
        } else if (attribute instanceof Attribute.Real real) {
            proto.setType(OnnxMl.AttributeProto.AttributeType.FLOAT).setF(real.value());
        } else if (attribute instanceof Attribute.Text text) {
            proto.setType(OnnxMl.AttributeProto.AttributeType.STRING).setS(ByteString.copyFromUtf8(text.value()));
        }
        return proto.build();
    }

    private static OnnxMl.ValueInfoProto valueInfo(Value value) {
        OnnxMl.TensorShapeProto.Builder shape = OnnxMl.TensorShapeProto.newBuilder();
        for (Dimension dimension : value.shape().dimensions()) {
            OnnxMl.TensorShapeProto.Dimension.Builder proto = OnnxMl.TensorShapeProto.Dimension.newBuilder();
            if (dimension instanceof Dimension.Fixed fixed) {
                proto.setDimValue(fixed.size());
            } else {
                proto.setDimParam(dimension.toString());
            }
            shape.addDim(proto);
        }
        OnnxMl.TypeProto.Tensor tensor = OnnxMl.TypeProto.Tensor.newBuilder()
                .setElemType(value.type().onnxCode())
                .setShape(shape)
                .build();
        return OnnxMl.ValueInfoProto.newBuilder()
                .setName(value.name())
                .setType(OnnxMl.TypeProto.newBuilder().setTensorType(tensor))
                .build();
    }

    private static OnnxMl.TensorProto.Builder tensorProto(String name, TensorData data) {
        return OnnxMl.TensorProto.newBuilder()
                .setName(name)
                .setDataType(data.type().onnxCode())
                .addAllDims(sizes(data.shape()));
    }

    private static OnnxMl.TensorProto inline(String name, TensorData data) {
        ByteBuffer content = LittleEndian.allocate(data.bytes());
        try {
            data.writeTo(content::put);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write constant " + name, e);
        }
        return tensorProto(name, data)
                .setRawData(ByteString.copyFrom(content.flip()))
                .build();
    }

    private static OnnxMl.TensorProto external(String name, TensorData data, ExternalData file) throws IOException {
        ExternalData.Location location = file.store(name, data);
        return tensorProto(name, data)
                .setDataLocation(OnnxMl.TensorProto.DataLocation.EXTERNAL)
                .addExternalData(entry("location", file.fileName()))
                .addExternalData(entry("offset", Long.toString(location.offset())))
                .addExternalData(entry("length", Long.toString(location.length())))
                .build();
    }

    private static OnnxMl.StringStringEntryProto entry(String key, String value) {
        return OnnxMl.StringStringEntryProto.newBuilder()
                .setKey(key)
                .setValue(value)
                .build();
    }

    private static List<Long> sizes(Shape shape) {
        return shape.dimensions().stream()
                .map(d -> ((Dimension.Fixed) d).size())
                .toList();
    }
}
