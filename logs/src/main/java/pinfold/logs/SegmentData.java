package pinfold.logs;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The bytes of one segment, by their offsets. For one thread. */
sealed interface SegmentData extends Closeable {
  /** Bytes that there are now. */
  long size() throws IOException;

  /**
   * Reads some bytes.
   *
   * @param offset of the first, from the beginning of the segment
   * @return how many were read; 0 or less at the end
   */
  int read(long offset, byte[] into, int from, int count) throws IOException;

  /** A segment as the keeper wrote it. */
  record Plain(ReadFile file) implements SegmentData {
    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public int read(long offset, byte[] into, int from, int count) throws IOException {
      return file.read(ByteBuffer.wrap(into, from, count), offset);
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }

  /** A compressed one. */
  record Compressed(SeekableZstd archive) implements SegmentData {
    @Override
    public long size() {
      return archive.size();
    }

    @Override
    public int read(long offset, byte[] into, int from, int count) throws IOException {
      return archive.read(offset, into, from, count);
    }

    @Override
    public void close() throws IOException {
      archive.close();
    }
  }
}
