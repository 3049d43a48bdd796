package pinfold.e2e;

import org.junit.jupiter.api.AfterEach;

/** A test with a host of its own. */
abstract class Scenario {
  final Host host = Host.create();

  @AfterEach
  final void end() {
    host.close();
  }
}
