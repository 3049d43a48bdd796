package pinfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/** What probes ask, and whom. */
class ProbeTest extends Scenario {

  @Test
  void noProxyOfTheEnvironmentIsAsked() throws IOException {
    Set<String> asked = ConcurrentHashMap.newKeySet();
    Set<String> detoured = ConcurrentHashMap.newKeySet();
    HttpServer service = server(asked, 200);
    HttpServer proxy = server(detoured, 503);
    try {
      String url = "http://127.0.0.1:" + proxy.getAddress().getPort();
      List<String> variables = List.of("http_proxy", "https_proxy", "all_proxy");
      for (String variable : variables) {
        host.set(variable, url);
        host.set(variable.toUpperCase(java.util.Locale.ROOT), url);
      }
      host.manifest(
          """
          services:
            web:
              command: "exec sleep 600"
              env: {http_proxy: "%1$s", HTTP_PROXY: "%1$s", HTTPS_PROXY: "%1$s", ALL_PROXY: "%1$s"}
              ready: {http: "http://127.0.0.1:%2$d/ready", interval: 50ms}
              live: {http: "http://127.0.0.1:%2$d/live", interval: 50ms}
          """
              .formatted(url, service.getAddress().getPort()));
      host.up();
      Until.holds("both are asked", asked::toString, () -> asked.size() == 2);
      assertThat(asked).containsExactlyInAnyOrder("/ready", "/live");
      assertThat(detoured).isEmpty();
      assertThat(host.assertConsistent().service("web").health()).isEqualTo("ready");
    } finally {
      service.stop(0);
      proxy.stop(0);
    }
  }

  private static HttpServer server(Set<String> asked, int status) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          asked.add(exchange.getRequestURI().toString());
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    server.start();
    return server;
  }
}
