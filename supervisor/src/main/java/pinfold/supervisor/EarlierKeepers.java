package pinfold.supervisor;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import pinfold.core.BirthReport;
import pinfold.core.End;
import pinfold.linux.BirthId;
import pinfold.linux.ExitStatus;
import pinfold.linux.KeeperJournal;

/// What keepers of this boot that are dead wrote down: identities that no fact had yet, and ends
/// that nobody had heard of.
final class EarlierKeepers {
  private static final System.Logger LOG = System.getLogger("supervisor");

  private final Map<BirthId, KeeperJournal.Line.Born> born = new HashMap<>();
  private final Map<BirthId, ExitStatus> ends = new HashMap<>();
  private final Set<BirthId> empty = new HashSet<>();

  /// Each journal that was read, and whose births are in it.
  private final Map<Path, Set<BirthId>> journals = new HashMap<>();

  private EarlierKeepers() {}

  /// Reads all journals but the present keeper's.
  ///
  /// @param run the run directory of this boot
  static EarlierKeepers read(Path run, int present) {
    EarlierKeepers earlier = new EarlierKeepers();
    String own = "keeper." + present + ".journal";
    try (DirectoryStream<Path> journals = Files.newDirectoryStream(run, "keeper.*.journal")) {
      for (Path journal : journals) {
        if (!journal.getFileName().toString().equals(own)) {
          earlier.read(journal);
        }
      }
    } catch (IOException e) {
      LOG.log(Level.ERROR, "the journals of earlier keepers cannot be found", e);
    }
    return earlier;
  }

  private void read(Path journal) {
    try {
      KeeperJournal read = KeeperJournal.read(journal);
      if (read.tornBytes() > 0) {
        LOG.log(
            Level.WARNING,
            journal + " is torn: its last " + read.tornBytes() + " bytes cannot be read");
      }
      Set<BirthId> births = new HashSet<>();
      for (KeeperJournal.Line line : read.lines()) {
        take(line);
        if (line instanceof KeeperJournal.Line.Born b) {
          births.add(b.birth());
        }
      }
      journals.put(journal, births);
    } catch (IOException e) {
      LOG.log(Level.ERROR, "the journal of an earlier keeper cannot be read", e);
    }
  }

  private void take(KeeperJournal.Line line) {
    switch (line) {
      case KeeperJournal.Line.Born b -> born.put(b.birth(), b);
      case KeeperJournal.Line.Exit e -> ends.put(e.birth(), e.status());
      case KeeperJournal.Line.Empty e -> empty.add(e.birth());
      case KeeperJournal.Line.Keeper _, KeeperJournal.Line.Acknowledged _ -> {}
    }
  }

  /// Removes the journals in which nothing is left that anybody could ask for.
  ///
  /// @param open births that have a fact: their end is not recorded
  void forget(Set<BirthId> open) {
    journals.forEach((journal, births) -> {
      if (births.stream().noneMatch(open::contains)) {
        try {
          Files.deleteIfExists(journal);
        } catch (IOException e) {
          LOG.log(Level.WARNING, "the journal of an earlier keeper cannot be removed", e);
        }
      }
    });
  }

  /// Births of which something may be left.
  List<KeeperJournal.Line.Born> unfinished() {
    return born.values().stream().filter(b -> !empty.contains(b.birth())).toList();
  }

  /// The birth, if one of them brought it about.
  Optional<KeeperJournal.Line.Born> born(BirthId birth) {
    return Optional.ofNullable(born.get(birth));
  }

  /// What the present keeper says, with the end as the earlier one saw it where the present one
  /// cannot know.
  BirthReport completed(BirthReport report) {
    BirthId birth = Reports.id(report.id());
    ExitStatus status = ends.get(birth);
    if (status == null || !(report.end() instanceof End.Unknown)) {
      return report;
    }
    return new BirthReport(
        report.id(),
        report.identity(),
        true,
        report.failure(),
        Reports.end(status),
        report.empty(),
        report.unverified());
  }
}
