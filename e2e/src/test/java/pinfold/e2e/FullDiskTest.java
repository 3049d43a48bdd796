package pinfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Logs on a file system of two megabytes. */
class FullDiskTest {
  private final Host host = Host.create();
  private boolean mounted;

  @BeforeEach
  void mount() throws Exception {
    Path logs = Files.createDirectories(host.state().resolve("logs"));
    mounted =
        command("mount", "-t", "tmpfs", "-o", "size=2M,mode=0700", "pinfold-test", logs.toString())
            == 0;
    assumeTrue(mounted, "mounting a small file system needs root");
  }

  @AfterEach
  void end() throws Exception {
    host.run("down", "--supervisor");
    if (mounted) {
      assertThat(command("umount", "-l", host.state().resolve("logs").toString())).isZero();
    }
    host.close();
  }

  @Test
  void aFullLogDiskNeverBlocksTheService() {
    host.manifest(
        """
        services:
          a: {command: "head -c 8000000 /dev/zero | tr '\\\\0' x; echo through >through; exec sleep 600"}
        """);
    host.up();
    Until.holds("it wrote four times what there is room for", () -> host.exists("through"));
    assertThat(host.assertConsistent().service("a").is("running")).isTrue();
    Until.holds(
        "it is said",
        () -> host.run("events").toString(),
        () -> host.run("events").out().contains("PF4003: the log of stdout"));
    assertThat(host.run("events").out()).contains("No space left");
  }

  private static int command(String... words) throws IOException, InterruptedException {
    return new ProcessBuilder(words).redirectErrorStream(true).start().waitFor();
  }
}
