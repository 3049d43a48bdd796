package pinfold.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * The built product under another name and release: texts in its classes are replaced by others of
 * the same length. It starts slower, since its caches are for other files.
 */
record OtherRelease(Path home) {
  /** As in the root pom; of the product that is tested. */
  static final String RELEASE = "0.1.0";

  static final String OTHER = "9.8.7";

  /** A copy below a folder, which has to be there. */
  static OtherRelease in(Path folder) {
    Path home = folder.resolve("other");
    Path built = Product.launcher().resolve("../..").normalize();
    try {
      Files.createDirectory(home);
      for (String part : List.of("bin", "libexec", "lib", "lib/native")) {
        Files.createDirectory(home.resolve(part));
        try (Stream<Path> files = Files.list(built.resolve(part))) {
          for (Path file : files.filter(Files::isRegularFile).toList()) {
            Files.copy(file, home.resolve(part).resolve(file.getFileName()));
          }
        }
      }
      Files.createSymbolicLink(home.resolve("jre"), built.resolve("jre").toRealPath());
    } catch (IOException e) {
      throw new AssertionError("cannot copy the product", e);
    }
    return new OtherRelease(home)
        .replacing("server", "pinfold/server/", RELEASE, OTHER)
        .replacing("cli", "pinfold/cli/", RELEASE, OTHER);
  }

  Path launcher() {
    return home.resolve("bin/pinfold");
  }

  /** Has another script be its supervisor; the real one is beside it as `real`. */
  void supervisor(String script) {
    Path supervisor = home.resolve("bin/pinfold-supervisor");
    Path real = home.resolve("bin/real");
    try {
      if (!Files.exists(real)) {
        Files.copy(supervisor, real, StandardCopyOption.COPY_ATTRIBUTES);
      }
      Files.writeString(supervisor, script);
    } catch (IOException e) {
      throw new AssertionError("cannot replace " + supervisor, e);
    }
  }

  /** Replaces a text in the classes of one room. */
  OtherRelease replacing(String room, String classes, String text, String other) {
    Path jar = home.resolve("lib/pinfold-" + room + "-" + RELEASE + ".jar");
    Path made = home.resolve("lib/made");
    try (ZipInputStream in = new ZipInputStream(Files.newInputStream(jar));
        ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(made))) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        out.putNextEntry(new ZipEntry(entry.getName()));
        copy(in, out, entry.getName().startsWith(classes), text, other);
      }
    } catch (IOException e) {
      throw new AssertionError("cannot change " + jar, e);
    }
    try {
      Files.delete(jar);
      Files.move(made, jar);
    } catch (IOException e) {
      throw new AssertionError("cannot replace " + jar, e);
    }
    return this;
  }

  private static void copy(
      InputStream in, OutputStream out, boolean change, String text, String other)
      throws IOException {
    String bytes = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    out.write((change ? bytes.replace(text, other) : bytes).getBytes(StandardCharsets.ISO_8859_1));
  }
}
