package pinfold.cli;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import pinfold.contract.Call;
import pinfold.contract.Code;
import pinfold.contract.Failure;
import pinfold.contract.PinfoldException;
import pinfold.contract.Reply;
import pinfold.contract.SupervisorStatus;
import pinfold.contract.Target;
import pinfold.linux.BootId;
import pinfold.linux.KeeperJournal;
import pinfold.linux.ProcessIdentity;
import pinfold.linux.Processes;
import pinfold.linux.Rlimit;
import pinfold.linux.Rlimits;
import pinfold.linux.User;
import pinfold.state.Fact;
import pinfold.state.FactStore;
import pinfold.state.IntentStore;
import pinfold.state.JournalReader;
import pinfold.state.KeeperState;
import pinfold.state.Places;

/** The checks of {@code doctor}, each for itself: one that cannot be made is a finding too. */
final class Checkup {
  private static final long LITTLE_SPACE = 64L << 20;
  private static final long FEW_DESCRIPTORS = 4096;
  private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+).*");

  private interface Check {
    void run() throws IOException;
  }

  private final Places places;
  private final List<Finding> findings = new ArrayList<>();

  Checkup(Places places) {
    this.places = places;
  }

  List<Finding> findings() {
    check("kernel", this::kernel);
    check("product", this::product);
    check("state", this::state);
    check("supervisor", this::supervisor);
    check("intent", this::intent);
    check("facts", this::facts);
    check("journal", this::journal);
    check("disk", this::disk);
    check("limits", this::limits);
    return List.copyOf(findings);
  }

  private void check(String about, Check check) {
    try {
      check.run();
    } catch (PinfoldException e) {
      findings.add(Finding.error(about, e.failure()));
    } catch (IOException e) {
      findings.add(
          Finding.error(about, Failure.of(Code.SYSCALL_FAILED, "cannot be examined: " + e)));
    }
  }

  private void kernel() throws IOException {
    String release = Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip();
    Matcher version = VERSION.matcher(release);
    boolean old =
        version.matches()
            && Integer.parseInt(version.group(1)) * 1000 + Integer.parseInt(version.group(2))
                < 6001;
    findings.add(
        old
            ? Finding.error(
                "kernel", Failure.of(Code.KERNEL_TOO_OLD, "Linux " + release + "; 6.1 is needed"))
            : Finding.good("kernel", "Linux " + release));
  }

  private void product() {
    Product product = Product.here();
    findings.add(Finding.good("product", "release " + Release.VERSION + " in " + product.home()));
  }

  private void state() throws IOException {
    Optional<Failure> wrong = places.examine(User.ownUid());
    if (wrong.isPresent()) {
      findings.add(Finding.error("state", wrong.get()));
    } else {
      boolean there = Files.isDirectory(places.state());
      findings.add(Finding.good("state", places.state() + (there ? "" : " (not made yet)")));
    }
  }

  private void supervisor() throws IOException {
    KeeperState keeper = KeeperState.of(places);
    Optional<Client> client = Client.connect(places.controlSocket());
    if (client.isEmpty()) {
      if (lives(keeper)) {
        Failure failure =
            Failure.of(Code.NO_ANSWER, "a keeper runs, and no supervisor answers")
                .tryNext("pinfold logs --supervisor");
        findings.add(Finding.error("supervisor", failure));
      } else if (OfflineStatus.of(places).services().stream().anyMatch(StatusVerb::wanted)) {
        Failure failure =
            Failure.of(Code.NO_SUPERVISOR, "none runs, although services are wanted")
                .tryNext("pinfold up");
        findings.add(Finding.error("supervisor", failure));
      } else {
        findings.add(Finding.good("supervisor", "none runs, and nothing is wanted"));
      }
      return;
    }
    try (Client connection = client.get()) {
      Reply.Release running = connection.call(new Call.Version(), Reply.Release.class);
      if (keeper instanceof KeeperState.Alive(ProcessIdentity identity, _)
          && identity.pid() != running.keeperPid()) {
        String message =
            "the supervisor belongs to keeper %d, the lock to %d"
                .formatted(running.keeperPid(), identity.pid());
        findings.add(Finding.error("supervisor", Failure.of(Code.ANOTHER_SUPERVISOR, message)));
      } else if (Processes.stat(running.keeperPid()).isEmpty()) {
        String message =
            "supervisor %d answers, its keeper %d is gone"
                .formatted(running.pid(), running.keeperPid());
        findings.add(
            Finding.error(
                "supervisor", Failure.of(Code.KEEPER_LOST, message).tryNext("pinfold status")));
      } else if (!running.release().equals(Release.VERSION)) {
        findings.add(
            Finding.warning(
                "supervisor",
                "release " + running.release() + " runs, this is " + Release.VERSION,
                "pinfold system upgrade"));
      } else {
        findings.add(
            Finding.good("supervisor", "pid " + running.pid() + ", keeper " + running.keeperPid()));
      }
      bug(connection);
    }
  }

  /** An event that the core could not take is left out; what it was about may be wrong since. */
  private void bug(Client connection) {
    Reply.Status status =
        connection.call(
            new Call.Status(
                new Target(List.of(), Optional.empty(), Optional.empty(), List.of(), true), true),
            Reply.Status.class);
    Optional<String> bug = status.supervisor().flatMap(SupervisorStatus::bug);
    if (bug.isPresent()) {
      Failure failure =
          Failure.of(Code.BUG, "an event could not be taken: " + bug.get())
              .tryNext("pinfold events --steps --since 1h    (what led there, replayed)")
              .tryNext("pinfold logs --supervisor --tail 100");
      findings.add(Finding.error("core", failure));
    }
  }

  private void intent() {
    int units = IntentStore.peek(places).units().size();
    findings.add(Finding.good("intent", units + " services are recorded"));
  }

  private void facts() throws IOException {
    FactStore.Found found = new FactStore(places.facts(BootId.current())).peek();
    found.problems().forEach(problem -> findings.add(Finding.error("facts", problem)));
    int alive = 0;
    List<Fact> stale = new ArrayList<>();
    for (Fact fact : found.facts()) {
      if (fact.main().filter(OfflineStatus::alive).isPresent()) {
        alive++;
      } else if (fact.main().isPresent()) {
        stale.add(fact);
      }
    }
    // A supervisor that runs is about to record these ends; without one nobody is.
    boolean supervised =
        lives(KeeperState.of(places))
            || Client.connect(places.controlSocket()).map(this::closed).isPresent();
    for (Fact fact : supervised ? List.<Fact>of() : stale) {
      findings.add(
          Finding.warning(
              "facts",
              fact.project() + "/" + fact.unit() + " ended while no supervisor ran",
              "pinfold up"));
    }
    for (Path aside : new FactStore(places.facts(BootId.current())).setAside()) {
      findings.add(
          Finding.warning(
              "facts",
              aside
                  + " could not be read; its service was started anew ["
                  + Code.FACT_UNREADABLE.id()
                  + "]",
              "rm " + aside));
    }
    findings.add(Finding.good("facts", alive + " processes of this boot are alive as recorded"));
  }

  private static boolean lives(KeeperState keeper) {
    return switch (keeper) {
      case KeeperState.Alive _, KeeperState.Unsettled _ -> true;
      case KeeperState.Dead _, KeeperState.None _ -> false;
    };
  }

  private boolean closed(Client client) {
    client.close();
    return true;
  }

  private void journal() throws IOException {
    List<Failure> torn = new ArrayList<>();
    new JournalReader(places.journal(), torn::add).examine(supervised());
    torn.forEach(failure ->
        findings.add(
            Finding.warning(
                "journal",
                failure.message() + " [" + failure.code() + "]",
                "nothing: what is before and after it is told")));
    for (Path journal : keeperJournals()) {
      int lost = KeeperJournal.read(journal).tornBytes();
      if (lost > 0) {
        String message = "the last %d bytes of %s cannot be read".formatted(lost, journal);
        findings.add(
            Finding.warning(
                "journal",
                message + " [" + Code.JOURNAL_TORN.id() + "]",
                "nothing: the facts tell what it should"));
        torn.add(Failure.of(Code.JOURNAL_TORN, message));
      }
    }
    if (torn.isEmpty()) {
      findings.add(Finding.good("journal", "it is whole"));
    }
  }

  /** Of keepers that are gone: one that lives may be writing. */
  private List<Path> keeperJournals() throws IOException {
    String own =
        KeeperState.of(places) instanceof KeeperState.Alive(ProcessIdentity identity, _)
            ? "keeper." + identity.pid() + ".journal"
            : "";
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(places.run(BootId.current()), "keeper.*.journal")) {
      for (Path file : files) {
        if (!file.getFileName().toString().equals(own)) {
          found.add(file);
        }
      }
    } catch (NoSuchFileException _) {
      return List.of(); // none ran in this boot
    }
    return found;
  }

  /** Whether somebody may be writing; asked of the lock, not of the socket. */
  private boolean supervised() {
    return lives(KeeperState.of(places));
  }

  private void disk() throws IOException {
    Path folder = places.state();
    while (!Files.exists(folder) && folder.getParent() != null) {
      folder = folder.getParent();
    }
    FileStore store = Files.getFileStore(folder);
    long free = store.getUsableSpace();
    String text = Text.size(free) + " free of " + Text.size(store.getTotalSpace());
    if (free < LITTLE_SPACE) {
      Failure failure = Failure.of(Code.DISK_FULL, text).tryNext("pinfold logs --prune");
      findings.add(Finding.error("disk", failure));
    } else {
      findings.add(Finding.good("disk", text));
    }
  }

  private void limits() {
    long descriptors = Rlimits.hard().getOrDefault(Rlimit.NOFILE, Long.MAX_VALUE);
    String text = "at most " + (descriptors < 0 ? "unlimited" : descriptors) + " descriptors";
    boolean few = descriptors >= 0 && descriptors < FEW_DESCRIPTORS;
    findings.add(
        few
            ? Finding.warning(
                "limits", text + "; many services need more", "ulimit -Hn, limits.conf(5)")
            : Finding.good("limits", text));
  }
}
