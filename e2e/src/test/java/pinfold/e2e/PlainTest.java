package pinfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;

/** The rewriting of classes when the product is assembled changes nothing but how they are made. */
class PlainTest {
  private static final String SAMPLE = "pinfold/e2e/PlainSample";
  private static final List<String> PARTS =
      List.of("", "$Every", "$Nothing", "$Kind", "$Kind$One", "$Kind$Two", "$Kind$Three", "$1");

  private static final Path REWRITER = Path.of("../dist/src/Plain.java").toAbsolutePath();

  @Test
  void rewrittenClassesDoTheSameAndMakeNothingAtRunTime() throws Exception {
    Path folder = Files.createTempDirectory("pinfold-test-plain-");
    Path jar = folder.resolve("pinfold-sample.jar");
    try {
      pack(jar);
      rewritten(folder, jar);
    } finally {
      Files.deleteIfExists(jar);
      Files.delete(folder);
    }
  }

  private static void rewritten(Path folder, Path jar) throws Exception {
    String before = said(jar);
    assertThat(before).contains("Every[truth=true, small=-1").contains("Nothing[]");
    assertThat(calls(jar)).isPositive();

    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                REWRITER.toString(),
                folder.toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();

    assertThat(said(jar)).isEqualTo(before);
    assertThat(calls(jar)).isZero();
  }

  private static void pack(Path jar) throws IOException {
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file)) {
      for (String part : PARTS) {
        String name = SAMPLE + part + ".class";
        try (InputStream in = PlainTest.class.getClassLoader().getResourceAsStream(name)) {
          if (in != null) {
            out.putNextEntry(new JarEntry(name));
            in.transferTo(out);
          }
        }
      }
    }
  }

  private static String said(Path jar) throws Exception {
    URL[] only = {jar.toUri().toURL()};
    try (URLClassLoader loader = new URLClassLoader(only, ClassLoader.getPlatformClassLoader())) {
      Class<?> sample = loader.loadClass(SAMPLE.replace('/', '.'));
      return ((Supplier<?>) sample.getConstructor().newInstance()).get().toString();
    }
  }

  /** Call sites that make a class of their own: of switches over types and of records' methods. */
  private static long calls(Path jar) throws IOException {
    long calls = 0;
    try (JarFile file = new JarFile(jar.toFile())) {
      for (JarEntry entry : file.stream().toList()) {
        try (InputStream in = file.getInputStream(entry)) {
          calls +=
              ClassFile.of().parse(in.readAllBytes()).methods().stream()
                  .flatMap(method -> method.code().stream())
                  .flatMap(code -> code.elementStream())
                  .filter(e ->
                      e instanceof InvokeDynamicInstruction call
                          && call.bootstrapMethod()
                              .owner()
                              .displayName()
                              .matches("SwitchBootstraps|ObjectMethods"))
                  .count();
        }
      }
    }
    return calls;
  }
}
