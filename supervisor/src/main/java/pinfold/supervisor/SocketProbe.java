package pinfold.supervisor;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/// The probes that connect: `tcp` and `http`.
///
/// A probe asks one question of one address, so HTTP is spoken here directly: `java.net.http` would
/// bring a selector thread, a pool and 8 MiB for the sake of one status line. No proxy is ever
/// asked, redirects are answers and not followed, and one deadline bounds connecting, sending and
/// every read, so that an endless trickle ends too. Runs on a virtual thread.
final class SocketProbe {
  private static final int MAX_STATUS_LINE = 512;

  private SocketProbe() {}

  /// Passes once a connection is accepted at any of the host's addresses.
  static ProbeResult tcp(String host, int port, Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    try (Socket _ = connect(host, port, deadline)) {
      return ProbeResult.passed("connected");
    } catch (IOException e) {
      return ProbeResult.failed(words(e, timeout));
    }
  }

  /// Passes on a status of 200 to 399 to a GET.
  ///
  /// @param uri absolute, `http` or `https`, with a host
  static ProbeResult http(URI uri, Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    boolean tls = "https".equalsIgnoreCase(uri.getScheme());
    int port = uri.getPort() >= 0 ? uri.getPort() : tls ? 443 : 80;
    try (Socket plain = connect(hostOf(uri), port, deadline);
        Socket socket = tls ? wrap(plain, uri, port, deadline) : plain) {
      socket.getOutputStream().write(request(uri).getBytes(StandardCharsets.US_ASCII));
      return judge(statusLine(socket, deadline));
    } catch (IOException e) {
      return ProbeResult.failed(words(e, timeout));
    }
  }

  private static Socket connect(String host, int port, long deadline) throws IOException {
    IOException last = null;
    for (InetAddress address : InetAddress.getAllByName(host)) {
      Socket socket = new Socket(Proxy.NO_PROXY);
      try {
        socket.connect(new InetSocketAddress(address, port), left(deadline));
        return socket;
      } catch (IOException e) {
        socket.close();
        if (last != null) {
          e.addSuppressed(last);
        }
        last = e;
      }
    }
    throw last == null ? new UnknownHostException(host) : last;
  }

  private static Socket wrap(Socket plain, URI uri, int port, long deadline) throws IOException {
    plain.setSoTimeout(left(deadline));
    SSLSocketFactory factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
    SSLSocket socket = (SSLSocket) factory.createSocket(plain, hostOf(uri), port, false);
    var parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }

  private static String hostOf(URI uri) {
    String host = uri.getHost();
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  private static String request(URI uri) {
    String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    String host = uri.getPort() >= 0 ? uri.getHost() + ":" + uri.getPort() : uri.getHost();
    return "GET "
        + path
        + query
        + " HTTP/1.1\r\nHost: "
        + host
        + "\r\nUser-Agent: pinfold\r\nAccept: */*\r\nConnection: close\r\n\r\n";
  }

  private static String statusLine(Socket socket, long deadline) throws IOException {
    InputStream in = socket.getInputStream();
    byte[] line = new byte[MAX_STATUS_LINE];
    int length = 0;
    while (length < line.length) {
      socket.setSoTimeout(left(deadline));
      int read = in.read(line, length, line.length - length);
      if (read < 0) {
        break;
      }
      for (int i = length; i < length + read; i++) {
        if (line[i] == '\n') {
          return new String(line, 0, i, StandardCharsets.ISO_8859_1).stripTrailing();
        }
      }
      length += read;
    }
    return "";
  }

  private static ProbeResult judge(String line) {
    boolean http =
        line.length() >= 12
            && line.startsWith("HTTP/1.")
            && line.charAt(8) == ' '
            && line.substring(9, 12).chars().allMatch(c -> c >= '0' && c <= '9')
            && (line.length() == 12 || line.charAt(12) == ' ');
    if (!http) {
      return ProbeResult.failed("the answer is not HTTP");
    }
    String status = line.substring(9, 12);
    boolean ok = status.charAt(0) == '2' || status.charAt(0) == '3';
    return new ProbeResult(ok, "HTTP " + status);
  }

  /// Milliseconds until the deadline, at least one because zero means for ever.
  private static int left(long deadline) throws SocketTimeoutException {
    long millis = (deadline - System.nanoTime() + 999_999) / 1_000_000;
    if (millis <= 0) {
      throw new SocketTimeoutException();
    }
    return (int) Math.min(millis, Integer.MAX_VALUE);
  }

  private static String words(IOException e, Duration timeout) {
    return switch (e) {
      case SocketTimeoutException _ -> "no answer within " + timeout.toMillis() + " ms";
      case ConnectException _ -> "connection refused";
      case UnknownHostException _ -> "unknown host";
      default -> e.getMessage() == null ? "connection failed" : e.getMessage();
    };
  }
}
