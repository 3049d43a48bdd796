package pinfold.cli;

import java.io.IOException;
import pinfold.contract.Call;

/** A verb that changes services which already exist: names in, one operation. */
abstract class ServiceVerb implements Verb {
  /** The call that it makes. */
  abstract Call call(Invocation call);

  /** The supervisor; a verb that starts services starts it, too. */
  Client connect(Invocation call) throws IOException {
    return Supervision.toAct(call);
  }

  @Override
  public int run(Invocation call) throws IOException {
    Call request = call(call);
    try (Client client = connect(call)) {
      return new Operation(call).run(client, request);
    }
  }
}
