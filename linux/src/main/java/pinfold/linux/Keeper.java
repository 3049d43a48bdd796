package pinfold.linux;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The supervisor's end of its connection to the keeper.
 *
 * <p>Requests may come from any thread, never block for longer than a lock takes, and are sent in
 * the order in which they were made; what the socket does not take is sent by a thread of its own
 * when it does. Answers come to the listener on the thread "keeper-reader". Requests made after the
 * keeper was lost have no effect: the listener has been told.
 *
 * <p>Each request returns its sequence number, which answers repeat.
 */
public final class Keeper implements AutoCloseable {
  private static final int HELLO = 1;
  private static final int PLAN_PUT = 2;
  private static final int PLAN_DROP = 3;
  static final int SPAWN = 4;
  private static final int SIGNAL = 5;
  static final int ACK = 6;
  private static final int HOLD = 7;
  private static final int UNHOLD = 8;
  private static final int FETCH = 9;
  private static final int PIDFD = 10;
  private static final int ADOPT = 11;
  private static final int ROLE = 12;
  private static final int ROTATE = 13;
  private static final int STATS = 14;

  private final KeeperChannel channel;

  private Keeper(KeeperChannel channel) {
    this.channel = channel;
  }

  /**
   * Hears the keeper, one event after the other; must not block. Called on the reader's thread, or,
   * for the refusal of a request that could not even be sent, on one of its own.
   */
  public interface Listener {
    void event(KeeperEvent event);
  }

  /** What the keeper does when this supervisor ends. */
  public enum Role {
    /** Start it again, with back-off. */
    RESTART(0),
    /** Leave it until a held socket that activates becomes readable. */
    STANDBY(1),
    /** End as soon as no contained process is left. */
    END(2);

    private final int number;

    Role(int number) {
      this.number = number;
    }
  }

  /**
   * Takes over the socket, greets the keeper and starts to read. The first events are a {@link
   * KeeperEvent.Welcome} and then every child.
   *
   * @param socket a SOCK_SEQPACKET socket, for a supervisor {@link #inherited}; closed by {@link
   *     #close}
   */
  public static Keeper attach(Fd socket, Listener listener) {
    Keeper keeper = new Keeper(new KeeperChannel(socket, listener));
    keeper.channel.start();
    keeper.channel.send(
        HELLO, new Entry(Wire.Hello.BYTES).u32(Wire.Hello.PROTOCOL, Wire.PROTOCOL), List.of());
    return keeper;
  }

  /** The socket of a process that the keeper started: PF_SUPERVISOR_FD. To be called once. */
  public static Fd inherited() {
    return Fd.own(3);
  }

  /**
   * Has the keeper keep a plan.
   *
   * @param number chosen by the caller; an earlier plan of this number is replaced
   * @throws IllegalArgumentException when the plan is too large
   * @throws SystemCallException when no memory file can be made (too many open files)
   */
  public long putPlan(long number, SpawnPlan plan) throws SystemCallException {
    byte[] encoded = plan.encode();
    try (Fd memory = Memfd.sealed("pinfold-plan", encoded)) {
      return channel.send(
          PLAN_PUT,
          new Entry(Wire.PlanRef.BYTES)
              .u64(Wire.PlanRef.PLAN, number)
              .u64(Wire.PlanRef.SIZE, encoded.length),
          List.of(memory));
    }
  }

  /** Has the keeper forget a plan; births under way are not concerned. */
  public long dropPlan(long number) {
    return channel.send(
        PLAN_DROP, new Entry(Wire.PlanRef.BYTES).u64(Wire.PlanRef.PLAN, number), List.of());
  }

  /** Asks for a birth: answered by {@link KeeperEvent.Child} or {@link KeeperEvent.Refused}. */
  public long spawn(SpawnRequest request) {
    int flags = ChildCodec.flags(request.output());
    Entry entry = new Entry(Wire.Spawn.BYTES);
    switch (request.containment()) {
      case Containment.Warden() -> flags |= ChildCodec.WARDEN;
      case Containment.Cgroup(String path) -> {
        flags |= ChildCodec.CGROUP;
        entry.text(Wire.Spawn.CGROUP, Wire.CGROUP_PATH, path);
      }
    }
    entry
        .id(Wire.Spawn.ID, request.birth())
        .u64(Wire.Spawn.PLAN, request.plan())
        .u32(Wire.Spawn.FLAGS, flags)
        .u32(Wire.Spawn.DEADLINE_MS, (int) request.deadline().toMillis())
        .u64(Wire.Spawn.SEGMENT_BYTES, request.segmentBytes())
        .u32(Wire.Spawn.RUN, request.run())
        .u16(Wire.Spawn.NFDS, request.descriptors().size())
        .u16(Wire.Spawn.NHELD, request.held().size())
        .text(Wire.Spawn.LOG, Wire.LOG_PATH, request.log());
    for (int i = 0; i < request.held().size(); i++) {
      entry.u64(Wire.Spawn.HELD + 8 * i, request.held().get(i));
    }
    return channel.spawn(SPAWN, request.birth(), entry, request.descriptors());
  }

  /** Sends a signal: answered by {@link KeeperEvent.Signalled}. */
  public long signal(BirthId birth, Signal signal, KeeperEvent.Scope scope) {
    return channel.send(
        SIGNAL,
        new Entry(Wire.Signal.BYTES)
            .id(Wire.Signal.ID, birth)
            .u32(Wire.Signal.SIG, signal.number())
            .u32(Wire.Signal.SCOPE, scope.number()),
        List.of());
  }

  /** The exit is recorded: the keeper may forget the birth once it is empty too. */
  public long acknowledge(BirthId birth) {
    return channel.send(ACK, new Entry(Wire.Id.BYTES).id(Wire.Id.ID, birth), List.of());
  }

  /**
   * Has the keeper keep a descriptor open beyond this supervisor. The caller keeps its own.
   *
   * @param key chosen by the caller, not 0; an earlier one of this key is replaced
   * @param name for the next supervisor, at most 103 bytes
   * @param activates a listening socket that starts the supervisor when none runs
   */
  public long hold(long key, String name, boolean activates, Fd descriptor) {
    return channel.send(
        HOLD,
        held(key)
            .u32(Wire.Hold.FLAGS, activates ? 1 : 0)
            .text(Wire.Hold.NAME, Wire.HOLD_NAME, name),
        List.of(descriptor));
  }

  /** Has the keeper close a held descriptor. */
  public long unhold(long key) {
    return channel.send(UNHOLD, held(key), List.of());
  }

  /**
   * Asks for held descriptors: answered by {@link KeeperEvent.Held} each, then {@link
   * KeeperEvent.Fetched}.
   *
   * @param key empty = all
   */
  public long fetch(Optional<Long> key) {
    Entry entry = new Entry(Wire.Hold.BYTES);
    key.ifPresent(value -> entry.u64(Wire.Hold.KEY, value));
    return channel.send(FETCH, entry, List.of());
  }

  private static Entry held(long key) {
    if (key == 0) {
      throw new IllegalArgumentException("0 is no key");
    }
    return new Entry(Wire.Hold.BYTES).u64(Wire.Hold.KEY, key);
  }

  /** Asks for a pidfd of the main process: answered by {@link KeeperEvent.PidfdIs}. */
  public long pidfd(BirthId birth) {
    return channel.send(PIDFD, new Entry(Wire.Id.BYTES).id(Wire.Id.ID, birth), List.of());
  }

  /** Hands over a survivor of an earlier keeper: answered by {@link KeeperEvent.Child}. */
  public long adopt(Adoption adoption) {
    Entry entry = new Entry(Wire.Adopt.BYTES);
    int flags = ChildCodec.flags(adoption.output());
    switch (adoption.containment()) {
      case Containment.Warden() -> flags |= ChildCodec.WARDEN;
      case Containment.Cgroup(String path) -> {
        flags |= ChildCodec.CGROUP;
        entry.text(Wire.Adopt.CGROUP, Wire.CGROUP_PATH, path);
      }
    }
    adoption
        .main()
        .ifPresent(main ->
            entry.u32(Wire.Adopt.PID, main.pid()).u64(Wire.Adopt.START_TICKS, main.startTicks()));
    adoption
        .warden()
        .ifPresent(warden ->
            entry
                .u32(Wire.Adopt.WARDEN_PID, warden.pid())
                .u64(Wire.Adopt.WARDEN_START_TICKS, warden.startTicks()));
    entry
        .id(Wire.Adopt.ID, adoption.birth())
        .u32(Wire.Adopt.FLAGS, flags)
        .u32(Wire.Adopt.RUN, adoption.run())
        .u64(Wire.Adopt.SEGMENT_BYTES, adoption.segmentBytes())
        .u64(Wire.Adopt.OUT_PIPE_INO, adoption.outPipe())
        .u64(Wire.Adopt.ERR_PIPE_INO, adoption.errPipe())
        .text(Wire.Adopt.LOG, Wire.LOG_PATH, adoption.log());
    return channel.send(ADOPT, entry, List.of());
  }

  /**
   * Says what shall happen when this supervisor ends.
   *
   * @param command of the next supervisor, absolute path first; empty keeps the present one. At
   *     most 4096 bytes
   */
  public long role(Role role, List<String> command) {
    Objects.requireNonNull(role, "role is null");
    ByteArrayOutputStream words = new ByteArrayOutputStream();
    for (String word : command) {
      words.writeBytes(Entry.utf8(word));
      words.write(0);
    }
    Entry entry =
        new Entry(Wire.Role.BYTES)
            .u32(Wire.Role.ROLE, role.number)
            .u32(Wire.Role.ARGC, command.size());
    if (words.size() > Wire.COMMAND) {
      throw new IllegalArgumentException("the command is longer than " + Wire.COMMAND + " bytes");
    }
    entry.bytes(Wire.Role.COMMAND, words.toByteArray());
    return channel.send(ROLE, entry, List.of());
  }

  /** Has a new log segment begin now: answered by {@link KeeperEvent.Log}. */
  public long rotate(String log, boolean stderr) {
    return channel.send(
        ROTATE,
        new Entry(Wire.Rotate.BYTES)
            .u32(Wire.Rotate.STREAM, stderr ? 1 : 0)
            .text(Wire.Rotate.LOG, Wire.LOG_PATH, log),
        List.of());
  }

  /** Asks for counters: answered by {@link KeeperEvent.Stats}. */
  public long stats() {
    return channel.send(STATS, new Entry(Wire.Hello.BYTES), List.of());
  }

  /**
   * Ends the connection; the keeper sees its supervisor gone only when the process is. The listener
   * hears {@link KeeperEvent.Lost} last.
   */
  @Override
  public void close() {
    channel.close();
  }
}
