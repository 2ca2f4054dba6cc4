package io.github.longwing.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.longwing.error.UserException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PytorchFileTest {
    private static final byte[] TWELVE_FLOATS = floats(12);

    @TempDir
    private Path directory;

    @Test
    void readsATensorOfAPickleMadeByHand() {
        write(PickleFile.ofDict()
                .tensor("w", 12, 1, new int[] {2, 3}, new int[] {1, 4})
                .stop());
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            assertThat(Fixtures.values(checkpoint, "w")).containsExactly(1, 5, 9, 2, 6, 10);
        }
    }

    @Test
    void refusesAFileThatWouldRunAProgramByTheNameOfItsFunction() {
        assertThatThrownBy(() -> Checkpoint.open(Fixtures.checkpoint("hostile")).close())
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot read ")
                .hasMessageEndingWith(
                        "pytorch_model.bin: it asks for the Python global posix.system, expected only tensors"
                                + " and plain containers. Convert it to safetensors, from a source you trust");
    }

    @ParameterizedTest
    @CsvSource({
        "os, system",
        "builtins, eval",
        "builtins, getattr",
        "torch, load",
        "torch, hub.load",
        "torch._utils, _rebuild_tensor",
        "torch._utils, _rebuild_tensor_v2.__globals__",
        "torch.storage, _load_from_bytes",
        "collections, defaultdict",
        "collections, OrderedDict.fromkeys",
        "numpy.core.multiarray, _reconstruct"
    })
    void refusesEveryOtherGlobalByName(String module, String name) {
        assertRefused(
                PickleFile.ofDict().global(module, name).stop(),
                "it asks for the Python global " + module + "." + name + ", expected only tensors");
        assertRefused(
                PickleFile.ofDict().text(module).text(name).op(0x93).stop(), // STACK_GLOBAL
                "it asks for the Python global " + module + "." + name + ", expected only tensors");
        assertRefused(
                PickleFile.ofDict()
                        .op('(')
                        .op('i')
                        .raw((module + "\n" + name + "\n").chars().toArray())
                        .stop(), // INST
                "it asks for the Python global " + module + "." + name + ", expected only tensors");
    }

    @Test
    void showsNoControlCharactersOfAHostileName() {
        assertRefused(PickleFile.ofDict().global("\u001b[2J", "x".repeat(500)).stop(), "the Python global ?[2J.xxx");
    }

    @ParameterizedTest
    @ValueSource(ints = {'o', 0x81, 0x92, 0x82, 0x83, 0x84, 'I', 'S', 'P', 'C', 0x8f, 0xff, 0})
    void refusesInstructionsThatNoStateDictNeeds(int opcode) {
        assertRefused(
                PickleFile.ofDict().op(opcode).stop(),
                "its pickle has the instruction 0x" + Integer.toHexString(opcode));
    }

    @Test
    void refusesToCallAnythingButTheKnownFunctions() {
        assertRefused(
                PickleFile.ofDict()
                        .global("torch", "FloatStorage")
                        .op(')')
                        .op('R')
                        .stop(),
                "its pickle calls the storage class of float32");
        assertRefused(
                PickleFile.ofDict().text("os.system").op(')').op('R').stop(), "its pickle calls the text os.system");
        assertRefused(
                PickleFile.ofDict()
                        .global("torch._utils", "_rebuild_tensor_v2")
                        .op('}')
                        .op('R')
                        .stop(),
                "its pickle calls the function torch._utils._rebuild_tensor_v2");
        assertRefused(
                PickleFile.ofDict()
                        .global("torch._utils", "_rebuild_tensor_v2")
                        .op(')')
                        .op('R')
                        .stop(),
                "rebuilds a tensor from something else than storage, offset, size, stride");
        assertRefused(
                PickleFile.ofDict()
                        .global("torch._utils", "_rebuild_parameter")
                        .op(')')
                        .op('R')
                        .stop(),
                "rebuilds a parameter from something else than a tensor");
        assertRefused(
                PickleFile.ofDict()
                        .global("torch._utils", "_rebuild_parameter")
                        .op('}')
                        .op('b')
                        .stop(),
                "its pickle sets attributes of the function torch._utils._rebuild_parameter");
    }

    @Test
    void refusesATensorThatLeavesItsStorage() {
        assertRefused(
                PickleFile.ofDict()
                        .tensor("w", 12, 1, new int[] {3, 4}, new int[] {4, 1})
                        .stop(),
                "its pickle has a tensor [3, 4] that needs 13 elements of storage 0, which has 12");
        assertRefused(
                PickleFile.ofDict()
                        .tensor("w", 12, -1, new int[] {1}, new int[] {1})
                        .stop(),
                "a tensor with offset -1");
        assertRefused(
                PickleFile.ofDict()
                        .tensor("w", 12, 0, new int[] {2}, new int[] {-1})
                        .stop(),
                "size or stride is not a list of non-negative integers");
        assertRefused(
                PickleFile.ofDict()
                        .tensor("w", 12, 0, new int[] {2, 3}, new int[] {1})
                        .stop(),
                "shape [2, 3] and strides [1]");
        int most = Integer.MAX_VALUE;
        assertRefused(
                PickleFile.ofDict()
                        .tensor("w", 12, 0, new int[] {most, most, most}, new int[] {most, most, most})
                        .stop(),
                "which is too large");
        assertRefused(
                PickleFile.ofDict()
                        .tensor("w", 13, 0, new int[] {12}, new int[] {1})
                        .stop(),
                "w lies in the entry archive/data/0, which has 48 bytes, expected 13 elements of 4");
    }

    @Test
    void refusesAStorageThatIsNotThere() {
        write(
                PickleFile.ofDict()
                        .tensor("w", 12, 0, new int[] {12}, new int[] {1})
                        .stop(),
                "archive/data/1");
        assertOpenFails("w lies in the entry archive/data/0, which is missing");
    }

    @Test
    void refusesWhatIsNotADictOfTensors() {
        assertRefused(
                new PickleFile().op(0x80).op(2).op(']').stop(), "it holds a list, expected a dict of tensors by name");
        assertRefused(new PickleFile().op(0x80).op(2).op('N').stop(), "it holds the value None");
        assertRefused(
                PickleFile.ofDict().text("epoch").integer(3).op('s').stop(),
                "its entry epoch is the value 3, expected a tensor; save the model with save_pretrained");
        assertRefused(
                PickleFile.ofDict().integer(3).integer(3).op('s').stop(),
                "a key that is the value 3, expected the name");
        assertRefused(PickleFile.ofDict().text("state_dict").op('}').op('s').stop(), "its entry state_dict is a dict");
    }

    @Test
    void refusesPicklesThatUnbalanceTheStack() {
        assertRefused(new PickleFile().stop(), "takes a value from an empty stack");
        assertRefused(new PickleFile().op('0').stop(), "takes values down to a mark that is not there");
        assertRefused(new PickleFile().op('}').op('(').op(0x85).stop(), "takes a value from an empty stack");
        assertRefused(new PickleFile().op('t').stop(), "takes values down to a mark that is not there");
        assertRefused(new PickleFile().op('q').op(1).stop(), "takes a value from an empty stack");
        assertRefused(new PickleFile().op('h').op(9).stop(), "its pickle recalls value 9, which it never kept");
        assertRefused(new PickleFile().op('N').op('N').op('a').stop(), "its pickle appends to the value None");
        assertRefused(
                new PickleFile().op('N').op('N').op('N').op('s').stop(), "its pickle sets items of the value None");
        assertRefused(PickleFile.ofDict().op('(').op('N').op('u').stop(), "a key without a value");
        assertRefused(PickleFile.ofDict().op('N').op('Q').stop(), "not a storage of tensors");
    }

    @Test
    void refusesPicklesThatAreCutOff() {
        byte[] whole = PickleFile.ofDict()
                .tensor("w", 12, 0, new int[] {12}, new int[] {1})
                .stop();
        for (int length = 0; length < whole.length; length++) {
            write(Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> Checkpoint.open(directory).close())
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("its pickle ");
        }
        assertRefused(new PickleFile().op('X').raw(255, 255, 255, 255).stop(), "has a text of 4294967295 bytes");
        assertRefused(
                new PickleFile()
                        .op(0x8d)
                        .raw(255, 255, 255, 255, 255, 255, 255, 255)
                        .stop(),
                "has a text of 18446744073709551615 bytes");
        assertRefused(new PickleFile().op(0x8a).op(200).stop(), "has an integer of 200 bytes");
        assertRefused(new PickleFile().op(0x80).op(6).stop(), "has protocol 6, expected at most 5");
        assertRefused(new PickleFile().op('X').raw(1, 0, 0, 0, 0xff).stop(), "a text that is not UTF-8");
    }

    @Test
    void refusesAKeyThatWouldHaveToBeWalked() {
        PickleFile deep = PickleFile.ofDict().op(')');
        for (int i = 0; i < 100_000; i++) {
            deep.op(0x85); // a tuple of a tuple of a tuple ...
        }
        assertRefused(deep.op('N').op('s').stop(), "its pickle gives a dict a key that is a list");
    }

    @Test
    void refusesMoreValuesThanAnyCheckpointKeeps() {
        byte[] marks = new byte[3 << 20];
        Arrays.fill(marks, (byte) '(');
        assertRefused(marks, "its pickle keeps more than 1048576 values");
        Arrays.fill(marks, (byte) 'N');
        assertRefused(marks, "its pickle keeps more than 1048576 values");
    }

    @Test
    void refusesAPickleOfAbsurdSize() {
        assertRefused(new byte[(16 << 20) + 1], "its data.pkl has 16777217 bytes, expected at most 16777216");
    }

    @Test
    void refusesBigEndianFiles() {
        new TorchZip()
                .with("archive/data.pkl", PickleFile.ofDict().stop())
                .with("archive/byteorder", bytes("big"))
                .write(directory);
        assertOpenFails("its byte order is big, expected little; save it again as safetensors");
    }

    @Test
    void refusesTheFormatBeforeTorch16ByThatName() {
        assertThatThrownBy(() -> Checkpoint.open(Fixtures.checkpoint("legacy")).close())
                .isInstanceOf(UserException.class)
                .hasMessageContaining(
                        "pytorch_model.bin: it is in the legacy format of torch before 1.6, expected the zip"
                                + " format; load and save it with a current torch, or convert it to safetensors");
    }

    @Test
    void refusesCompressedEntries() {
        new TorchZip()
                .with("archive/data.pkl", PickleFile.ofDict().stop())
                .deflated()
                .write(directory);
        assertOpenFails("its entry archive/data.pkl is compressed or encrypted");
    }

    @Test
    void refusesAnythingElse() throws IOException {
        Path file = directory.resolve("pytorch_model.bin");
        Files.write(file, new byte[0]);
        assertOpenFails("it is not a file of torch.save in the zip format");
        Files.writeString(file, "<html>not found</html>");
        assertOpenFails("it is not a file of torch.save in the zip format");
        Files.writeString(file, "version https://git-lfs.github.com/spec/v1\noid sha256:0a\n");
        assertOpenFails("run `git lfs pull`");
        new TorchZip().with("readme", bytes("hello")).write(directory);
        assertOpenFails("it has 0 entries named data.pkl in a root folder, expected one");
        new TorchZip()
                .with("a/data.pkl", PickleFile.ofDict().stop())
                .with("b/data.pkl", PickleFile.ofDict().stop())
                .write(directory);
        assertOpenFails("it has 2 entries named data.pkl in a root folder, expected one");
    }

    @Test
    void readsSizesAndPositionsOfZip64() throws IOException {
        byte[] pickle = PickleFile.ofDict()
                .tensor("w", 12, 0, new int[] {12}, new int[] {1})
                .stop();
        Zip64.write(
                directory.resolve("pytorch_model.bin"), "archive/data.pkl", pickle, "archive/data/0", TWELVE_FLOATS);
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            assertThat(Fixtures.values(checkpoint, "w")).startsWith(0, 1, 2).hasSize(12);
        }
    }

    private void assertRefused(byte[] pickle, String complaint) {
        write(pickle);
        assertOpenFails(complaint);
    }

    private void assertOpenFails(String complaint) {
        assertThatThrownBy(() -> Checkpoint.open(directory).close())
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot read " + directory.resolve("pytorch_model.bin") + ": ")
                .hasMessageContaining(complaint);
    }

    private void write(byte[] pickle) {
        write(pickle, "archive/data/0");
    }

    private void write(byte[] pickle, String storage) {
        new TorchZip()
                .with("archive/data.pkl", pickle)
                .with(storage, TWELVE_FLOATS)
                .write(directory);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static byte[] floats(int count) {
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * count).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            bytes.putFloat(i);
        }
        return bytes.array();
    }
}
