package pinfold.cli;

import pinfold.contract.Call;

/** {@code pinfold start}. */
final class StartVerb extends ServiceVerb {
  @Override
  public void describe(Usage usage) {
    usage
        .summary("start services and what they depend on")
        .services(true)
        .values("P", "services of this profile, too", "--profile")
        .example("pinfold start api", "start api and its dependencies")
        .example("pinfold start shop/api --no-wait", "do not wait until it is ready");
  }

  @Override
  Client connect(Invocation call) {
    return Supervision.of(call).client();
  }

  @Override
  Call call(Invocation call) {
    return new Call.Start(call.target(), call.noWait(), call.timeout());
  }
}
