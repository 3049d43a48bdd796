package pinfold.server;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import pinfold.contract.Call;
import pinfold.contract.Code;
import pinfold.contract.Failure;
import pinfold.contract.PinfoldException;
import pinfold.contract.Reply;
import pinfold.contract.Target;
import pinfold.contract.WindowSize;
import pinfold.core.Run;
import pinfold.core.Unit;
import pinfold.core.UnitName;
import pinfold.linux.Fd;
import pinfold.linux.Pty;
import pinfold.linux.UnixConnection;
import pinfold.linux.User;
import pinfold.manifest.Service;
import pinfold.manifest.Stdin;
import pinfold.runtimes.Session;
import pinfold.supervisor.LiveSession;
import pinfold.supervisor.Supervisor;
import pinfold.supervisor.Targets;

/// The methods after whose answer a connection speaks frames.
final class SessionMethods {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Supervisor supervisor;

  SessionMethods(Supervisor supervisor) {
    this.supervisor = supervisor;
  }

  void exec(Call.Exec exec, Replies replies) throws IOException, InterruptedException {
    Replies.Wire wire = replies.wire(exec.method());
    exec.user().ifPresent(SessionMethods::requireOwn);
    UnitName name = Targets.one(supervisor.world(), exec.service());
    Unit unit = unit(name);
    Session session =
        session(
            () -> new Session(exec.command(), exec.workingDir(), exec.environment(), exec.tty()));
    hold(name, unit.service(), session, exec.tty(), exec.size(), wire, replies);
  }

  /// In user mode there is nobody else to be.
  private static void requireOwn(String user) {
    User own;
    try {
      own = User.own();
    } catch (IOException e) {
      throw PinfoldException.of(Code.NOT_PERMITTED, "who this is cannot be found out: " + e);
    }
    if (!user.equals(own.name()) && !user.equals(Integer.toString(own.uid()))) {
      throw Failure.of(
              Code.NOT_PERMITTED,
              "a command cannot run as \"" + user + "\": this supervisor is " + own.name() + "'s")
          .tryNext("leave -u out")
          .exception();
    }
  }

  void run(Call.RunAttached run, Replies replies) throws IOException, InterruptedException {
    Replies.Wire wire = replies.wire(run.method());
    Service service =
        Manifests.service(run.name().orElseGet(SessionMethods::anyName), run.service());
    UnitName name = new UnitName(UnitName.RUN, service.name());
    if (supervisor.world().unit(name).isPresent()) {
      throw Failure.of(Code.BUSY, "there is a service " + name + " already")
          .tryNext("pinfold down " + name)
          .exception();
    }
    Session session =
        session(() -> new Session(service.command().argv(), Optional.empty(), Map.of(), run.tty()));
    supervisor.environment(name, run.environment());
    try {
      hold(name, service, session, run.tty(), run.size(), wire, replies);
    } finally {
      supervisor.sessions().forget(name);
    }
  }

  /// Only seen by the command itself.
  private static String anyName() {
    byte[] bytes = new byte[4];
    RANDOM.nextBytes(bytes);
    return "run-" + HexFormat.of().formatHex(bytes);
  }

  private interface Asked {
    Session session();
  }

  private static Session session(Asked asked) {
    try {
      return asked.session();
    } catch (IllegalArgumentException e) {
      throw PinfoldException.of(Code.INVALID_PARAMETER, String.valueOf(e.getMessage()));
    }
  }

  private void hold(
      UnitName name,
      Service service,
      Session session,
      boolean terminal,
      Optional<WindowSize> size,
      Replies.Wire wire,
      Replies replies)
      throws IOException, InterruptedException {
    Optional<Pty.Size> window =
        terminal
            ? Optional.of(
                size.map(s -> new Pty.Size(s.rows(), s.columns())).orElse(new Pty.Size(24, 80)))
            : Optional.empty();
    try (LiveSession live = supervisor.sessions().open(name, service, session, window)) {
      long epoch = RANDOM.nextLong();
      try {
        replies.last(
            new Reply.Session(live.birth().value().toString(), epoch, name + ".1", terminal));
      } catch (IOException e) {
        live.hangUp();
        throw e;
      }
      new SessionFrames(live, new FrameWire(wire, epoch)).hold();
    }
  }

  void attach(Call.Attach attach, Replies replies) throws IOException, InterruptedException {
    Replies.Wire wire = replies.wire(attach.method());
    Target target = attach.service();
    UnitName name = Targets.one(supervisor.world(), target);
    Run run =
        unit(name)
            .run()
            .filter(r -> r.report().identity() != null && r.report().end() == null)
            .orElseThrow(() ->
                Failure.of(Code.NOT_RUNNING, name + " is not running")
                    .tryNext("pinfold start " + name)
                    .exception());
    Service service = unit(name).service();
    boolean terminal = service.tty();
    Optional<UnixConnection> input =
        attach.interactive()
            ? supervisor.sessions().input(run, terminal, service.stdin() instanceof Stdin.Open)
            : Optional.empty();
    if (attach.interactive() && input.isEmpty()) {
      throw Failure.of(Code.NO_STDIN, name + " has no input to write to: its stdin is not open")
          .tryNext("pinfold attach " + name + " --no-stdin")
          .tryNext("write stdin: open or tty: true into its manifest")
          .exception();
    }
    long epoch = RANDOM.nextLong();
    Optional<Fd> screen =
        terminal && input.isPresent()
            ? Optional.of(supervisor.sessions().screen(run))
            : Optional.empty();
    try {
      AttachFrames frames =
          new AttachFrames(supervisor, name, run, input, screen, new FrameWire(wire, epoch));
      replies.last(
          new Reply.Session(run.id().value().toString(), epoch, name + ".1", screen.isPresent()));
      frames.hold(attach.size());
    } finally {
      screen.ifPresent(Fd::close);
      input.ifPresent(UnixConnection::close);
    }
  }

  private Unit unit(UnitName name) {
    return supervisor
        .world()
        .unit(name)
        .orElseThrow(
            () -> PinfoldException.of(Code.NO_SUCH_SERVICE, "there is no service " + name));
  }
}
