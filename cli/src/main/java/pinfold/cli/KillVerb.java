package pinfold.cli;

import pinfold.contract.Call;

/** {@code pinfold kill}. */
final class KillVerb extends ServiceVerb {
  @Override
  public void describe(Usage usage) {
    usage
        .summary("send a signal to every process of services")
        .services(true)
        .value("SIGNAL", "signal by name or number (default: KILL)", "-s", "--signal")
        .example("pinfold kill api", "KILL; it restarts if its policy says so")
        .example("pinfold kill -s USR1 api", "another signal");
  }

  @Override
  Call call(Invocation call) {
    return new Call.Kill(call.target(), call.value("--signal").orElse("KILL"));
  }
}
