package pinfold.core;

import pinfold.manifest.Signal;

/** Signal numbers of Linux on x86-64 and aarch64 (signal(7)). */
final class Signals {
  static final int KILL = 9;
  static final int CONT = 18;
  static final int STOP = 19;

  private Signals() {}

  /** {@code SIGTERM}; {@code signal 32} for those that the C library keeps. */
  static String name(int signal) {
    return signal == 32 || signal == 33 ? "signal " + signal : "SIG" + new Signal(signal).name();
  }
}
