package pinfold.cli;

import java.util.Optional;
import pinfold.contract.Call;

/** {@code pinfold stop}. */
final class StopVerb extends ServiceVerb {
  @Override
  public void describe(Usage usage) {
    usage
        .summary("stop services until they are started explicitly")
        .services(true)
        .value("D", "time between stop_signal and KILL, instead of stop_timeout", "--timeout")
        .example("pinfold stop api", "stop all instances of api")
        .example("pinfold stop api.2 --timeout 30s", "one instance, patiently");
  }

  @Override
  Call call(Invocation call) {
    return new Call.Stop(
        call.target(), call.duration("--timeout"), call.noWait(), Optional.empty());
  }
}
