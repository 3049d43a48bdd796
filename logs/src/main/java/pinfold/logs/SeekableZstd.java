package pinfold.logs;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.Arrays;

/**
 * A file in zstd's seekable format: frames of at most {@link #FRAME} bytes and a table of them in a
 * skippable frame at the end, so that any decoder of zstd reads the whole and this one also reads a
 * part. For one thread.
 *
 * <p>Format: `contrib/seekable_format/zstd_seekable_compression_format.md` of the zstd project.
 */
final class SeekableZstd implements Closeable {
  /** Uncompressed bytes of a frame; the last may have fewer. */
  static final int FRAME = 1 << 20;

  private static final int SKIPPABLE = 0x184D2A5E;
  private static final int SEEKABLE = 0x8F92EAB1;
  private static final int FOOTER = 9;
  private static final int CHECKSUMS = 0x80;
  private static final int RESERVED = 0x7c;
  private static final int LEVEL = 3;
  private static final int MAX_FRAMES = 1 << 20;

  private final ReadFile file;
  private final long[] packed;
  private final long[] plain;
  private int cached = -1;
  private byte[] frame = {};

  private SeekableZstd(ReadFile file, long[] packed, long[] plain) {
    this.file = file;
    this.packed = packed;
    this.plain = plain;
  }

  /**
   * Opens a file; its table is checked against its size.
   *
   * @param file open for reading, closed with this object
   * @throws IOException when it is not such a file, or damaged
   */
  static SeekableZstd of(ReadFile file) throws IOException {
    long size = file.size();
    ByteBuffer footer = at(file, size - FOOTER, FOOTER);
    int frames = footer.getInt();
    int descriptor = footer.get();
    if (footer.getInt() != SEEKABLE
        || frames < 0
        || frames > MAX_FRAMES
        || (descriptor & RESERVED) != 0) {
      throw new IOException("not a seekable zstd file, or cut off");
    }
    int entry = (descriptor & CHECKSUMS) != 0 ? 12 : 8;
    int content = frames * entry + FOOTER;
    ByteBuffer table = at(file, size - content - 8, content + 8);
    if (table.getInt() != SKIPPABLE || table.getInt() != content) {
      throw new IOException("the table of frames is damaged");
    }
    long[] packed = new long[frames + 1];
    long[] plain = new long[frames + 1];
    for (int i = 0; i < frames; i++) {
      packed[i + 1] = packed[i] + Integer.toUnsignedLong(table.getInt());
      int length = table.getInt();
      if (length < 0 || length > 8 * FRAME) {
        throw new IOException("a frame of " + Integer.toUnsignedString(length) + " bytes");
      }
      plain[i + 1] = plain[i] + length;
      table.position(table.position() + entry - 8);
    }
    if (packed[frames] != size - content - 8) {
      throw new IOException("the table of frames does not fit the file");
    }
    return new SeekableZstd(file, packed, plain);
  }

  /** Uncompressed size. */
  long size() {
    return plain[plain.length - 1];
  }

  /** Reads uncompressed bytes; 0 at the end. */
  int read(long offset, byte[] into, int from, int count) throws IOException {
    if (offset >= size()) {
      return 0;
    }
    int found = Arrays.binarySearch(plain, offset);
    int index = found >= 0 ? found : -found - 2;
    while (plain[index + 1] <= offset) {
      index++; // empty frames
    }
    decode(index);
    int skip = (int) (offset - plain[index]);
    int length = Math.min(count, frame.length - skip);
    System.arraycopy(frame, skip, into, from, length);
    return length;
  }

  private void decode(int index) throws IOException {
    if (cached == index) {
      return;
    }
    cached = -1;
    int expected = (int) (plain[index + 1] - plain[index]);
    long length = packed[index + 1] - packed[index];
    if (length > 2L * 8 * FRAME) {
      throw new IOException("a compressed frame of " + length + " bytes");
    }
    byte[] source = at(file, packed[index], (int) length).array();
    byte[] target = frame.length == expected ? frame : new byte[expected];
    try {
      long got = Zstd.decompressByteArray(target, 0, expected, source, 0, source.length);
      if (Zstd.isError(got) || got != expected) {
        throw new IOException("frame %d is damaged".formatted(index));
      }
    } catch (ZstdException e) {
      throw new IOException("frame %d is damaged: %s".formatted(index, e.getMessage()), e);
    }
    frame = target;
    cached = index;
  }

  /**
   * Writes all of a file, compressed, at the end of another. Frames carry checksums.
   *
   * @throws IOException also when `to` cannot take it
   */
  static void compress(FileChannel from, FileChannel to) throws IOException {
    byte[] source = new byte[FRAME];
    byte[] target = new byte[(int) Zstd.compressBound(FRAME)];
    ByteBuffer table = ByteBuffer.allocate(1024).order(ByteOrder.LITTLE_ENDIAN);
    int frames = 0;
    try (ZstdCompressCtx zstd = new ZstdCompressCtx().setLevel(LEVEL).setChecksum(true)) {
      while (true) {
        ByteBuffer chunk = ByteBuffer.wrap(source);
        while (chunk.hasRemaining() && from.read(chunk) >= 0) {
          // until the frame is full or the file ends
        }
        if (chunk.position() == 0) {
          break;
        }
        int length = zstd.compressByteArray(target, 0, target.length, source, 0, chunk.position());
        writeAll(to, ByteBuffer.wrap(target, 0, length));
        if (table.remaining() < 8) {
          table =
              ByteBuffer.allocate(table.capacity() * 2)
                  .order(ByteOrder.LITTLE_ENDIAN)
                  .put(table.flip());
        }
        table.putInt(length).putInt(chunk.position());
        frames++;
      }
    }
    table.flip();
    ByteBuffer end =
        ByteBuffer.allocate(8 + table.remaining() + FOOTER).order(ByteOrder.LITTLE_ENDIAN);
    end.putInt(SKIPPABLE).putInt(table.remaining() + FOOTER).put(table);
    end.putInt(frames).put((byte) 0).putInt(SEEKABLE).flip();
    writeAll(to, end);
  }

  private static void writeAll(FileChannel to, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      to.write(bytes);
    }
  }

  private static ByteBuffer at(ReadFile file, long offset, int length) throws IOException {
    if (offset < 0) {
      throw new IOException("not a seekable zstd file, or cut off");
    }
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      if (file.read(bytes, offset + bytes.position()) < 0) {
        throw new IOException("the file ends in the middle");
      }
    }
    return bytes.flip();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
