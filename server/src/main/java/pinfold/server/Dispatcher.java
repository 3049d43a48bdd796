package pinfold.server;

import java.io.IOException;
import java.util.Optional;
import pinfold.contract.Call;
import pinfold.contract.Code;
import pinfold.contract.Failure;
import pinfold.contract.Interfaces;
import pinfold.contract.Json;
import pinfold.contract.PinfoldException;
import pinfold.contract.VarlinkCall;
import pinfold.contract.VarlinkReply;

/// Takes one call of either interface and sees that it is answered.
final class Dispatcher {
  private static final System.Logger LOG = System.getLogger("server");

  private final Methods methods;
  private final String release;

  /// @param release of this program, for GetInfo
  Dispatcher(Methods methods, String release) {
    this.methods = methods;
    this.release = release;
  }

  /// Answers a call; whatever goes wrong with it is an answer too.
  ///
  /// @throws IOException when the client cannot be answered any more
  /// @throws InterruptedException when the client went away meanwhile
  void answer(VarlinkCall call, Replies replies) throws IOException, InterruptedException {
    try {
      if (call.method().startsWith(VarlinkReply.SERVICE + ".")) {
        replies.write(service(call));
        return;
      }
      Optional<Call> known = Interfaces.call(call);
      if (known.isEmpty()) {
        replies.write(unknown(call.method()));
      } else {
        methods.answer(known.get(), replies);
      }
    } catch (PinfoldException e) {
      replies.write(failed(e.failure()));
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "the call " + call.method() + " failed", e);
      replies.failed(
          Failure.of(Code.BUG, "the supervisor could not answer " + call.method() + ": " + e));
    }
  }

  /// What is wrong with a parameter is told as Varlink has it, so that foreign clients understand
  /// it too.
  private static VarlinkReply failed(Failure failure) {
    Optional<Json> parameter = failure.detail().get("parameter");
    return failure.code().equals(Code.INVALID_PARAMETER.id()) && parameter.isPresent()
        ? VarlinkReply.serviceError("InvalidParameter", Json.object("parameter", parameter.get()))
        : VarlinkReply.failed(failure);
  }

  private static VarlinkReply unknown(String method) {
    String prefix = Call.INTERFACE + ".";
    if (method.startsWith(prefix)) {
      return VarlinkReply.serviceError("MethodNotFound", Json.object("method", Json.of(method)));
    }
    int dot = method.lastIndexOf('.');
    String name = dot < 0 ? method : method.substring(0, dot);
    return VarlinkReply.serviceError("InterfaceNotFound", Json.object("interface", Json.of(name)));
  }

  /// org.varlink.service, as every Varlink service has it.
  private VarlinkReply service(VarlinkCall call) {
    return switch (call.method().substring(VarlinkReply.SERVICE.length() + 1)) {
      case "GetInfo" ->
          reply(
              Json.object("vendor", Json.of("Pinfold"), "product", Json.of("pinfold"))
                  .with("version", Json.of(release))
                  .with("url", Json.of("https://pinfold.io"))
                  .with("interfaces", Json.strings(Interfaces.NAMES)));
      case "GetInterfaceDescription" -> description(call);
      default ->
          VarlinkReply.serviceError(
              "MethodNotFound", Json.object("method", Json.of(call.method())));
    };
  }

  private static VarlinkReply description(VarlinkCall call) {
    if (!(call.parameters().get("interface").orElse(Json.Null.NULL)
        instanceof Json.Str(String name))) {
      return VarlinkReply.serviceError(
          "InvalidParameter", Json.object("parameter", Json.of("interface")));
    }
    return Interfaces.description(name)
        .map(text -> reply(Json.object("description", Json.of(text))))
        .orElseGet(() ->
            VarlinkReply.serviceError(
                "InterfaceNotFound", Json.object("interface", Json.of(name))));
  }

  private static VarlinkReply reply(Json.Obj parameters) {
    return new VarlinkReply(parameters, Optional.empty(), false);
  }
}
