package pinfold.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class SocketProbeTest {
  private static final Duration AMPLE = Duration.ofSeconds(20);
  private static final Duration BRIEF = Duration.ofMillis(150);

  /// Answers each connection with fixed bytes and keeps the request that came.
  private static final class Answering implements AutoCloseable {
    private final ServerSocket socket;
    private final CompletableFuture<String> request = new CompletableFuture<>();

    Answering(String answer, boolean hang) throws IOException {
      socket = new ServerSocket(0, 5, InetAddress.ofLiteral("127.0.0.1"));
      Thread.ofVirtual().start(() -> serve(answer, hang));
    }

    private void serve(String answer, boolean hang) {
      try (Socket peer = socket.accept()) {
        byte[] buffer = new byte[4096];
        int n = peer.getInputStream().read(buffer);
        request.complete(new String(buffer, 0, Math.max(n, 0), StandardCharsets.US_ASCII));
        peer.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
        if (hang) {
          assertThat(peer.getInputStream().read()).isEqualTo(-1);
        }
      } catch (SocketException e) {
        request.completeExceptionally(e);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    URI uri(String rest) {
      return URI.create("http://127.0.0.1:" + socket.getLocalPort() + rest);
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  private static ProbeResult ask(String answer) throws IOException {
    try (Answering server = new Answering(answer, false)) {
      return SocketProbe.http(server.uri("/health"), AMPLE);
    }
  }

  @Test
  void statusDecides() throws IOException {
    assertThat(ask("HTTP/1.1 200 OK\r\n\r\n")).isEqualTo(ProbeResult.passed("HTTP 200"));
    assertThat(ask("HTTP/1.0 302\r\nLocation: http://example.invalid/\r\n\r\n"))
        .isEqualTo(ProbeResult.passed("HTTP 302"));
    assertThat(ask("HTTP/1.1 404 Not Found\r\n")).isEqualTo(ProbeResult.failed("HTTP 404"));
    assertThat(ask("HTTP/1.1 503 \r\n")).isEqualTo(ProbeResult.failed("HTTP 503"));
  }

  @Test
  void whatIsNotHttpFails() throws IOException {
    for (String answer :
        new String[] {
          "", "SSH-2.0-OpenSSH\r\n", "HTTP/1.1 2x0\r\n", "HTTP/1.1 2000\r\n", "x".repeat(2000)
        }) {
      assertThat(ask(answer)).isEqualTo(ProbeResult.failed("the answer is not HTTP"));
    }
  }

  @Test
  void requestNamesPathQueryAndHost() throws IOException {
    try (Answering server = new Answering("HTTP/1.1 204 No Content\r\n", false)) {
      URI uri = server.uri("/a%20b?c=d");
      SocketProbe.http(uri, AMPLE);
      assertThat(server.request.join())
          .startsWith("GET /a%20b?c=d HTTP/1.1\r\nHost: 127.0.0.1:" + uri.getPort() + "\r\n")
          .endsWith("\r\n\r\n");
    }
  }

  @Test
  void aSilentServerIsGivenUp() throws IOException {
    try (Answering server = new Answering("HTTP/1.1 2", true)) {
      assertThat(SocketProbe.http(server.uri(""), BRIEF))
          .isEqualTo(ProbeResult.failed("no answer within 150 ms"));
    }
  }

  @Test
  void tcpPassesWhenSomebodyListensOnAnyAddressOfTheHost() throws IOException {
    int port;
    try (ServerSocket listening = new ServerSocket(0, 5, InetAddress.ofLiteral("127.0.0.1"))) {
      port = listening.getLocalPort();
      assertThat(SocketProbe.tcp("localhost", port, AMPLE).ok()).isTrue();
    }
    assertThat(SocketProbe.tcp("127.0.0.1", port, AMPLE))
        .isEqualTo(ProbeResult.failed("connection refused"));
  }
}
