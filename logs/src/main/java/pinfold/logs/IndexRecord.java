package pinfold.logs;

import java.nio.ByteBuffer;

/** One record of a segment's index: `struct pf_index` of protocol.h. */
record IndexRecord(long timeNs, long offset, long length, int run, int flags) {
  /** sizeof(struct pf_index). */
  static final int SIZE = 32;

  static final int BIRTH = 1;
  static final int DROPPED = 2;
  static final int RECOVERED = 4;

  static IndexRecord read(ByteBuffer from) {
    return new IndexRecord(
        from.getLong(), from.getLong(), from.getLong(), from.getInt(), from.getInt());
  }

  void write(ByteBuffer to) {
    to.putLong(timeNs).putLong(offset).putLong(length).putInt(run).putInt(flags);
  }

  /** Whether it can be what the keeper wrote; holes, torn and foreign bytes are not. */
  boolean plausible() {
    return offset >= 0
        && length >= 0
        && offset + length >= 0
        && run >= 0
        && (flags & ~(BIRTH | DROPPED | RECOVERED)) == 0
        && (length > 0 || flags != 0);
  }

  boolean marks() {
    return (flags & (BIRTH | DROPPED)) != 0;
  }

  /** First offset behind the bytes that the file has of it. */
  long end() {
    return marks() ? offset : offset + length;
  }
}
