package pinfold.supervisor;

import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import pinfold.contract.Cause;
import pinfold.contract.SupervisorStatus;
import pinfold.core.Command;
import pinfold.core.Event;
import pinfold.core.OperationId;
import pinfold.core.Unit;
import pinfold.core.UnitName;
import pinfold.core.World;
import pinfold.linux.Chance;
import pinfold.linux.Keeper;
import pinfold.linux.KeeperEvent;
import pinfold.logs.LogSource;
import pinfold.logs.LogStream;
import pinfold.state.CausalChain;

/// The supervisor as its server sees it. Any thread.
public final class Supervisor {
  private static final System.Logger LOG = System.getLogger("supervisor");

  private final CoreLoop loop;
  private final Operations operations;
  private final Happenings happenings;
  private final Callers callers;
  private final Setting setting;
  private final SupervisorStatus status;
  private final Keeper keeper;
  private final List<KeeperEvent.Held> held;
  private final Lanes<Object> lanes;
  private final CompletableFuture<Ending> ending;
  private final CompletableFuture<Sessions> sessions = new CompletableFuture<>();

  Supervisor(
      CoreLoop loop,
      Operations operations,
      Happenings happenings,
      Callers callers,
      Setting setting,
      SupervisorStatus status,
      Keeper keeper,
      List<KeeperEvent.Held> held,
      Lanes<Object> lanes,
      CompletableFuture<Ending> ending) {
    this.loop = loop;
    this.operations = operations;
    this.happenings = happenings;
    this.callers = callers;
    this.setting = setting;
    this.status = status;
    this.keeper = keeper;
    this.held = held;
    this.lanes = lanes;
    this.ending = ending;
  }

  /// Everything that is known now.
  public World world() {
    return loop.world();
  }

  /// Rings when [#world] changed.
  public Bell changed() {
    return loop.changed();
  }

  /// Commands beside services.
  public Sessions sessions() {
    return sessions.join();
  }

  void sessions(Sessions these) {
    sessions.complete(these);
  }

  /// Requests under way and the last ones that ended.
  public Operations operations() {
    return operations;
  }

  /// The last events.
  public Happenings happenings() {
    return happenings;
  }

  /// What led a unit to where it is, whichever supervisor saw it; the first cause first.
  public List<Cause> causes(UnitName unit) {
    CausalChain chain = new CausalChain(unit.toString());
    List<pinfold.contract.Event> remembered = happenings.remembered(-1);
    boolean more = true;
    for (int i = remembered.size() - 1; i >= 0 && more; i--) {
      more = chain.take(remembered.get(i));
    }
    if (more) {
      happenings
          .past()
          .backward(
              remembered.isEmpty() ? Long.MAX_VALUE : remembered.getFirst().seq(), chain::take);
    }
    return chain.causes();
  }

  /// Who this is.
  public SupervisorStatus status() {
    return new SupervisorStatus(
        status.pid(), status.keeperPid(), status.since(), status.release(), loop.bug());
  }

  /// Completes when this supervisor is to end.
  public CompletableFuture<Ending> ending() {
    return ending;
  }

  /// Asks the core for something; what becomes of it is the operation's.
  ///
  /// @param kind the method, in lower case
  /// @throws pinfold.contract.PinfoldException when too many are under way
  public Operations.Entry request(String kind, Collection<UnitName> targets, Command command) {
    operations.admit();
    return begin(kind, targets, command);
  }

  private Operations.Entry begin(String kind, Collection<UnitName> targets, Command command) {
    OperationId id = new OperationId(Chance.uuid().toString());
    List<String> names = targets.stream().map(UnitName::toString).toList();
    Operations.Entry entry = operations.open(id, kind, names, Instant.now());
    loop.tell(new Event.Request(id, command));
    return entry;
  }

  /// Ends an operation; what it began stays as it is.
  public void cancel(OperationId operation) {
    loop.tell(
        new Event.Request(
            new OperationId(Chance.uuid().toString()), new Command.Cancel(operation)));
  }

  /// What the caller of `up` lets the project's services inherit.
  public void environment(String project, Map<String, String> variables) {
    callers.up(project, variables);
  }

  /// What the caller of `run` lets it inherit.
  public void environment(UnitName unit, Map<String, String> variables) {
    callers.run(unit, variables);
  }

  /// Ends this supervisor and leaves the services alone.
  public void standDown() {
    loop.tell(new Event.StandDown());
  }

  /// Stops everything, then ends supervisor and keeper.
  public Operations.Entry shutDown() {
    List<UnitName> all = world().units().stream().map(Unit::name).toList();
    return begin("shutdown", all, new Command.Down(new TreeSet<>(all), true));
  }

  /// What the keeper held for this supervisor when it began.
  public List<KeeperEvent.Held> held() {
    return held;
  }

  /// The keeper, for what has to outlive this supervisor.
  public Keeper keeper() {
    return keeper;
  }

  /// Has another supervisor take over: services, pipes and sockets stay as they are.
  ///
  /// @param command of the other one, absolute path first; empty = the same as this one's
  public void replace(List<String> command) {
    keeper.role(Keeper.Role.RESTART, command);
    ending.complete(Ending.REPLACED);
  }

  /// Where things of a unit are.
  public Map<String, String> paths(UnitName unit) {
    Path logs = setting.logs().resolve(LogPlace.prefix(unit, "1"));
    return Map.of(
        "stdout",
        logs + ".stdout",
        "stderr",
        logs + ".stderr",
        "hook",
        setting.logs().resolve(LogPlace.prefix(unit, LogPlace.HOOK)) + ".stdout");
  }

  /// A log of the service itself.
  public LogSource log(UnitName unit, LogStream stream) {
    return LogSource.of(setting.logs(), LogPlace.prefix(unit, "1"), stream);
  }

  /// Waits until everything that was begun is carried out, as long as `nanos` at most.
  public void settle(long nanos) throws InterruptedException {
    if (!lanes.awaitIdle(nanos)) {
      LOG.log(Level.WARNING, "something is still under way and is given up");
    }
  }
}
