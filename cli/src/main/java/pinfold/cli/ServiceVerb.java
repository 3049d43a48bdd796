package pinfold.cli;

import java.io.IOException;
import pinfold.contract.Call;

/** A verb that changes services which already exist: names in, one operation. */
abstract class ServiceVerb implements Verb {
  /** The call that it makes. */
  abstract Call call(Invocation call);

  @Override
  public int run(Invocation call) throws IOException {
    Call request = call(call);
    try (Client client = Supervision.toAct(call)) {
      return new Operation(call).run(client, request);
    }
  }
}
