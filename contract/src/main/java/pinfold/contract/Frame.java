package pinfold.contract;

import java.util.OptionalInt;

/**
 * What flows over an upgraded connection: one byte kind, four bytes length, as many bytes. Numbers
 * are big-endian. Each direction begins with a hello that carries the epoch of the session; what
 * comes before it belongs to another session and is dropped.
 *
 * <p>From the client: Hello, Stdin, Eof, Resize, Signal. From the supervisor: Hello, Stdout,
 * Stderr, Taken, then Exit or Failed as the last one. A client is never more than {@link #AHEAD}
 * bytes of input ahead of what was taken, so that a signal is heard also while the process reads
 * nothing.
 */
public sealed interface Frame {
  /** Largest content of a frame in bytes. */
  int MAX = 1 << 18;

  /** How many bytes of Stdin a client may have sent that no Taken has answered. */
  int AHEAD = 1 << 18;

  /** Begins a direction: eight bytes of epoch. */
  record Hello(long epoch) implements Frame {}

  /** Bytes for the process's input. */
  record Stdin(Bytes bytes) implements Frame {}

  /** The input ends. No content. */
  record Eof() implements Frame {}

  /** So many more bytes of Stdin went on to the process, or nowhere: four bytes, above zero. */
  record Taken(int bytes) implements Frame {
    public Taken {
      if (bytes < 1 || bytes > AHEAD) {
        throw new IllegalArgumentException("taken: " + bytes + " bytes");
      }
    }
  }

  /** Bytes of the process's output; with a terminal all of it. */
  record Stdout(Bytes bytes) implements Frame {}

  /** Bytes of the process's error output. */
  record Stderr(Bytes bytes) implements Frame {}

  /** The client's terminal has another size: two bytes rows, two bytes columns. */
  record Resize(WindowSize size) implements Frame {}

  /** Send the process a signal: four bytes, its number. */
  record Signal(int number) implements Frame {}

  /**
   * How the process ended: one byte kind (0 code, 1 signal, 2 unknown), four bytes number.
   *
   * @param code its exit code
   * @param signal the number of the signal that ended it
   */
  record Exit(OptionalInt code, OptionalInt signal) implements Frame {}

  /** The session ends by a failure: its JSON. */
  record Failed(Failure failure) implements Frame {}
}
