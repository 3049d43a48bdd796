package pinfold.core;

/** How a main process ended. */
public sealed interface End {
  /** It called exit. */
  record Exited(int code) implements End {
    public Exited {
      if (code < 0 || code > 255) {
        throw new IllegalArgumentException("exit code " + code);
      }
    }

    @Override
    public String toString() {
      return "exited with " + code;
    }
  }

  /** A signal ended it. */
  record Signalled(int signal) implements End {
    public Signalled {
      if (signal < 1 || signal > 64) {
        throw new IllegalArgumentException("signal " + signal);
      }
    }

    @Override
    public String toString() {
      return "was ended by " + Signals.name(signal);
    }
  }

  /** It ended, and nobody who could know saw how. */
  record Unknown() implements End {
    @Override
    public String toString() {
      return "ended, and how is not known";
    }
  }

  /** As a shell reports it: the code, or 128 + signal; 255 when it is not known. */
  default int shellCode() {
    return switch (this) {
      case Exited exited -> exited.code();
      case Signalled signalled -> 128 + signalled.signal();
      case Unknown unknown -> 255;
    };
  }
}
