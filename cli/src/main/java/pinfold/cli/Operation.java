package pinfold.cli;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import pinfold.contract.Call;
import pinfold.contract.Exit;
import pinfold.contract.Failure;
import pinfold.contract.Json;
import pinfold.contract.OperationView;
import pinfold.contract.Records;
import pinfold.contract.Reply;

/**
 * Calls that change something: their progress while they go on, their end, and what an interruption
 * leaves behind.
 */
final class Operation {
  private final Invocation call;
  private final AtomicReference<String> id = new AtomicReference<>("");
  private final Set<String> names = new LinkedHashSet<>(); // the last reply repeats the first's
  private volatile boolean left;

  Operation(Invocation call) {
    this.call = call;
  }

  /** Its id; empty before the supervisor has taken it. */
  String id() {
    return id.get();
  }

  /** Services that it made. */
  List<String> names() {
    return List.copyOf(names);
  }

  /**
   * Makes the call and follows it to its end.
   *
   * @return its result; empty with {@code --no-wait}
   * @throws pinfold.contract.PinfoldException how it failed
   */
  Optional<OperationView> follow(Client client, Call request) {
    ProgressView view = new ProgressView(call);
    try (Interruption _ = Interruption.on(() -> interrupted(view))) {
      return follow(client, request, view);
    } finally {
      view.end();
    }
  }

  /** The same for a command that deals with Ctrl-C itself, shown where others are shown, too. */
  Optional<OperationView> follow(Client client, Call request, ProgressView view) {
    AtomicReference<Optional<OperationView>> result = new AtomicReference<>(Optional.empty());
    client.stream(
        request,
        Reply.Operated.class,
        Optional.of(Client.TAKEN),
        reply -> {
          id.set(reply.operation());
          if (left) {
            client.close();
          }
          names.addAll(reply.names());
          if (!reply.changes().isEmpty()) {
            view.above(Changes.render(reply.changes(), call.style(call.console().err())));
          }
          reply.progress().ifPresent(view::show);
          if (reply.result().isPresent()) {
            result.set(reply.result());
          }
        });
    return result.get();
  }

  /**
   * Ends the waiting of {@link #follow} as soon as the supervisor has taken the call: one that it
   * has not taken could come after what is asked for next. Any thread may call.
   */
  void leave(Client client) {
    left = true;
    if (!id().isEmpty()) {
      client.close();
    }
  }

  /** {@link #follow}, then what there is to say; the exit code. */
  int run(Client client, Call request) {
    Optional<OperationView> result = follow(client, request);
    if (result.isEmpty()) {
      accepted();
      return Exit.OK.code();
    }
    if (call.json()) {
      call.print(Records.write(result.get()));
    }
    return code(result.get());
  }

  /** Says where to look for an operation that goes on. */
  void accepted() {
    if (call.json()) {
      call.print(Json.object("operation", Json.of(id())));
    } else {
      call.say("operation " + id() + " goes on; follow it with: pinfold ops show " + id());
    }
  }

  /** How a command ends whose operation ended like this; says what went wrong. */
  int code(OperationView result) {
    for (Failure failure : result.failures()) {
      call.console().err().print(FailureText.render(failure, call.style(call.console().err())));
    }
    return switch (result.state()) {
      case DONE -> Exit.OK.code();
      case RUNNING -> Exit.RETRY.code();
      case FAILED, CANCELLED, INTERRUPTED -> {
        if (result.failures().isEmpty()) {
          String word = result.state().name().toLowerCase(Locale.ROOT);
          call.console()
              .err()
              .line(
                  "operation "
                      + result.operation()
                      + " "
                      + word
                      + ": "
                      + Text.line(result.stage()));
        }
        yield result.failures().isEmpty()
            ? Exit.FAILED.code()
            : result.failures().getFirst().exit().code();
      }
    };
  }

  private int interrupted(ProgressView view) {
    view.end();
    detached();
    return Exit.INTERRUPTED.code();
  }

  /** Says that it goes on without this command. */
  void detached() {
    String goesOn =
        id().isEmpty()
            ? "detached before the supervisor took the request"
            : "detached; operation "
                + id()
                + " goes on in the supervisor\n  try: pinfold ops show "
                + id()
                + "\n       pinfold status --watch";
    call.console().err().line(goesOn);
    call.console().err().flush();
  }
}
