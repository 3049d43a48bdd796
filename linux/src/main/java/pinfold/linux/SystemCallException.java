package pinfold.linux;

import java.io.IOException;

/** A system call failed. The message is "cannot {action}: {text} (ERRNO)". */
public final class SystemCallException extends IOException {
  private static final long serialVersionUID = 1;

  private final String call;
  private final int number;

  SystemCallException(String call, String action, Errno errno) {
    super("cannot " + action + ": " + errno);
    this.call = call;
    this.number = errno.number();
  }

  /** Name of the system call: "pidfd_open". */
  public String call() {
    return call;
  }

  public Errno errno() {
    return new Errno(number);
  }
}
