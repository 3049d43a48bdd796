package pinfold.cli;

import java.util.Locale;
import java.util.Optional;
import pinfold.contract.Call;
import pinfold.contract.Exit;
import pinfold.contract.Records;
import pinfold.contract.Reply;
import pinfold.contract.WaitFor;
import pinfold.contract.WaitOutcome;

/** {@code pinfold wait}. */
final class WaitVerb implements Verb {
  @Override
  public void describe(Usage usage) {
    usage
        .summary("wait until services are ready, stopped or completed")
        .services(true)
        .value("STATE", "ready (default), stopped or completed", "--for")
        .example("pinfold wait api --timeout 30s", "0: ready, 1: it failed, 75: not in time")
        .example(
            "pinfold wait migrate --for completed", "the command's own exit code when it failed");
  }

  @Override
  public int run(Invocation call) {
    WaitFor condition = condition(call.value("--for").orElse("ready"));
    try (Client client = Client.need(call.places().controlSocket())) {
      Reply.Waited reply =
          client.call(
              new Call.Wait(call.target(), condition, call.timeout()),
              Reply.Waited.class,
              Optional.empty());
      if (call.json()) {
        call.print(Records.write(reply));
      }
      int code = Exit.OK.code();
      for (WaitOutcome outcome : reply.services()) {
        if (!outcome.met()) {
          call.say(
              Text.line(
                  outcome.project()
                      + "/"
                      + outcome.name()
                      + ": "
                      + outcome.reason().orElse("failed")));
          code = Math.max(code, failed(outcome, condition));
        }
      }
      return code;
    }
  }

  /** What was to complete and did not, lends its own exit code. */
  private static int failed(WaitOutcome outcome, WaitFor condition) {
    return condition == WaitFor.COMPLETED
        ? outcome.exit().map(Ends::code).filter(code -> code != 0).orElse(Exit.FAILED.code())
        : Exit.FAILED.code();
  }

  private static WaitFor condition(String word) {
    for (WaitFor condition : WaitFor.values()) {
      if (condition.name().toLowerCase(Locale.ROOT).equals(word)) {
        return condition;
      }
    }
    throw Words.usage("--for takes ready, stopped or completed, not \"" + word + "\"");
  }
}
