package pinfold.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/// What the other tests rely on.
class BenchTest {
  @Test
  void nothingOutlivesATestThatWasKilled() throws IOException {
    Process test = new ProcessBuilder("sleep", "1000").start();
    Bench bench = Bench.start(test.toHandle());
    int keeper = bench.keeperPid();
    int service;
    try {
      bench.up("project: left\nservices:\n  one: {command: sleep 600}\n");
      service = bench.pid("one");
    } finally {
      test.destroyForcibly();
    }
    bench.ended(keeper);
    assertThat(Bench.alive(service)).isFalse();
  }
}
