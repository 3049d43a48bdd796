package pinfold.server;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.zip.CRC32C;
import pinfold.contract.Call;
import pinfold.contract.Code;
import pinfold.contract.Event;
import pinfold.contract.Failure;
import pinfold.contract.Inspection;
import pinfold.contract.JsonText;
import pinfold.contract.PinfoldException;
import pinfold.contract.Records;
import pinfold.contract.Reply;
import pinfold.contract.ServiceStatus;
import pinfold.contract.Target;
import pinfold.contract.WaitOutcome;
import pinfold.core.ApplyOptions;
import pinfold.core.Changes;
import pinfold.core.Command;
import pinfold.core.OperationId;
import pinfold.core.Project;
import pinfold.core.Unit;
import pinfold.core.UnitName;
import pinfold.core.World;
import pinfold.linux.Signal;
import pinfold.manifest.Canonical;
import pinfold.manifest.Manifest;
import pinfold.manifest.Service;
import pinfold.manifest.ServiceName;
import pinfold.state.PastEvents;
import pinfold.supervisor.Bell;
import pinfold.supervisor.Metrics;
import pinfold.supervisor.Operations;
import pinfold.supervisor.StatusView;
import pinfold.supervisor.Supervisor;
import pinfold.supervisor.Targets;

/// What each method of io.pinfold.Supervisor does. Any thread; answers may block for as long as the
/// client waits.
final class Methods {
  /// A watched status is sent at most this often.
  private static final Duration WATCH = Duration.ofMillis(250);

  /// So many events are told at least when there are, unless a time is given.
  private static final int RECENT = 256;

  /// Of the interface io.pinfold.Supervisor; changes when a client of before cannot go on.
  private static final int PROTOCOL = 1;

  private final Supervisor supervisor;
  private final Optional<Path> product;

  /// @param product folder of this supervisor's product; empty when it is not known
  Methods(Supervisor supervisor, Optional<Path> product) {
    this.supervisor = supervisor;
    this.product = product;
  }

  void answer(Call call, Replies replies) throws IOException, InterruptedException {
    switch (call) {
      case Call.Up up -> up(up, replies);
      case Call.Diff diff -> diff(diff, replies);
      case Call.Down(Target target, boolean noWait, var timeout) ->
          change("down", target, units -> new Command.Down(units, false), noWait, timeout, replies);
      case Call.Start(Target target, boolean noWait, var timeout) ->
          change("start", target, Command.Start::new, noWait, timeout, replies);
      case Call.Stop(Target target, var patience, boolean noWait, var timeout) ->
          change(
              "stop", target, units -> new Command.Stop(units, patience), noWait, timeout, replies);
      case Call.Restart(Target target, boolean cascade, boolean noWait, var timeout) ->
          change(
              "restart",
              target,
              units -> new Command.Restart(units, cascade),
              noWait,
              timeout,
              replies);
      case Call.Reload(Target target, boolean noWait, var timeout) ->
          change("reload", target, Command.Reload::new, noWait, timeout, replies);
      case Call.Kill(Target target, String name) -> {
        int signal = signal(name);
        change(
            "kill",
            target,
            units -> new Command.Kill(units, signal),
            false,
            Optional.empty(),
            replies);
      }
      case Call.Pause(Target target, boolean noWait, var timeout) ->
          change("pause", target, Command.Pause::new, noWait, timeout, replies);
      case Call.Resume(Target target, boolean noWait, var timeout) ->
          change("resume", target, Command.Resume::new, noWait, timeout, replies);
      case Call.Status(Target target, boolean finished) -> replies.last(status(target, finished));
      case Call.Watch(Target target, boolean finished) -> watch(target, finished, replies);
      case Call.Wait wait -> wait(wait, replies);
      case Call.Inspect(Target target) -> replies.last(inspect(target));
      case Call.Why(Target service) -> replies.last(why(service));
      case Call.Events events -> events(events, replies);
      case Call.Operations(boolean finished) ->
          replies.last(new Reply.Ops(supervisor.operations().list(finished)));
      case Call.Operation(String id) -> operation(id, replies);
      case Call.Cancel(String id) -> cancel(id, replies);
      case Call.Version() -> replies.last(version());
      case Call.Shutdown(boolean services) -> shutdown(services, replies);
      case Call.Run run -> run(run, replies);
      case Call.Upgrade(List<String> command) -> upgrade(command, replies);
      case Call.RunAttached run -> new SessionMethods(supervisor).run(run, replies);
      case Call.Exec exec -> new SessionMethods(supervisor).exec(exec, replies);
      case Call.Attach attach -> new SessionMethods(supervisor).attach(attach, replies);
    }
  }

  private interface Ask {
    Command about(SortedSet<UnitName> units);
  }

  private void change(
      String kind,
      Target target,
      Ask ask,
      boolean noWait,
      Optional<Duration> timeout,
      Replies replies)
      throws IOException, InterruptedException {
    SortedSet<UnitName> units = Targets.change(supervisor.world(), target);
    Operations.Entry operation = supervisor.request(kind, units, ask.about(units));
    new Following(replies).follow(operation, List.of(), List.of(), noWait, timeout);
  }

  private void up(Call.Up up, Replies replies) throws IOException, InterruptedException {
    Manifest manifest = Manifests.project(up.manifest());
    ApplyOptions options =
        options(
            up.projects(), up.names(), up.profiles(), up.recreate(), !up.keepRemoved(), up.adopt());
    Changes changes = changes(manifest, options);
    String project = manifest.project().text();
    supervisor.environment(project, up.environment());
    List<UnitName> units =
        changes.changes().stream().map(c -> UnitName.of(c.project(), c.name())).toList();
    Operations.Entry operation =
        supervisor.request(
            "up", units, new Command.Apply(manifest, JsonText.write(up.manifest()), options));
    new Following(replies)
        .follow(operation, changes.changes(), List.of(), up.noWait(), up.timeout());
  }

  private void diff(Call.Diff diff, Replies replies) throws IOException {
    ApplyOptions options =
        options(
            diff.projects(),
            diff.names(),
            diff.profiles(),
            diff.recreate(),
            !diff.keepRemoved(),
            diff.adopt());
    Changes changes = changes(Manifests.project(diff.manifest()), options);
    replies.last(new Reply.Differences(changes.changes()));
  }

  private Changes changes(Manifest manifest, ApplyOptions options) {
    Changes changes = Changes.between(supervisor.world(), manifest, options);
    if (changes.refused().isPresent()) {
      throw changes.refused().get().exception();
    }
    return changes;
  }

  /// Names of `up` are short; with an instance it is the service that is meant.
  private static ApplyOptions options(
      List<String> projects,
      List<String> names,
      List<String> profiles,
      boolean recreate,
      boolean remove,
      boolean adopt) {
    SortedSet<ServiceName> only = new TreeSet<>();
    for (String name : names) {
      String service = name.substring(name.indexOf('/') + 1);
      int dot = service.indexOf('.');
      String text = dot < 0 ? service : service.substring(0, dot);
      if (!ServiceName.valid(text)) {
        throw PinfoldException.of(Code.NO_SUCH_SERVICE, "there is no service \"" + name + "\"");
      }
      only.add(new ServiceName(text));
    }
    // Who names services means these, and not what is gone.
    boolean removing = remove && only.isEmpty();
    return new ApplyOptions(
        only,
        new TreeSet<>(profiles),
        recreate,
        removing,
        adopt,
        false,
        removing ? new TreeSet<>(projects) : Set.of());
  }

  private void run(Call.Run run, Replies replies) throws IOException, InterruptedException {
    Service service = Manifests.service(run.name().orElseGet(this::freeName), run.service());
    UnitName unit = new UnitName(UnitName.RUN, service.name());
    supervisor.environment(unit, run.environment());
    Operations.Entry operation =
        supervisor.request("run", List.of(unit), new Command.Run(service, run.remove()));
    new Following(replies)
        .follow(operation, List.of(), List.of(service.name().text()), run.noWait(), run.timeout());
  }

  private String freeName() {
    World world = supervisor.world();
    for (int i = 1; ; i++) {
      String name = "run-" + i;
      if (world.unit(UnitName.of(UnitName.RUN, name)).isEmpty()) {
        return name;
      }
    }
  }

  private static int signal(String name) {
    return Signal.named(name)
        .map(Signal::number)
        .orElseThrow(
            () -> PinfoldException.of(Code.NO_SUCH_SIGNAL, "there is no signal \"" + name + "\""));
  }

  private Reply.Status status(Target target, boolean finished) {
    World world = supervisor.world();
    SortedSet<UnitName> units = Targets.read(world, target);
    return new Reply.Status(
        1,
        Optional.of(supervisor.status()),
        StatusView.of(world, units, finished || !target.names().isEmpty(), Metrics.read()));
  }

  private void watch(Target target, boolean finished, Replies replies)
      throws IOException, InterruptedException {
    if (!replies.more()) {
      throw PinfoldException.of(Code.BAD_MESSAGE, "Watch needs more");
    }
    Bell bell = supervisor.changed();
    List<ServiceStatus> told = List.of();
    while (true) {
      long seen = bell.count();
      Reply.Status status = status(target, finished);
      if (told.isEmpty() || !status.services().equals(told)) {
        replies.next(status);
        told = status.services();
      }
      bell.await(seen, Long.MAX_VALUE);
      Thread.sleep(WATCH);
    }
  }

  private void wait(Call.Wait wait, Replies replies) throws IOException, InterruptedException {
    SortedSet<UnitName> units = Targets.change(supervisor.world(), wait.target());
    long end = wait.timeout().map(t -> System.nanoTime() + t.toNanos()).orElse(0L);
    Bell bell = supervisor.changed();
    while (true) {
      long seen = bell.count();
      Optional<List<WaitOutcome>> outcomes =
          Waiting.decided(supervisor.world(), units, wait.condition());
      if (outcomes.isPresent()) {
        replies.last(new Reply.Waited(outcomes.get()));
        return;
      }
      long left = wait.timeout().isPresent() ? end - System.nanoTime() : Long.MAX_VALUE;
      if (left <= 0) {
        throw Failure.of(
                Code.TIMED_OUT, "not " + Records.word(wait.condition()) + " within the time given")
            .tryNext("pinfold status")
            .exception();
      }
      bell.await(seen, left);
    }
  }

  private Reply.Inspected inspect(Target target) {
    World world = supervisor.world();
    List<Inspection> all = new ArrayList<>();
    for (UnitName name : Targets.read(world, target)) {
      world.unit(name).ifPresent(unit -> all.add(inspection(world, unit)));
    }
    return new Reply.Inspected(all);
  }

  private Inspection inspection(World world, Unit unit) {
    String project = unit.name().project();
    List<String> dependencies =
        unit.service().dependsOn().stream().map(d -> project + "/" + d.service()).toList();
    return new Inspection(
        StatusView.of(unit, Metrics.read()),
        world.project(project).map(Project::file),
        Canonical.json(unit.service()),
        revision(unit),
        dependencies,
        unit.dependents().stream().map(UnitName::toString).toList(),
        supervisor.paths(unit.name()));
  }

  /// Tells one specification from another.
  private static String revision(Unit unit) {
    CRC32C sum = new CRC32C();
    sum.update(JsonText.bytes(Canonical.json(unit.service())));
    return Long.toHexString(sum.getValue());
  }

  private Reply.Explained why(Target target) {
    World world = supervisor.world();
    UnitName name = Targets.one(world, target);
    Unit unit = world.unit(name).orElseThrow();
    ServiceStatus status = StatusView.of(unit, _ -> Optional.empty());
    String summary = Records.word(status.state()) + status.reason().map(r -> ": " + r).orElse("");
    return new Reply.Explained(
        name.project(), name.service().text(), summary, supervisor.causes(name));
  }

  private void events(Call.Events events, Replies replies)
      throws IOException, InterruptedException {
    Set<UnitName> units = new HashSet<>(Targets.read(supervisor.world(), events.target()));
    boolean all = events.target().names().isEmpty() && events.target().project().isEmpty();
    Predicate<Event> wanted = event -> all || concerns(event, units);
    Bell bell = supervisor.happenings().bell();
    long seen = bell.count();
    List<Event> later = supervisor.happenings().remembered(-1);
    List<Event> told = new ArrayList<>(before(events.since(), later, wanted));
    long last = -1;
    while (true) {
      for (Event event : later) {
        last = event.seq();
        boolean late = events.since().isEmpty() || event.time().isAfter(events.since().get());
        if (late && wanted.test(event)) {
          told.add(event);
        }
      }
      if (!events.follow()) {
        replies.last(new Reply.Happened(told));
        return;
      }
      if (!told.isEmpty()) {
        replies.next(new Reply.Happened(told));
      }
      bell.await(seen, Long.MAX_VALUE);
      seen = bell.count();
      later = supervisor.happenings().after(last);
      told = new ArrayList<>();
    }
  }

  /// What is not in memory any more, or never was: this supervisor's memory begins at its start.
  /// Without a time, where it has not seen much yet, the last that earlier ones saw.
  private List<Event> before(
      Optional<Instant> since, List<Event> remembered, Predicate<Event> wanted) {
    PastEvents past = supervisor.happenings().past();
    long first = remembered.isEmpty() ? Long.MAX_VALUE : remembered.getFirst().seq();
    if (since.isEmpty()) {
      return past.newest(Math.max(0, RECENT - remembered.size()), first, wanted);
    }
    boolean known = !remembered.isEmpty() && !remembered.getFirst().time().isAfter(since.get());
    return known ? List.of() : past.since(since.get(), first, wanted);
  }

  private static boolean concerns(Event event, Set<UnitName> units) {
    return event.project().isPresent()
        && event.name().isPresent()
        && units.contains(UnitName.of(event.project().get(), event.name().get()));
  }

  private void operation(String id, Replies replies) throws IOException, InterruptedException {
    Operations.Entry entry = entry(id);
    if (!replies.more()) {
      replies.last(
          new Reply.Operated(
              id, List.of(), Optional.empty(), Optional.of(entry.view()), List.of()));
      return;
    }
    new Following(replies).follow(entry, List.of(), List.of(), false, Optional.empty());
  }

  private Operations.Entry entry(String id) {
    return supervisor
        .operations()
        .find(id)
        .orElseThrow(() ->
            Failure.of(Code.NO_SUCH_OPERATION, "there is no operation " + id)
                .tryNext("pinfold ops ls")
                .exception());
  }

  private void cancel(String id, Replies replies) throws IOException {
    if (entry(id).over()) {
      throw PinfoldException.of(Code.OPERATION_OVER, "operation " + id + " has already ended");
    }
    supervisor.cancel(new OperationId(id));
    replies.last(new Reply.Done());
  }

  private Reply.Release version() {
    return new Reply.Release(
        supervisor.status().release(),
        supervisor.status().pid(),
        supervisor.status().keeperPid(),
        supervisor.status().since(),
        Runtime.version().toString(),
        PROTOCOL,
        product.map(Path::toString));
  }

  private void shutdown(boolean services, Replies replies)
      throws IOException, InterruptedException {
    List<Unit> live =
        supervisor.world().units().stream().filter(unit -> StatusView.live(unit.state())).toList();
    if (!services && !live.isEmpty()) {
      throw Failure.of(Code.BUSY, live.size() + " services run")
          .tryNext("pinfold down --all --supervisor")
          .exception();
    }
    new Following(replies)
        .follow(supervisor.shutDown(), List.of(), List.of(), false, Optional.empty());
  }

  private void upgrade(List<String> command, Replies replies) throws IOException {
    if (!command.isEmpty() && !command.getFirst().startsWith("/")) {
      throw PinfoldException.of(
          Code.INVALID_PARAMETER, "the command of the next supervisor has to be an absolute path");
    }
    replies.last(new Reply.Done());
    supervisor.replace(command);
  }
}
