package pinfold.cli;

import pinfold.contract.Call;

/** {@code pinfold resume}. */
final class ResumeVerb extends ServiceVerb {
  @Override
  public void describe(Usage usage) {
    usage
        .summary("let paused services go on")
        .services(true)
        .example("pinfold resume worker", "let it go on")
        .example("pinfold resume worker api", "several");
  }

  @Override
  Call call(Invocation call) {
    return new Call.Resume(call.target(), call.noWait(), call.timeout());
  }
}
