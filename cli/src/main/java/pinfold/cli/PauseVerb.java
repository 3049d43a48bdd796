package pinfold.cli;

import pinfold.contract.Call;

/** {@code pinfold pause}. */
final class PauseVerb extends ServiceVerb {
  @Override
  public void describe(Usage usage) {
    usage
        .summary("stop the processes of services where they are")
        .services(true)
        .example("pinfold pause worker", "freeze it")
        .example("pinfold resume worker", "let it go on");
  }

  @Override
  Call call(Invocation call) {
    return new Call.Pause(call.target(), call.noWait(), call.timeout());
  }
}
