package pinfold.cli;

import java.io.ByteArrayOutputStream;

/**
 * Takes Ctrl-P Ctrl-Q out of what is typed. A Ctrl-P that something else follows is passed on with
 * it.
 */
final class DetachKeys {
  private static final byte CTRL_P = 0x10;
  private static final byte CTRL_Q = 0x11;

  private final boolean enabled;
  private boolean pending;
  private boolean detached;

  DetachKeys(boolean enabled) {
    this.enabled = enabled;
  }

  /** Whether the keys were typed; nothing that follows them is passed on. */
  boolean detached() {
    return detached;
  }

  /** What of these bytes is passed on. */
  byte[] filter(byte[] bytes, int count) {
    ByteArrayOutputStream passed = new ByteArrayOutputStream(count + 1);
    for (int i = 0; i < count && !detached; i++) {
      if (pending && bytes[i] == CTRL_Q) {
        detached = true;
      } else {
        if (pending) {
          passed.write(CTRL_P);
        }
        pending = enabled && bytes[i] == CTRL_P;
        if (!pending) {
          passed.write(bytes[i]);
        }
      }
    }
    return passed.toByteArray();
  }
}
