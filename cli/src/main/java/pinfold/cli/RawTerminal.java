package pinfold.cli;

import java.io.IOException;
import java.util.EnumSet;
import org.jline.terminal.Attributes;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import pinfold.contract.WindowSize;

/**
 * The terminal that the command runs in, changed until closed; also the end of the JVM closes it.
 */
final class RawTerminal implements AutoCloseable {
  private final Terminal terminal;
  private final Attributes before;

  private RawTerminal(Terminal terminal) {
    this.terminal = terminal;
    this.before = terminal.getAttributes();
  }

  /** The terminal of standard input and output; call {@link #raw} to change it. */
  static RawTerminal open() throws IOException {
    return new RawTerminal(
        TerminalBuilder.builder()
            .system(true)
            .provider("ffm")
            .dumb(false)
            .graphemeCluster(false) // or it asks the terminal what it can, and eats what is typed
            .signalHandler(Terminal.SignalHandler.SIG_DFL)
            .build());
  }

  /** Keys and output pass as they are, as cfmakeraw(3) has it: the other end is a terminal. */
  void raw() {
    terminal.enterRawMode();
    Attributes attributes = terminal.getAttributes();
    attributes.setInputFlags(
        EnumSet.of(
            Attributes.InputFlag.BRKINT,
            Attributes.InputFlag.IGNBRK,
            Attributes.InputFlag.IGNCR,
            Attributes.InputFlag.ISTRIP,
            Attributes.InputFlag.PARMRK),
        false);
    attributes.setOutputFlag(Attributes.OutputFlag.OPOST, false);
    terminal.setAttributes(attributes);
  }

  /**
   * Lines are edited here as always, but Ctrl-Q ends one, so that Ctrl-P Ctrl-Q is read at once
   * (termios(3), VEOL; without IXON the key has no other meaning).
   */
  void detachable() {
    Attributes attributes = terminal.getAttributes();
    attributes.setInputFlag(Attributes.InputFlag.IXON, false);
    attributes.setControlChar(Attributes.ControlChar.VEOL, 0x11);
    terminal.setAttributes(attributes);
  }

  WindowSize size() {
    Size size = terminal.getSize();
    return new WindowSize(Math.max(1, size.getRows()), Math.max(1, size.getColumns()));
  }

  /** Runs an action whenever the window has another size, on a thread of its own. */
  void onResize(Runnable action) {
    terminal.handle(Terminal.Signal.WINCH, _ -> action.run());
  }

  /** As it was. */
  @Override
  public void close() throws IOException {
    terminal.setAttributes(before);
    terminal.close();
  }
}
