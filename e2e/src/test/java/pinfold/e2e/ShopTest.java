package pinfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The first example of the README, used as a shop. */
class ShopTest extends Scenario {
  private final HttpClient http = HttpClient.newHttpClient();
  private int port;

  @BeforeEach
  void configure() throws IOException {
    host.copy(Product.examples().resolve("shop"));
    port = freePort();
    host.set("SHOP_PORT", Integer.toString(port));
    host.set("SHOP_STORE_PORT", Integer.toString(freePort()));
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Test
  void sellsAndSurvives() throws Exception {
    Outcome up = host.up();
    assertThat(up.out() + up.err())
        .contains("front", "store", "worker", "migrate")
        .contains("pinfold logs");
    StatusView first = host.assertConsistent();
    assertThat(first.service("migrate").is("done")).isTrue();
    assertThat(get("/")).contains("anvil, 3 in stock");

    order("anvil");
    Until.holds("the order is shipped", () -> get("/").contains("anvil shipped"));
    assertThat(host.run("logs", "worker").exits(0).out()).contains("anvil shipped");

    HostProcess.signal(first.service("store").pid(), "KILL");
    host.awaitStatus(
        "the store is back",
        view ->
            view.service("store").pid() != first.service("store").pid()
                && view.service("store").is("running")
                && view.service("store").health().equals("ready"));
    Until.holds("with its data", () -> get("/").contains("anvil, 2 in stock"));

    List<Long> before = host.status().pids();
    host.up();
    assertThat(host.status().pids()).isEqualTo(before);

    host.run("down").exits(0);
    assertThat(host.status().pids()).isEmpty();
    host.up();
    assertThat(get("/")).contains("anvil, 2 in stock");
  }

  private void order(String article) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/order/" + article))
            .POST(HttpRequest.BodyPublishers.noBody())
            .build();
    assertThat(http.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(303);
  }

  private String get(String path) {
    try {
      return http.send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
              BodyHandlers.ofString())
          .body();
    } catch (IOException | InterruptedException e) {
      return e.toString();
    }
  }
}
