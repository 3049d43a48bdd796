package pinfold.cli;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Standard output or error: UTF-8, buffered, and unlike a PrintStream it says when its reader has
 * gone ({@link Closed}) and when it cannot be written ({@link Unwritten}). Any thread may write; a
 * line is never torn.
 */
final class Output {
  /** Whoever read this has gone: the command ends without a word, as if killed by SIGPIPE. */
  static final class Closed extends RuntimeException {
    private static final long serialVersionUID = 1;

    Closed(IOException cause) {
      super(cause);
    }
  }

  /**
   * What was written does not arrive: the disk is full, say. Nothing more is to be written here.
   */
  static final class Unwritten extends RuntimeException {
    private static final long serialVersionUID = 1;

    Unwritten(IOException cause) {
      super(String.valueOf(cause.getMessage()), cause);
    }
  }

  private final OutputStream out;
  private final boolean terminal;

  Output(OutputStream out, boolean terminal) {
    this.out = new BufferedOutputStream(out, 1 << 16);
    this.terminal = terminal;
  }

  /** Whether a person looks at it. */
  boolean terminal() {
    return terminal;
  }

  void print(String text) {
    write(text.getBytes(StandardCharsets.UTF_8));
  }

  void line(String text) {
    print(text + "\n");
  }

  synchronized void write(byte[] bytes) {
    try {
      out.write(bytes);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  synchronized void flush() {
    try {
      out.flush();
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private static RuntimeException failed(IOException e) {
    String message = String.valueOf(e.getMessage());
    return message.contains("Broken pipe") || message.contains("Stream Closed")
        ? new Closed(e)
        : new Unwritten(e);
  }
}
