package pinfold.server;

import java.io.IOException;
import java.time.Duration;
import pinfold.linux.Pidfd;
import pinfold.linux.ProcessIdentity;

/// The supervisor of a [Bench]: the product's, whose keeper is told to end when the test that
/// started it is gone.
final class BenchMain {
  private static final Duration EVER = Duration.ofDays(1000);

  private BenchMain() {}

  /// Runs as [Main] does.
  ///
  /// @param words boot id, pid and start time of the test's process, as in [#words]
  public static void main(String[] words) {
    ProcessIdentity test =
        new ProcessIdentity(words[0], Integer.parseInt(words[1]), Long.parseLong(words[2]), 0);
    ProcessHandle keeper = ProcessHandle.current().parent().orElseThrow();
    Thread.ofPlatform().daemon().name("test's end").start(() -> endAfter(test, keeper));
    Main.main(new String[0]);
  }

  static String words(ProcessIdentity test) {
    return test.bootId() + " " + test.pid() + " " + test.startTicks();
  }

  /// TERM to the keeper is told to its supervisor, which stops everything.
  private static void endAfter(ProcessIdentity test, ProcessHandle keeper) {
    try (Pidfd process = Pidfd.open(test)) {
      process.await(EVER);
    } catch (IOException e) {
      System.err.println("the test is gone: " + e.getMessage());
    }
    keeper.destroy();
  }
}
