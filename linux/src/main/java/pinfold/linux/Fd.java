package pinfold.linux;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * An open descriptor, owned by whoever holds this object: closing it is closing the descriptor,
 * once. Close-on-exec, as every descriptor that this room makes. Any thread.
 */
public final class Fd implements AutoCloseable {
  private static final int F_DUPFD_CLOEXEC = 1030;

  private final int number;
  private final AtomicBoolean open = new AtomicBoolean(true);

  private Fd(int number) {
    if (number < 0) {
      throw new IllegalArgumentException("descriptor " + number);
    }
    this.number = number;
  }

  /** Takes a descriptor that this process has, for example an inherited one, into ownership. */
  public static Fd own(int number) {
    return new Fd(number);
  }

  static Fd own(long number) {
    return new Fd(Math.toIntExact(number));
  }

  /**
   * The number, good until {@link #close}.
   *
   * @throws IllegalStateException after {@link #close} or {@link #release}
   */
  public int number() {
    if (!open.get()) {
      throw new IllegalStateException("descriptor " + number + " was closed");
    }
    return number;
  }

  /** A second descriptor for the same open file. */
  public Fd duplicate() throws SystemCallException {
    return new Fd(
        Math.toIntExact(
            Kernel.must(
                "duplicate descriptor " + number, Sys.FCNTL, number(), F_DUPFD_CLOEXEC, 3)));
  }

  /** Moves the ownership into a new object; this one is as good as closed. */
  public Fd move() {
    return new Fd(release());
  }

  /** Gives the ownership to the caller. */
  public int release() {
    if (!open.compareAndSet(true, false)) {
      throw new IllegalStateException("descriptor " + number + " was closed");
    }
    return number;
  }

  /** Closes the descriptor; a second time does nothing. */
  @Override
  public void close() {
    if (open.compareAndSet(true, false)) {
      // Linux frees the number even when close reports an error of the file; nothing is left to do.
      Kernel.call(Sys.CLOSE, number);
    }
  }

  @Override
  public String toString() {
    return open.get() ? "descriptor " + number : "closed descriptor " + number;
  }
}
