package pinfold.e2e;

import java.nio.file.Files;
import java.nio.file.Path;

/** The built product: the folder named by the property `pinfold.product`, else what `dist` made. */
final class Product {
  private static final Path HOME =
      Path.of(System.getProperty("pinfold.product", "../dist/target/pinfold"))
          .toAbsolutePath()
          .normalize();

  private Product() {}

  static Path launcher() {
    Path launcher = HOME.resolve("bin/pinfold");
    if (!Files.isExecutable(launcher)) {
      throw new IllegalStateException(
          "no product at " + HOME + ": build it with ./pinfold version");
    }
    return launcher;
  }

  /** The examples as the source tree has them. */
  static Path examples() {
    return Path.of(System.getProperty("pinfold.examples", "../examples"))
        .toAbsolutePath()
        .normalize();
  }
}
