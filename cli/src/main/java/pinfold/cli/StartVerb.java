package pinfold.cli;

import pinfold.contract.Call;
import pinfold.contract.PinfoldException;

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

  /** Starts the supervisor, too, which knows what was stopped; for nothing it does not stay. */
  @Override
  public int run(Invocation call) {
    try (Supervision supervision = Supervision.of(call)) {
      try (Client client = supervision.client()) {
        return new Operation(call).run(client, call(call));
      } catch (PinfoldException e) {
        supervision.undo();
        throw e;
      }
    }
  }

  @Override
  Call call(Invocation call) {
    return new Call.Start(call.target(), call.noWait(), call.timeout());
  }
}
