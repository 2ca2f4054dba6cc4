package io.github.longwing.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Writes a stored zip file that keeps every size and position in its zip64 fields, as files beyond 4 GiB must. */
final class Zip64 {
    private final ByteBuffer file = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
    private final ByteBuffer directory = ByteBuffer.allocate(1 << 12).order(ByteOrder.LITTLE_ENDIAN);

    private Zip64() {}

    static void write(Path path, String first, byte[] firstData, String second, byte[] secondData) throws IOException {
        Zip64 zip = new Zip64();
        zip.add(first, firstData);
        zip.add(second, secondData);
        Files.write(path, zip.finish());
    }

    private void add(String name, byte[] data) {
        byte[] encoded = name.getBytes(StandardCharsets.UTF_8);
        long position = file.position();
        file.putInt(0x04034b50).put(new byte[14]).putInt(-1).putInt(-1);
        file.putShort((short) encoded.length).putShort((short) 7).put(encoded);
        file.put(new byte[7]); // padding that aligns the data, as torch adds
        file.put(data);
        directory.putInt(0x02014b50).put(new byte[16]).putInt(-1).putInt(-1);
        directory
                .putShort((short) encoded.length)
                .putShort((short) 33)
                .put(new byte[10])
                .putInt(-1);
        directory.put(encoded);
        directory.putShort((short) 0x7777).putShort((short) 1).put((byte) 0); // a field of someone else
        directory.putShort((short) 1).putShort((short) 24);
        directory.putLong(data.length).putLong(data.length).putLong(position);
    }

    private byte[] finish() {
        long begin = file.position();
        long length = directory.position();
        file.put(directory.flip());
        long end64 = file.position();
        file.putInt(0x06064b50).putLong(44).put(new byte[28]).putLong(length).putLong(begin);
        file.putInt(0x07064b50).putInt(0).putLong(end64).putInt(1);
        file.putInt(0x06054b50)
                .putInt(0)
                .putInt(-1)
                .putInt(-1)
                .putInt(-1)
                .putShort((short) 3)
                .put(new byte[] {1, 2, 3});
        return Arrays.copyOf(file.array(), file.position());
    }
}
