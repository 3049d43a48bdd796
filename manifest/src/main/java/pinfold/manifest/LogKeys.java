package pinfold.manifest;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The keys of {@code logs}. */
final class LogKeys {
  private static final Key<LogPolicy.Sink> SINK =
      Key.of(
              "sink",
              Shapes.words(sinks(), List.of("journald", "syslog")),
              "Where output goes: the log files, or nowhere.")
          .or("file");
  private static final Key<Size> MAX_SIZE =
      Key.of(
              "max_size",
              LogKeys.positiveSize(),
              "A file of this size is finished and the next one begun.")
          .or("10M")
          .alias("max_bytes");
  private static final Key<Integer> MAX_FILES =
      Key.of(
              "max_files",
              Shapes.whole(1, 100_000),
              "So many files are kept per stream, the one being written included.")
          .or("5");
  private static final Key<Duration> MAX_AGE =
      Key.of("max_age", Shapes.SPAN, "Finished files older than this are removed.");
  private static final Key<LogPolicy.Compress> COMPRESS =
      Key.of("compress", Shapes.words(packings(), List.of()), "How finished files are packed.")
          .or("zstd");

  static final Shape<LogPolicy> SHAPE =
      new Shape.Keys<>(
          "logs",
          List.of(SINK, MAX_SIZE, MAX_FILES, MAX_AGE, COMPRESS),
          List.of(),
          f ->
              Optional.of(
                  new LogPolicy(
                      f.get(SINK),
                      f.get(MAX_SIZE),
                      f.get(MAX_FILES),
                      f.own(MAX_AGE),
                      f.get(COMPRESS))));

  private LogKeys() {}

  private static Shape<Size> positiveSize() {
    Shape.One<Size> size = (Shape.One<Size>) Shapes.SIZE;
    return new Shape.One<>(
        size.words(),
        size.schema(),
        (s, in) -> {
          Size read = size.reader().read(s, in);
          if (read.bytes() < LogPolicy.SMALLEST) {
            throw new Refusal(pinfold.contract.Code.OUT_OF_RANGE, "is less than 4K", "");
          }
          return read;
        });
  }

  private static Map<String, LogPolicy.Sink> sinks() {
    Map<String, LogPolicy.Sink> all = new LinkedHashMap<>();
    all.put("file", LogPolicy.Sink.FILE);
    all.put("none", LogPolicy.Sink.NONE);
    return all;
  }

  private static Map<String, LogPolicy.Compress> packings() {
    Map<String, LogPolicy.Compress> all = new LinkedHashMap<>();
    all.put("zstd", LogPolicy.Compress.ZSTD);
    all.put("none", LogPolicy.Compress.NONE);
    return all;
  }
}
