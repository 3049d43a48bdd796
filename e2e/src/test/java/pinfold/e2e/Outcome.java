package pinfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/** How one command of the product ended. */
record Outcome(List<String> command, int exit, String out, String err) {

  Outcome exits(int expected) {
    assertThat(exit).as("exit code of %s", this).isEqualTo(expected);
    return this;
  }

  List<String> lines() {
    return out.lines().toList();
  }

  @Override
  public String toString() {
    return "%s%n--- stdout%n%s%n--- stderr%n%s%n---".formatted(String.join(" ", command), out, err);
  }
}
