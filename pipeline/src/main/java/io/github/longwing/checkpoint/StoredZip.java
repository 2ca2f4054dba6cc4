package io.github.longwing.checkpoint;

import io.github.longwing.error.UserException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The directory of a zip file whose entries are stored without compression, as torch.save writes it, so that an entry is
 * a range of bytes of the file. Understands zip64.
 */
final class StoredZip {
    private static final int END = 0x06054b50;
    private static final int END_BYTES = 22;
    private static final int MAX_COMMENT = 0xffff;
    private static final int END_64_LOCATOR = 0x07064b50;
    private static final int END_64_LOCATOR_BYTES = 20;
    private static final int END_64 = 0x06064b50;
    private static final int END_64_BYTES = 56;
    private static final int CENTRAL = 0x02014b50;
    private static final int CENTRAL_BYTES = 46;
    private static final int LOCAL = 0x04034b50;
    private static final int LOCAL_BYTES = 30;
    private static final int EXTRA_ZIP_64 = 0x0001;
    private static final long IN_ZIP_64 = 0xffffffffL;
    private static final int ENCRYPTED = 1;
    /** Far more than any checkpoint needs; keeps a hostile file from filling the heap. */
    private static final int MAX_DIRECTORY_BYTES = 16 << 20;

    private final MappedFile file;

    private StoredZip(MappedFile file) {
        this.file = file;
    }

    /** @param position of the first byte of the entry's data in the file */
    record Entry(long position, long length) {}

    /** Whether the file begins like a zip file. */
    static boolean isZip(MappedFile file) {
        return file.size() >= Integer.BYTES && file.copy(0, Integer.BYTES).getInt() == LOCAL;
    }

    /** The entries by name. */
    static Map<String, Entry> entries(MappedFile file) {
        return new StoredZip(file).entries();
    }

    private Map<String, Entry> entries() {
        ByteBuffer directory = directory();
        Map<String, Entry> entries = new LinkedHashMap<>();
        while (directory.hasRemaining()) {
            if (directory.remaining() < CENTRAL_BYTES || directory.getInt(directory.position()) != CENTRAL) {
                throw damaged("its directory holds something else than entries");
            }
            ByteBuffer header = take(directory, CENTRAL_BYTES);
            String name = new String(
                    bytes(take(directory, Short.toUnsignedInt(header.getShort(28)))), StandardCharsets.UTF_8);
            ByteBuffer extra = take(directory, Short.toUnsignedInt(header.getShort(30)));
            take(directory, Short.toUnsignedInt(header.getShort(32))); // the comment
            if (entries.put(name, entry(name, header, extra)) != null) {
                throw damaged("its entry " + UntrustedText.text(name) + " is there twice");
            }
        }
        return entries;
    }

    private ByteBuffer directory() {
        long end = endPosition();
        ByteBuffer record = file.copy(end, END_BYTES);
        long length = Integer.toUnsignedLong(record.getInt(12));
        long position = Integer.toUnsignedLong(record.getInt(16));
        long locator = end - END_64_LOCATOR_BYTES;
        if (locator >= 0 && file.copy(locator, Integer.BYTES).getInt() == END_64_LOCATOR) {
            long end64 = file.copy(locator, END_64_LOCATOR_BYTES).getLong(8);
            if (!isInside(end64, END_64_BYTES)
                    || file.copy(end64, Integer.BYTES).getInt() != END_64) {
                throw damaged("its zip64 directory is not where it says");
            }
            ByteBuffer record64 = file.copy(end64, END_64_BYTES);
            length = record64.getLong(40);
            position = record64.getLong(48);
        }
        if (!isInside(position, length) || length > MAX_DIRECTORY_BYTES) {
            throw damaged("its directory is said to have " + Long.toUnsignedString(length) + " bytes at "
                    + Long.toUnsignedString(position) + " of " + file.size());
        }
        return file.copy(position, (int) length);
    }

    /** The record that ends a zip file lies right at its end but for a comment. */
    private long endPosition() {
        int length = (int) Math.min(file.size(), END_BYTES + MAX_COMMENT);
        long begin = file.size() - length;
        ByteBuffer tail = file.copy(begin, length);
        for (int i = length - END_BYTES; i >= 0; i--) {
            if (tail.getInt(i) == END && i + END_BYTES + Short.toUnsignedInt(tail.getShort(i + 20)) == length) {
                return begin + i;
            }
        }
        throw damaged("its end is missing, so it was cut off; fetch it again");
    }

    private Entry entry(String name, ByteBuffer header, ByteBuffer extra) {
        String shown = UntrustedText.text(name);
        if ((header.getShort(8) & ENCRYPTED) != 0 || header.getShort(10) != 0) {
            throw file.unreadable("its entry " + shown + " is compressed or encrypted, expected it stored as torch.save"
                    + " does; save the model again, best as safetensors");
        }
        long length = Integer.toUnsignedLong(header.getInt(24));
        long stored = Integer.toUnsignedLong(header.getInt(20));
        long local = Integer.toUnsignedLong(header.getInt(42));
        ByteBuffer wide = zip64(extra);
        // present only for those that did not fit 32 bits, in this order
        if (length == IN_ZIP_64) {
            length = nextLong(wide, shown);
        }
        if (stored == IN_ZIP_64) {
            stored = nextLong(wide, shown);
        }
        if (local == IN_ZIP_64) {
            local = nextLong(wide, shown);
        }
        if (!isInside(local, LOCAL_BYTES) || file.copy(local, Integer.BYTES).getInt() != LOCAL) {
            throw damaged("its entry " + shown + " is not where the directory says");
        }
        ByteBuffer localHeader = file.copy(local, LOCAL_BYTES);
        long position = local
                + LOCAL_BYTES
                + Short.toUnsignedInt(localHeader.getShort(26))
                + Short.toUnsignedInt(localHeader.getShort(28));
        if (stored != length || !isInside(position, length)) {
            throw damaged("its entry " + shown + " is said to have " + Long.toUnsignedString(length)
                    + " bytes, more than are there");
        }
        return new Entry(position, length);
    }

    private ByteBuffer zip64(ByteBuffer extra) {
        while (extra.remaining() >= 4) {
            int id = Short.toUnsignedInt(extra.getShort());
            ByteBuffer field = take(extra, Short.toUnsignedInt(extra.getShort()));
            if (id == EXTRA_ZIP_64) {
                return field;
            }
        }
        return ByteBuffer.allocate(0);
    }

    private long nextLong(ByteBuffer wide, String shown) {
        if (wide.remaining() < Long.BYTES) {
            throw damaged("its entry " + shown + " lacks its zip64 sizes");
        }
        return wide.getLong();
    }

    private ByteBuffer take(ByteBuffer from, int length) {
        if (length > from.remaining()) {
            throw damaged("its directory was cut off");
        }
        ByteBuffer part = from.slice(from.position(), length).order(ByteOrder.LITTLE_ENDIAN);
        from.position(from.position() + length);
        return part;
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    private boolean isInside(long position, long length) {
        return position >= 0 && length >= 0 && length <= file.size() && position <= file.size() - length;
    }

    private UserException damaged(String problem) {
        return file.unreadable("the zip file is damaged: " + problem);
    }
}
