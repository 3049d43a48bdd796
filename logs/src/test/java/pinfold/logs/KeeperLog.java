package pinfold.logs;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** Writes one stream as the keeper does, and remembers what is in its files. */
final class KeeperLog {
  /** Bytes of one record (each a character), a birth (no bytes) or a gap. */
  record Piece(long timeNs, int run, String bytes, int flags, long lost) {}

  /** A line as a reader has to give it. */
  record Expected(long timeNs, int run, String text, boolean ended) {}

  final LogSource source;
  final List<List<Piece>> closed = new ArrayList<>();
  final List<Long> names = new ArrayList<>();
  List<Piece> current = new ArrayList<>();

  /** All that was ever appended, also what was cut off later. */
  final List<Piece> history = new ArrayList<>();

  private long size;
  private long indexSize;
  private int run = 1;
  private boolean cut;

  KeeperLog(LogSource source) {
    this.source = source;
    try {
      Files.createDirectories(source.file().getParent());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static KeeperLog in(Path logs, String prefix) {
    return new KeeperLog(LogSource.of(logs, prefix, LogStream.STDOUT));
  }

  void append(long timeNs, String text) {
    append(timeNs, text.getBytes(StandardCharsets.UTF_8));
  }

  void append(long timeNs, byte[] bytes) {
    recover(timeNs);
    write(source.file(), size, bytes);
    record(timeNs, size, bytes.length, 0);
    size += bytes.length;
    add(new Piece(timeNs, run, new String(bytes, StandardCharsets.ISO_8859_1), 0, 0));
  }

  /** The index of a file that was cut, or deleted and made again, begins anew. */
  private void recover(long timeNs) {
    if (cut) {
      cut = false;
      indexSize = 0;
      try (FileChannel index = FileChannel.open(SegmentFiles.index(source.file()), CREATE, WRITE)) {
        index.truncate(0);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      String left = String.join("", current.stream().map(Piece::bytes).toList());
      current.clear();
      if (size > 0) {
        int known = run;
        run = 0;
        record(timeNs, 0, size, IndexRecord.RECOVERED);
        run = known;
        current.add(new Piece(timeNs, 0, left, IndexRecord.RECOVERED, 0));
      }
    }
  }

  /** Bytes without a record, as when the keeper dies between the two. */
  void appendUnindexed(byte[] bytes) {
    write(source.file(), size, bytes);
    size += bytes.length;
  }

  /** The record of the last bytes that had none. */
  void index(long timeNs, int length) {
    record(timeNs, size - length, length, 0);
  }

  /** The records of the last bytes that had none, which a new run wrote. */
  void birthOfUnindexed(long timeNs, int newRun, int length) {
    run = newRun;
    record(timeNs, size - length, 0, IndexRecord.BIRTH);
    record(timeNs, size - length, length, 0);
  }

  void birth(long timeNs, int newRun) {
    run = newRun;
    recover(timeNs);
    write(source.file(), size, new byte[0]);
    record(timeNs, size, 0, IndexRecord.BIRTH);
    add(new Piece(timeNs, run, "", IndexRecord.BIRTH, 0));
  }

  void gap(long timeNs, long lost) {
    recover(timeNs);
    write(source.file(), size, new byte[0]);
    record(timeNs, size, lost, IndexRecord.DROPPED);
    add(new Piece(timeNs, run, "", IndexRecord.DROPPED, lost));
  }

  private void add(Piece piece) {
    current.add(piece);
    history.add(piece);
  }

  /** Closes the segment under the time of its first byte; false when there is none. */
  boolean rotate() {
    if (current.isEmpty()) {
      return false;
    }
    long name = current.getFirst().timeNs();
    if (!names.isEmpty() && names.getLast() >= name) {
      name = names.getLast() + 1;
    }
    Path to = SegmentFiles.closed(source.file(), name);
    try {
      Files.move(source.file(), to);
      if (Files.exists(SegmentFiles.index(source.file()))) {
        Files.move(SegmentFiles.index(source.file()), SegmentFiles.index(to));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    closed.add(current);
    names.add(name);
    renew();
    cut = false;
    return true;
  }

  private void renew() {
    current = new ArrayList<>();
    size = 0;
    indexSize = 0;
  }

  /** Somebody deletes the file being written, and its index or not; the keeper opens it anew. */
  void delete(boolean index) throws IOException {
    Files.deleteIfExists(source.file());
    renew();
    if (index) {
      Files.deleteIfExists(SegmentFiles.index(source.file()));
    } else {
      cut = true;
    }
  }

  /** Somebody truncates the file being written; the keeper goes on at its end. */
  void truncate(long to) throws IOException {
    if (!Files.exists(source.file()) || to >= size) {
      return;
    }
    try (FileChannel file = FileChannel.open(source.file(), WRITE)) {
      file.truncate(to);
    }
    List<Piece> kept = new ArrayList<>();
    long at = 0;
    for (Piece piece : current) {
      if (to > 0 && at + piece.bytes.length() <= to) {
        kept.add(piece);
      } else if (at < to) {
        String part = piece.bytes.substring(0, (int) (to - at));
        kept.add(new Piece(piece.timeNs, piece.run, part, piece.flags, piece.lost));
      }
      at += piece.bytes.length();
    }
    cut = true;
    current = kept;
    size = to;
  }

  private void record(long timeNs, long offset, long length, int flags) {
    ByteBuffer bytes = ByteBuffer.allocate(IndexRecord.SIZE).order(ByteOrder.LITTLE_ENDIAN);
    new IndexRecord(timeNs, offset, length, run, flags).write(bytes);
    write(SegmentFiles.index(source.file()), indexSize, bytes.array());
    indexSize += IndexRecord.SIZE;
  }

  private static void write(Path file, long at, byte[] bytes) {
    try (FileChannel channel = FileChannel.open(file, CREATE, WRITE)) {
      channel.write(ByteBuffer.wrap(bytes), at);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What is in the files, as lines. */
  List<Expected> lines() {
    List<Piece> all = new ArrayList<>();
    Set<Piece> firsts = Collections.newSetFromMap(new IdentityHashMap<>());
    for (List<Piece> segment : closed) {
      firsts.add(segment.getFirst());
      all.addAll(segment);
    }
    if (!current.isEmpty()) {
      firsts.add(current.getFirst());
      all.addAll(current);
    }
    return lines(all, firsts);
  }

  /** Pieces as lines: ended by line feeds, and where a run begins or bytes were lost. */
  static List<Expected> lines(List<Piece> pieces) {
    return lines(pieces, Set.of());
  }

  private static List<Expected> lines(List<Piece> pieces, Set<Piece> firsts) {
    List<Expected> lines = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    Piece first = null;
    Piece before = null;
    for (Piece piece : pieces) {
      boolean marked = (piece.flags & (IndexRecord.BIRTH | IndexRecord.DROPPED)) != 0;
      boolean known = before != null && (before.run != 0 || !firsts.contains(piece));
      boolean boundary =
          marked || (known && before != null && before.run != piece.run && piece.run != 0);
      if (boundary && first != null) {
        lines.add(new Expected(first.timeNs, first.run, text.toString(), false));
        text.setLength(0);
        first = null;
      }
      for (char one : piece.bytes.toCharArray()) {
        if (first == null) {
          first = piece;
        }
        if (one == '\n') {
          lines.add(new Expected(first.timeNs, first.run, text.toString(), true));
          text.setLength(0);
          first = null;
        } else {
          text.append(one);
        }
      }
      before = piece;
    }
    if (first != null) {
      lines.add(new Expected(first.timeNs, first.run, text.toString(), false));
    }
    return lines;
  }

  /** Entries as expected ones; bytes as Latin-1, so that each stays what it was. */
  static List<Expected> of(List<LogEntry> entries) {
    List<Expected> lines = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    for (LogEntry entry : entries) {
      if (entry instanceof LogEntry.Line line) {
        if (line.continued()) {
          Expected begun = lines.removeLast();
          text.append(begun.text);
        }
        text.append(new String(line.bytes(), StandardCharsets.ISO_8859_1));
        lines.add(new Expected(line.timeNs(), line.run(), text.toString(), line.ended()));
        text.setLength(0);
      } else if (entry instanceof LogEntry.Unreadable bad) {
        throw new AssertionError(bad);
      }
    }
    return lines;
  }

  static List<LogEntry> read(LogQuery query) throws IOException {
    List<LogEntry> entries = new ArrayList<>();
    LogReader.read(query, entries::add);
    return entries;
  }
}
