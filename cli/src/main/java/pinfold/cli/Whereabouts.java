package pinfold.cli;

import java.nio.file.Path;
import pinfold.contract.Code;
import pinfold.contract.Failure;

/**
 * Where a supervisor and what belongs to it is.
 *
 * @param state the state directory
 */
record Whereabouts(Path state) {
  static Whereabouts of(Console console, boolean system) {
    if (system) {
      throw Failure.of(Code.NOT_PERMITTED, "--sys is not available in this release").exception();
    }
    Path state =
        console
            .variable("PINFOLD_STATE_DIR")
            .map(Path::of)
            .or(() -> console.variable("XDG_STATE_HOME").map(folder -> Path.of(folder, "pinfold")))
            .or(() ->
                console.variable("HOME").map(home -> Path.of(home, ".local", "state", "pinfold")))
            .orElseThrow(() ->
                Failure.of(Code.STATE_UNUSABLE, "neither PINFOLD_STATE_DIR nor HOME is set")
                    .tryNext("PINFOLD_STATE_DIR=DIR pinfold …")
                    .exception());
    return new Whereabouts(console.directory().resolve(state).normalize());
  }

  Path socket() {
    return state.resolve("control.sock");
  }

  Path logs() {
    return state.resolve("logs");
  }
}
