package pinfold.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TcpListenerTest {
  @Test
  void whoListensAtAPortIsFound() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
      List<TcpListener> found = TcpListener.at(port);
      assertThat(found).hasSize(1);
      assertThat(found.getFirst().uid()).isEqualTo(User.ownUid());
      assertThat(found.getFirst().holders()).containsExactly((int) ProcessHandle.current().pid());
    }
    assertThat(TcpListener.at(port)).isEmpty();
  }

  @Test
  void aLineOfTheKernelIsRead() {
    assertThat(
            TcpListener.parse(
                "   3: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000"
                    + "  1000        0 48213 1 0000000000000000 100 0 0 10 0"))
        .contains(new TcpListener(8080, 1000, 48213));
    assertThat(
            TcpListener.parse(
                "   0: 00000000000000000000000001000000:0050 00000000000000000000000000000000:0000"
                    + " 0A 00000000:00000000 00:00000000 00000000     0        0 7 1 0"))
        .contains(new TcpListener(80, 0, 7));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid",
        "   3: 0100007F:1F90 00000000:0000 01 00000000:00000000 00:00000000 00000000 0 0 48213 1",
        "   3: 0100007F 00000000:0000 0A 0 0 0 0 x y",
        "   3: 0100007F:XYZ 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 48213 1"
      })
  void whatIsNoListenerIsLeftOut(String line) {
    assertThat(TcpListener.parse(line)).isEmpty();
  }
}
