package pinfold.cli;

import pinfold.contract.Call;

/** {@code pinfold reload}. */
final class ReloadVerb extends ServiceVerb {
  @Override
  public void describe(Usage usage) {
    usage
        .summary("send services their reload signal")
        .services(true)
        .example("pinfold reload nginx", "HUP, or what reload_signal says")
        .example("pinfold reload web api", "several");
  }

  @Override
  Call call(Invocation call) {
    return new Call.Reload(call.target(), call.noWait(), call.timeout());
  }
}
