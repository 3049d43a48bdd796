package pinfold.supervisor;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import pinfold.contract.Code;
import pinfold.contract.Failure;
import pinfold.contract.PinfoldException;
import pinfold.core.BirthId;
import pinfold.core.Identity;
import pinfold.core.Launch;
import pinfold.core.Purpose;
import pinfold.core.Run;
import pinfold.core.UnitName;
import pinfold.linux.BootId;
import pinfold.linux.Chance;
import pinfold.linux.Fd;
import pinfold.linux.FdPair;
import pinfold.linux.Poller;
import pinfold.linux.ProcessIdentity;
import pinfold.linux.Pty;
import pinfold.linux.ServiceInput;
import pinfold.linux.UnixConnection;
import pinfold.manifest.Service;
import pinfold.runtimes.Session;

/// Commands that persons run beside services. Each is one more birth from the service's own plan,
/// which ends with whoever asked for it and with this supervisor. Any thread.
public final class Sessions {
  private final Births births;
  private final Helpers helpers;
  private final Poller poller;
  private final Set<LiveSession> live = ConcurrentHashMap.newKeySet();

  Sessions(Births births, Helpers helpers, Poller poller) {
    this.births = births;
    this.helpers = helpers;
    this.poller = poller;
  }

  /// Begins a session; reads the service's env files and so may block.
  ///
  /// @param unit whose caller's environment it inherits; need not be known to the core
  /// @param size of the terminal, exactly when it has one
  /// @throws PinfoldException when it cannot be asked for
  public LiveSession open(
      UnitName unit, Service service, Session session, Optional<Pty.Size> size) {
    Launch launch =
        new Launch(new BirthId(Chance.uuid()), unit, 1, Purpose.PRE_START, 1, service, null);
    try {
      return size.isPresent() ? terminal(launch, session, size.get()) : pipes(launch, session);
    } catch (IOException e) {
      throw new PinfoldException(
          Failure.of(Code.EXEC_FAILED, "no session can begin: " + e.getMessage()), e);
    }
  }

  private LiveSession terminal(Launch launch, Session session, Pty.Size size) throws IOException {
    Pty pty = Pty.open(size);
    try (Fd slave = pty.slave()) {
      // The connection waits on the same open file; the size is changed through a second number.
      Fd control = pty.master().duplicate();
      UnixConnection master = UnixConnection.of(pty.master(), poller);
      LiveSession made =
          new LiveSession(
              launch.id(),
              helpers,
              expect(launch, session),
              master,
              master,
              null,
              control,
              over(launch));
      return begun(made, launch, session, List.of(slave));
    }
  }

  private LiveSession pipes(Launch launch, Session session) throws IOException {
    try (FdPair in = FdPair.pipe();
        FdPair out = FdPair.pipe();
        FdPair err = FdPair.pipe()) {
      UnixConnection input = UnixConnection.of(in.second().move(), poller);
      UnixConnection output = UnixConnection.of(out.first().move(), poller);
      UnixConnection error = UnixConnection.of(err.first().move(), poller);
      LiveSession made =
          new LiveSession(
              launch.id(),
              helpers,
              expect(launch, session),
              input,
              output,
              error,
              null,
              over(launch));
      return begun(made, launch, session, List.of(in.first(), out.second(), err.second()));
    }
  }

  private Helpers.Helper expect(Launch launch, Session session) {
    return helpers.expect(
        launch.id(),
        child ->
            child
                .failure()
                .map(failure -> births.failure(launch, session, child, failure))
                .orElseThrow());
  }

  private Consumer<LiveSession> over(Launch launch) {
    return session -> {
      live.remove(session);
      births.forget(launch);
    };
  }

  private LiveSession begun(
      LiveSession made, Launch launch, Session session, List<Fd> descriptors) {
    live.add(made);
    Optional<Failure> unasked = births.session(launch, session, descriptors);
    if (unasked.isPresent()) {
      helpers.abandon(launch.id());
      made.close();
      throw unasked.get().exception();
    }
    return made;
  }

  /// A way to write to the input of a running service, closed by the caller; empty when its input
  /// is not open.
  ///
  /// @param terminal whether it has one: then what is written is typed
  /// @param open whether its input is a pipe that is kept open
  /// @throws PinfoldException when it cannot be had
  public Optional<UnixConnection> input(Run run, boolean terminal, boolean open) {
    try {
      Optional<Fd> end =
          terminal
              ? Optional.of(ServiceInput.keys(warden(run)))
              : open ? ServiceInput.writer(main(run)) : Optional.empty();
      return end.isPresent() ? Optional.of(UnixConnection.of(end.get(), poller)) : Optional.empty();
    } catch (IOException e) {
      throw new PinfoldException(
          Failure.of(Code.SYSCALL_FAILED, "the input cannot be used: " + e.getMessage()), e);
    }
  }

  /// The terminal of a running service that has one, closed by the caller.
  ///
  /// @throws PinfoldException when it cannot be had
  public Fd screen(Run run) {
    try {
      return ServiceInput.screen(warden(run));
    } catch (IOException e) {
      throw new PinfoldException(
          Failure.of(Code.SYSCALL_FAILED, "the terminal cannot be used: " + e.getMessage()), e);
    }
  }

  private static ProcessIdentity main(Run run) throws IOException {
    Identity identity = run.report().identity();
    if (identity == null || identity.pid() == 0) {
      throw new IOException("the main process is not known");
    }
    return new ProcessIdentity(
        BootId.current(), identity.pid(), identity.startTicks(), identity.pidfsInode());
  }

  private static ProcessIdentity warden(Run run) throws IOException {
    Identity identity = run.report().identity();
    if (identity == null || identity.wardenPid() == 0) {
      throw new IOException("nobody holds it");
    }
    return new ProcessIdentity(
        BootId.current(), identity.wardenPid(), identity.wardenStartTicks(), 0);
  }

  /// Ends all of them, at once and without waiting.
  public void end() {
    live.forEach(LiveSession::kill);
  }

  /// A unit that only ever was a session's is of no more use.
  public void forget(UnitName unit) {
    births.forget(unit);
  }
}
