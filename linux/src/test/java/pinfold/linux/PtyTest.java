package pinfold.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PtyTest {
  @Test
  void whatIsTypedIsEchoedAndTheEndIsAnEnd() throws Exception {
    try (Poller poller = Poller.start("poller-test");
        Pty pty = Pty.open(new Pty.Size(30, 100));
        UnixConnection master = UnixConnection.of(pty.master().duplicate(), poller)) {
      assertThat(Pty.size(pty.slave())).isEqualTo(new Pty.Size(30, 100));
      Pty.resize(pty.master(), new Pty.Size(50, 200));
      assertThat(Pty.size(pty.slave())).isEqualTo(new Pty.Size(50, 200));
      master.output().write("x\n".getBytes(UTF_8));
      assertThat(master.input().readNBytes(3)).asString(UTF_8).isEqualTo("x\r\n");
      closeSlave(pty);
      assertThat(master.input().read()).isEqualTo(-1);
    }
  }

  private static void closeSlave(Pty pty) {
    pty.slave().close();
  }

  @Test
  void whatIsNoTerminalHasNoSize() throws Exception {
    try (FdPair pipe = FdPair.pipe()) {
      assertThatThrownBy(() -> Pty.size(pipe.first()))
          .isInstanceOf(SystemCallException.class)
          .hasMessageEndingWith("Inappropriate ioctl for device (ENOTTY)");
    }
    assertThatIllegalArgumentException().isThrownBy(() -> new Pty.Size(70_000, 1));
  }
}
