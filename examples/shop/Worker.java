import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** Takes orders from the store, one after the other, and ships what is in stock. */
class Worker {
  private static volatile boolean stopping;

  static void main(String[] args) {
    StoreClient store = new StoreClient(args[0]);
    Thread main = Thread.currentThread();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> {
      stopping = true;
      main.interrupt();
      System.out.println("worker: done");
    }));
    System.out.println("worker: ready for orders");
    while (!stopping) {
      try {
        Optional<String> order = store.take("orders");
        if (order.isPresent()) {
          ship(store, order.get().split(" "));
        }
      } catch (IOException e) {
        System.err.println("worker: the store does not answer, once more in a second: " + e);
        LockSupport.parkNanos(1_000_000_000);
      } catch (InterruptedException e) {
        stopping = true;
      }
    }
  }

  private static void ship(StoreClient store, String[] order) throws IOException, InterruptedException {
    String article = "article/" + order[1];
    int stock = Integer.parseInt(store.value(article).orElse("0"));
    String state = stock > 0 ? order[1] + " shipped" : order[1] + " is out of stock";
    if (stock > 0) {
      store.put(article, Integer.toString(stock - 1));
    }
    store.put("order/" + order[0], state);
    System.out.printf("worker: order %s: %s%n", order[0], state);
  }
}
