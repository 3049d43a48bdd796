package pinfold.cli;

import pinfold.contract.Call;

/** A verb that changes services which already exist: names in, one operation. */
abstract class ServiceVerb implements Verb {
  /** The call that it makes. */
  abstract Call call(Invocation call);

  @Override
  public int run(Invocation call) {
    Call request = call(call);
    try (Client client = Client.need(call.places().socket())) {
      return new Operation(call).run(client, request);
    }
  }
}
