import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Talks to the {@link Store} of this host. */
final class StoreClient {
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(5)).build();
  private final String root;

  StoreClient(String port) {
    root = "http://127.0.0.1:" + port + "/";
  }

  Map<String, String> list(String prefix) throws IOException, InterruptedException {
    Map<String, String> found = new TreeMap<>();
    ask("GET", "keys/" + prefix, "").ifPresent(text -> text.lines().forEach(line -> {
      int at = line.indexOf('=');
      found.put(line.substring(prefix.length(), at), line.substring(at + 1));
    }));
    return found;
  }

  Optional<String> value(String name) throws IOException, InterruptedException {
    return ask("GET", "key/" + name, "");
  }

  void put(String name, String value) throws IOException, InterruptedException {
    ask("PUT", "key/" + name, value);
  }

  void push(String queue, String entry) throws IOException, InterruptedException {
    ask("POST", "queue/" + queue, entry);
  }

  /** Waits up to ten seconds for an entry. */
  Optional<String> take(String queue) throws IOException, InterruptedException {
    return ask("DELETE", "queue/" + queue, "");
  }

  private Optional<String> ask(String method, String path, String body) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(URI.create(root + path))
        .method(method, BodyPublishers.ofString(body))
        .timeout(Duration.ofSeconds(20))
        .build();
    HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
    return response.statusCode() == 200 ? Optional.of(response.body()) : Optional.empty();
  }
}
