package pinfold.cli;

import pinfold.contract.Call;

/** {@code pinfold restart}. */
final class RestartVerb extends ServiceVerb {
  @Override
  public void describe(Usage usage) {
    usage
        .summary("stop and start services; starts what they need, too")
        .services(true)
        .flag("services that depend on them, too", "--cascade")
        .example("pinfold restart api", "restart api")
        .example("pinfold restart db --cascade", "and everything that needs db");
  }

  @Override
  Call call(Invocation call) {
    return new Call.Restart(call.target(), call.flag("--cascade"), call.noWait(), call.timeout());
  }
}
