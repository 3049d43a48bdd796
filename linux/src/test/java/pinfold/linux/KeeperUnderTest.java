package pinfold.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** A real keeper whose supervisor's socket is held by the test. Leaves no process behind. */
final class KeeperUnderTest implements AutoCloseable {
  private static final long SECONDS = 60;

  private final Path base;
  private final KeeperProgram program;
  private final Fd listener;
  private final Poller poller;
  private final Semaphore connecting = new Semaphore(0);
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<KeeperEvent> events = new ArrayList<>();
  private final Map<BirthId, ChildSnapshot> children = new HashMap<>();
  private Optional<Fd> probe = Optional.empty();
  private Optional<Keeper> keeper = Optional.empty();
  private int pid;

  private KeeperUnderTest(Path base, Path binary) throws IOException {
    this.base = base;
    Files.createDirectories(runDirectory());
    Files.createDirectories(logDirectory());
    program = new KeeperProgram(binary, base, runDirectory(), logDirectory(), Optional.empty());
    poller = Poller.start("keeper-under-test");
    listener = UnixAddress.socket(KeeperProbe.SOCK_SEQPACKET);
    Path path = base.resolve("probe.sock");
    try (Arena arena = Arena.ofConfined();
        UnixAddress address = UnixAddress.of(arena, path)) {
      address.bind(listener, path);
      Kernel.must("listen", Sys.LISTEN, listener.number(), 8, 0);
    }
    poller.register(listener, _ -> connecting.release());
  }

  static Path binary() {
    return Path.of(System.getProperty("pinfold.native", ""), "pinfold-keeper");
  }

  static boolean built() {
    return Files.isExecutable(binary());
  }

  static KeeperUnderTest start(Path base) throws Exception {
    return start(base, binary());
  }

  static KeeperUnderTest start(Path base, Path binary) throws Exception {
    return start(base, binary, () -> {});
  }

  /** Something to be done with the directories before the keeper starts. */
  interface Preparation {
    void run() throws IOException;
  }

  static KeeperUnderTest start(Path base, Path binary, Preparation preparation) throws Exception {
    KeeperUnderTest test = new KeeperUnderTest(base, binary);
    preparation.run();
    assertThat(test.startKeeper()).isEqualTo(new KeeperProgram.Started.Running());
    test.attach();
    return test;
  }

  KeeperProgram.Started startKeeper() throws IOException {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    return program.start(
        List.of(
            java.toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            KeeperProbe.class.getName(),
            base.resolve("probe.sock").toString()),
        Map.of("PATH", "/usr/bin:/bin", "LEAKED", "from the keeper"));
  }

  /** Takes the socket of the next supervisor that the keeper starts. */
  void attach() throws Exception {
    probe.ifPresent(Fd::close);
    long connection;
    while ((connection = Kernel.call(Sys.ACCEPT4, listener.number(), 0, 0, 0x8_0000, 0, 0)) < 0) {
      assertThat(connecting.tryAcquire(SECONDS, TimeUnit.SECONDS)).as("a supervisor").isTrue();
    }
    Fd accepted = Fd.own(connection);
    probe = Optional.of(accepted);
    MessageSocket.Received received = new MessageSocket(16).receive(accepted.number(), 0);
    keeper = Optional.of(Keeper.attach(received.descriptors().getFirst(), this::hear));
    pid = await(KeeperEvent.Welcome.class, _ -> true).pid();
  }

  private void hear(KeeperEvent event) {
    lock.lock();
    try {
      events.add(event);
      if (event instanceof KeeperEvent.Child(ChildSnapshot snapshot)) {
        children.put(snapshot.birth(), snapshot);
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits for an event and takes it out. */
  <T extends KeeperEvent> T await(Class<T> type, Predicate<T> wanted) {
    return until(
        () -> {
          Optional<T> found =
              events.stream().filter(type::isInstance).map(type::cast).filter(wanted).findFirst();
          found.ifPresent(events::remove);
          return found;
        },
        type.getSimpleName());
  }

  /** Waits until a child is as wanted. */
  ChildSnapshot await(BirthId birth, Predicate<ChildSnapshot> wanted) {
    return until(
        () -> Optional.ofNullable(children.get(birth)).filter(wanted), "wanted state of " + birth);
  }

  private <T> T until(Supplier<Optional<T>> condition, String what) {
    long left = TimeUnit.SECONDS.toNanos(SECONDS);
    lock.lock();
    try {
      Optional<T> found = condition.get();
      while (found.isEmpty()) {
        if (left <= 0) {
          throw new AssertionError("no " + what + " in " + events + " and " + children.values());
        }
        left = changed.awaitNanos(left);
        found = condition.get();
      }
      return found.get();
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    } finally {
      lock.unlock();
    }
  }

  Keeper keeper() {
    return keeper.orElseThrow();
  }

  int pid() {
    return pid;
  }

  Path runDirectory() {
    return base.resolve("run");
  }

  Path logDirectory() {
    return base.resolve("logs");
  }

  /** A birth of plan 1 under a warden with a log of its own. */
  static SpawnRequest request(BirthId birth, String log) {
    return new SpawnRequest(
        birth,
        1,
        new Containment.Warden(),
        SpawnRequest.Output.SEPARATE,
        log,
        1,
        0,
        Duration.ZERO,
        List.of(),
        List.of());
  }

  BirthId spawn(LaunchSpec spec) throws IOException {
    BirthId birth = BirthId.random();
    keeper().putPlan(1, SpawnPlan.compile(spec));
    keeper().spawn(request(birth, "test/" + birth));
    return birth;
  }

  /** So that only what is said from now on counts. */
  void forget(BirthId birth) {
    lock.lock();
    try {
      children.remove(birth);
    } finally {
      lock.unlock();
    }
  }

  void end(BirthId birth) {
    keeper().signal(birth, Signal.KILL, KeeperEvent.Scope.ALL);
    await(birth, ChildSnapshot::over);
    keeper().acknowledge(birth);
  }

  /** As if this test were killed: what it holds is closed, and nothing said. */
  void vanish() {
    listener.close();
    probe.ifPresent(Fd::close);
    keeper().close();
    poller.close();
  }

  /** Ends all births, then the keeper, and waits until it is gone. */
  @Override
  public void close() throws IOException {
    try (Pidfd gone = Pidfd.open(pid)) {
      List<BirthId> births;
      lock.lock();
      try {
        births = List.copyOf(children.keySet());
      } finally {
        lock.unlock();
      }
      births.forEach(b -> keeper().signal(b, Signal.KILL, KeeperEvent.Scope.ALL));
      keeper().role(Keeper.Role.END, List.of());
      keeper().stats();
      await(KeeperEvent.Stats.class, _ -> true);
      keeper().close();
      probe.ifPresent(Fd::close);
      assertThat(gone.await(Duration.ofSeconds(SECONDS))).as("the keeper ended").isTrue();
    } finally {
      listener.close();
      poller.close();
    }
  }
}
