package io.github.longwing.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Bytes of a file that are mapped in pieces of at most 1 GiB, so that a tensor may exceed what one buffer can hold.
 * Pieces begin at multiples of every element size, thus no aligned element straddles two of them. Safe for use by
 * several threads.
 */
final class MappedRegion {
    static final int PIECE_BYTES = 1 << 30;

    private final MappedFile file;
    private final long position;
    private final long length;
    private final int pieceBytes;
    private final AtomicReferenceArray<ByteBuffer> pieces;

    MappedRegion(MappedFile file, long position, long length, int pieceBytes) {
        this.file = file;
        this.position = position;
        this.length = length;
        this.pieceBytes = pieceBytes;
        this.pieces = new AtomicReferenceArray<>(Math.toIntExact((length + pieceBytes - 1) / pieceBytes));
    }

    long length() {
        return length;
    }

    /** The bytes from {@code offset} to the end of the piece that holds it, little-endian and with its own position. */
    ByteBuffer from(long offset) {
        int index = (int) (offset / pieceBytes);
        int begin = (int) (offset % pieceBytes);
        ByteBuffer piece = piece(index);
        return piece.slice(begin, piece.limit() - begin).order(ByteOrder.LITTLE_ENDIAN);
    }

    private ByteBuffer piece(int index) {
        ByteBuffer piece = pieces.get(index);
        if (piece == null) {
            long begin = (long) index * pieceBytes;
            // two threads may both map it; one mapping is then dropped
            pieces.compareAndSet(index, null, file.map(position + begin, Math.min(pieceBytes, length - begin)));
            piece = pieces.get(index);
        }
        return piece;
    }
}
