import java.util.Map;

/** Creates the catalogue, once: the shop front is not started before this has succeeded. */
class Migrate {
  private static final String VERSION = "1";

  static void main(String[] args) throws Exception {
    StoreClient store = new StoreClient(args[0]);
    if (store.value("schema").filter(VERSION::equals).isPresent()) {
      System.out.println("migrate: catalogue is at version " + VERSION);
      return;
    }
    Map<String, Integer> stock = Map.of("anvil", 3, "bucket", 20, "gate", 5, "hurdle", 12, "trough", 8);
    for (Map.Entry<String, Integer> article : stock.entrySet()) {
      store.put("article/" + article.getKey(), article.getValue().toString());
    }
    store.put("schema", VERSION);
    System.out.printf("migrate: %d articles created%n", stock.size());
  }
}
