package pinfold.logs;

import java.util.Optional;

/** One of the two streams that a service writes. */
public enum LogStream {
  STDOUT("stdout"),
  STDERR("stderr");

  private final String word;

  LogStream(String word) {
    this.word = word;
  }

  /** The name in file names, on the command line and in JSON. */
  public String word() {
    return word;
  }

  /** The stream of this name. */
  public static Optional<LogStream> of(String word) {
    for (LogStream stream : values()) {
      if (stream.word.equals(word)) {
        return Optional.of(stream);
      }
    }
    return Optional.empty();
  }
}
