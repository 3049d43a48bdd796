package pinfold.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import pinfold.contract.Code;
import pinfold.contract.Failure;

/**
 * The programs that were installed beside this one. The launcher says where by the system property
 * {@code pinfold.home}.
 *
 * @param home folder of the product
 */
record Product(Path home) {
  /**
   * What keeper and supervisor get of the caller's environment: nothing that could reach a service
   * by accident.
   */
  private static final Set<String> PASSED_ON =
      Set.of(
          "HOME",
          "USER",
          "LOGNAME",
          "SHELL",
          "TMPDIR",
          "TZ",
          "XDG_STATE_HOME",
          "XDG_CONFIG_HOME",
          "PINFOLD_JAVA_HOME",
          "JAVA_HOME",
          "DBUS_SESSION_BUS_ADDRESS",
          "XDG_RUNTIME_DIR");

  private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  /**
   * The product that this command belongs to.
   *
   * @throws pinfold.contract.PinfoldException {@link Code#KEEPER_MISSING} when it is not known or
   *     not complete
   */
  static Product here() {
    String home = System.getProperty("pinfold.home", "");
    if (home.isEmpty()) {
      throw missing("the launcher did not say where Pinfold is installed");
    }
    Product product = new Product(Path.of(home).toAbsolutePath());
    for (Path program : List.of(product.keeper(), product.supervisor())) {
      if (!Files.isExecutable(program)) {
        throw missing(program + " is missing or not executable");
      }
    }
    return product;
  }

  Path keeper() {
    return home.resolve("libexec").resolve("pinfold-keeper");
  }

  Path supervisor() {
    return home.resolve("bin").resolve("pinfold-supervisor");
  }

  /** The environment of keeper and supervisor. */
  static Map<String, String> environment(Map<String, String> caller, Path state) {
    Map<String, String> environment = new TreeMap<>();
    environment.put("PATH", PATH);
    environment.put("LANG", "C.UTF-8");
    for (String name : PASSED_ON) {
      String value = caller.get(name);
      if (value != null) {
        environment.put(name, value);
      }
    }
    environment.put("PINFOLD_STATE_DIR", state.toString());
    return environment;
  }

  private static pinfold.contract.PinfoldException missing(String message) {
    return Failure.of(Code.KEEPER_MISSING, message)
        .tryNext("build or install Pinfold again")
        .exception();
  }
}
