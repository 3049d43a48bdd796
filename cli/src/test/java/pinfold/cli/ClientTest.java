package pinfold.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pinfold.contract.Call;
import pinfold.contract.Code;
import pinfold.contract.PinfoldException;
import pinfold.contract.Reply;

class ClientTest {
  /** A frozen supervisor: the kernel takes the connection, and nobody ever reads from it. */
  @Test
  void anOperationThatNobodyTakesIsSaid(@TempDir Path folder) throws Exception {
    Path socket = folder.resolve("control.sock");
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(socket));
      try (Client client = Client.need(socket)) {
        assertThatThrownBy(() ->
                client.stream(
                    new Call.Shutdown(false),
                    Reply.Operated.class,
                    Optional.of(Duration.ofMillis(50)),
                    _ -> {}))
            .isInstanceOfSatisfying(
                PinfoldException.class,
                e -> assertThat(e.failure().code()).isEqualTo(Code.NO_ANSWER.id()));
      }
    }
  }
}
