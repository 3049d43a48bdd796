import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/** The shop front: a page with the articles, and orders that go to the worker through the store. */
class Front {
  private final StoreClient store;
  private final AtomicLong orders = new AtomicLong(System.currentTimeMillis());

  Front(StoreClient store) {
    this.store = store;
  }

  static void main(String[] args) throws IOException {
    Front front = new Front(new StoreClient(args[1]));
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]));
    HttpServer server;
    try {
      server = HttpServer.create(address, 0);
    } catch (BindException e) {
      System.err.printf("front: port %s: %s%n", args[0], e.getMessage());
      System.exit(1);
      return;
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", front::serve);
    server.start();
    System.out.printf("front: open on http://127.0.0.1:%s/%n", args[0]);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> {
      server.stop(1); // requests under way have a second to end
      System.out.println("front: closed");
    }));
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      String request = exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
      if (request.equals("GET /")) {
        answer(exchange, 200, "text/html", page());
      } else if (request.equals("GET /health")) {
        answer(exchange, 200, "text/plain", "open\n");
      } else if (request.startsWith("POST /order/")) {
        order(exchange, request.substring("POST /order/".length()));
      } else {
        answer(exchange, 404, "text/plain", "no such page\n");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void order(HttpExchange exchange, String article) throws IOException, InterruptedException {
    if (store.value("article/" + article).isEmpty()) {
      answer(exchange, 404, "text/plain", "no such article\n");
      return;
    }
    long number = orders.incrementAndGet();
    store.push("orders", number + " " + article);
    System.out.printf("front: order %d for a %s%n", number, article);
    exchange.getResponseHeaders().set("Location", "/");
    answer(exchange, 303, "text/plain", "order " + number + "\n");
  }

  private String page() throws IOException, InterruptedException {
    StringBuilder page = new StringBuilder("<!doctype html><title>Pinfold shop</title><h1>Pinfold shop</h1><ul>");
    for (Map.Entry<String, String> article : store.list("article/").entrySet()) {
      page.append("<li><form method=post action=/order/%1$s>%1$s, %2$s in stock <button>order</button></form>"
          .formatted(article.getKey(), article.getValue()));
    }
    page.append("</ul><h2>Orders</h2><ul>");
    store.list("order/").forEach((number, state) -> page.append("<li>%s: %s".formatted(number, state)));
    return page.append("</ul>\n").toString();
  }

  private static void answer(HttpExchange exchange, int status, String type, String text) throws IOException {
    byte[] bytes = text.getBytes();
    exchange.getResponseHeaders().set("Content-Type", type + "; charset=utf-8");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }
}
