import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedWriter;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/**
 * A small key-value store with queues, over HTTP on the loopback interface.
 *
 * <pre>
 * GET /health                             200 when it serves
 * GET /keys/PREFIX                        lines "key=value"
 * GET|PUT /key/NAME                       one value; 404 when there is none
 * POST /queue/NAME                        appends the body
 * DELETE /queue/NAME                      takes the oldest entry, waiting up to 10 s for one; 204 when there is none
 * </pre>
 *
 * Every change is one line of a file that is read again at start.
 */
class Store {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final Map<String, String> values = new TreeMap<>();
  private final Map<String, Queue<String>> queues = new TreeMap<>();
  private final BufferedWriter journal;

  Store(Path file) throws IOException {
    Files.createDirectories(file.getParent());
    if (Files.exists(file)) {
      for (String line : Files.readAllLines(file)) {
        apply(line);
      }
    }
    journal = Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  static void main(String[] args) throws IOException {
    Path file = Path.of(args[1], "store.txt").toAbsolutePath();
    Store store = new Store(file);
    System.out.printf("store: %d values from %s%n", store.values.size(), file);

    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]));
    HttpServer server;
    try {
      server = HttpServer.create(address, 0);
    } catch (BindException e) {
      System.err.printf("store: port %s: %s%n", args[0], e.getMessage());
      System.exit(1);
      return;
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", store::serve);
    server.start();
    System.out.println("store: serving on port " + args[0]);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> {
      server.stop(0);
      System.out.println("store: closed");
    }));
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      String[] path = exchange.getRequestURI().getPath().substring(1).split("/", 2);
      String name = path.length > 1 ? path[1] : "";
      String body = new String(exchange.getRequestBody().readNBytes(65536)).replace('\n', ' ');
      String answer = switch (exchange.getRequestMethod() + " " + path[0]) {
        case "GET health" -> "ok";
        case "GET keys" -> list(name);
        case "GET key" -> value(name);
        case "PUT key" -> write("value " + name + " " + body);
        case "POST queue" -> write("push " + name + " " + body);
        case "DELETE queue" -> take(name);
        default -> null;
      };
      byte[] bytes = answer == null ? new byte[0] : answer.getBytes();
      int missing = path[0].equals("queue") ? 204 : 404;
      exchange.sendResponseHeaders(answer == null ? missing : 200, bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String list(String prefix) {
    lock.lock();
    try {
      return values.entrySet().stream()
          .filter(entry -> entry.getKey().startsWith(prefix))
          .map(entry -> entry.getKey() + "=" + entry.getValue())
          .collect(Collectors.joining("\n"));
    } finally {
      lock.unlock();
    }
  }

  private String value(String name) {
    lock.lock();
    try {
      return values.get(name);
    } finally {
      lock.unlock();
    }
  }

  private String take(String name) throws IOException, InterruptedException {
    lock.lock();
    try {
      long left = TimeUnit.SECONDS.toNanos(10);
      while (queue(name).isEmpty() && left > 0) {
        left = arrived.awaitNanos(left);
      }
      String head = queue(name).peek();
      if (head != null) {
        write("pop " + name);
      }
      return head;
    } finally {
      lock.unlock();
    }
  }

  private String write(String change) throws IOException {
    lock.lock();
    try {
      journal.write(change);
      journal.newLine();
      journal.flush();
      apply(change);
      arrived.signalAll();
      return "ok";
    } finally {
      lock.unlock();
    }
  }

  private void apply(String change) {
    String[] words = change.split(" ", 3);
    switch (words[0]) {
      case "value" -> values.put(words[1], words[2]);
      case "push" -> queue(words[1]).add(words[2]);
      case "pop" -> queue(words[1]).remove();
      default -> throw new IllegalStateException("not a change: " + change);
    }
  }

  private Queue<String> queue(String name) {
    return queues.computeIfAbsent(name, ignored -> new ArrayDeque<>());
  }
}
