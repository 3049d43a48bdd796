package pinfold.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import pinfold.contract.Call;
import pinfold.contract.Code;
import pinfold.contract.Exit;
import pinfold.contract.Failure;
import pinfold.contract.Json;
import pinfold.contract.OperationView;
import pinfold.contract.PinfoldException;
import pinfold.contract.Records;

/**
 * The operations of several projects at once, each on a connection of its own: none waits for
 * another. {@link #leave} may come from another thread and ends the waiting.
 */
final class Together implements AutoCloseable {
  /** One operation and how the waiting for it ended. */
  private static final class Part {
    final Operation operation;
    final Client client;
    final Call request;
    Optional<OperationView> result = Optional.empty();
    Optional<PinfoldException> failure = Optional.empty();

    Part(Operation operation, Client client, Call request) {
      this.operation = operation;
      this.client = client;
      this.request = request;
    }

    void follow(ProgressView view) {
      try {
        result = operation.follow(client, request, view);
      } catch (PinfoldException e) {
        failure = Optional.of(e);
      }
    }
  }

  private final Invocation call;
  private final List<Part> parts = new CopyOnWriteArrayList<>();

  /**
   * @param connect gives a connection of its own each time; closed with this
   */
  Together(Invocation call, Supplier<Client> connect, List<? extends Call> requests) {
    this.call = call;
    requests.forEach(request -> parts.add(new Part(new Operation(call), connect.get(), request)));
  }

  /**
   * Follows all to their ends; the first Ctrl-C detaches from all.
   *
   * @return their results; fewer than there are requests with {@code --no-wait}
   * @throws PinfoldException the first failure, when all have ended
   */
  List<OperationView> follow() {
    ProgressView view = new ProgressView(call);
    try (Interruption _ = Interruption.on(() -> detached(view))) {
      return follow(view);
    }
  }

  /** The same for a command that deals with Ctrl-C itself. */
  List<OperationView> followUninterrupted() {
    return follow(new ProgressView(call));
  }

  private List<OperationView> follow(ProgressView view) {
    List<Thread> threads = new ArrayList<>();
    for (Part part : parts) {
      threads.add(
          Thread.ofPlatform().daemon().name("pinfold-project").start(() -> part.follow(view)));
    }
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PinfoldException(Failure.of(Code.CANCELLED, "interrupted while waiting"), e);
    } finally {
      view.end();
    }
    Optional<PinfoldException> first = Optional.empty();
    for (Part part : parts) {
      if (first.isPresent() && part.failure.isPresent()) {
        first.get().addSuppressed(part.failure.get());
      }
      first = first.or(() -> part.failure);
    }
    if (first.isPresent()) {
      throw first.get();
    }
    return parts.stream().flatMap(part -> part.result.stream()).toList();
  }

  /** Says where to look for operations that go on. */
  void accepted() {
    if (call.json() && parts.size() > 1) {
      call.print(
          Json.object(
              "operations",
              Json.strings(parts.stream().map(part -> part.operation.id()).toList())));
    } else {
      parts.forEach(part -> part.operation.accepted());
    }
  }

  /** Prints results as JSON: one by itself, several below {@code operations}. */
  void print(List<OperationView> results) {
    List<Json.Obj> all = results.stream().<Json.Obj>map(Records::write).toList();
    call.print(all.size() == 1 ? all.getFirst() : Json.object("operations", Json.array(all)));
  }

  /** How a command ends whose operations ended like this; says what went wrong. */
  int code(List<OperationView> results) {
    int worst = Exit.OK.code();
    for (OperationView result : results) {
      worst = Math.max(worst, new Operation(call).code(result));
    }
    return worst;
  }

  /** Ends the waiting for each as soon as the supervisor has taken it. */
  void leave() {
    parts.forEach(part -> part.operation.leave(part.client));
  }

  private int detached(ProgressView view) {
    view.end();
    parts.forEach(part -> part.operation.detached());
    return Exit.INTERRUPTED.code();
  }

  @Override
  public void close() {
    parts.forEach(part -> part.client.close());
  }
}
