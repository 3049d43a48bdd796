package pinfold.core;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import pinfold.manifest.Manifest;
import pinfold.manifest.Service;

/** What an operator can ask for. Each becomes an operation that ends with a {@link Result}. */
public sealed interface Command {
  /** Whom it names: what it brings along or finds is not among them; empty for {@link Cancel}. */
  Set<UnitName> units();

  /**
   * {@code up}: make what runs equal to the manifest. Names bring what they depend on.
   *
   * @param manifest the whole project
   * @param source its canonical text, given back in {@link Effect.SaveProject}
   * @param options what of it
   */
  record Apply(Manifest manifest, String source, ApplyOptions options) implements Command {
    public Apply {
      requireNonNull(manifest, "manifest is null");
      requireNonNull(source, "source is null");
      requireNonNull(options, "options is null");
    }

    @Override
    public Set<UnitName> units() {
      return names(
          manifest.services().keySet().stream()
              .map(name -> new UnitName(manifest.project().text(), name))
              .collect(Collectors.toSet()));
    }
  }

  /**
   * {@code run}: one process without a manifest.
   *
   * @param service what runs, below {@link UnitName#RUN}; its name must be free, or what has it
   *     must be over
   * @param once forget it as soon as it ended for good
   */
  record Run(Service service, boolean once) implements Command {
    public Run {
      requireNonNull(service, "service is null");
    }

    @Override
    public Set<UnitName> units() {
      return Set.of(new UnitName(UnitName.RUN, service.name()));
    }
  }

  /** An explicit start of these and of what they depend on. */
  record Start(Set<UnitName> units) implements Command {
    public Start {
      units = names(units);
    }
  }

  /**
   * An explicit stop: holds until an explicit start.
   *
   * @param timeout instead of each service's {@code stop_timeout}; zero = KILL at once, also where
   *     a stop is under way
   */
  record Stop(Set<UnitName> units, Optional<Duration> timeout) implements Command {
    public Stop {
      units = names(units);
      requireNonNull(timeout, "timeout is null");
    }
  }

  /** Begin again; joins a restart under way. With {@code cascade} also whatever depends on them. */
  record Restart(Set<UnitName> units, boolean cascade) implements Command {
    public Restart {
      units = names(units);
    }
  }

  /** Send each its {@code reload_signal}. */
  record Reload(Set<UnitName> units) implements Command {
    public Reload {
      units = names(units);
    }
  }

  /**
   * Send a signal to every process of each. What follows is the restart policy's, but no budget is
   * spent.
   */
  record Kill(Set<UnitName> units, int signal) implements Command {
    public Kill {
      units = names(units);
      if (signal < 1 || signal > 64) {
        throw new IllegalArgumentException("signal " + signal);
      }
    }
  }

  /** Freeze each where it is. */
  record Pause(Set<UnitName> units) implements Command {
    public Pause {
      units = names(units);
    }
  }

  /** Undo {@link Pause}. */
  record Resume(Set<UnitName> units) implements Command {
    public Resume {
      units = names(units);
    }
  }

  /**
   * {@code down}: an explicit stop, in reverse order; what {@code run} started is forgotten with
   * it.
   *
   * @param supervisor then end the keeper and the supervisor too
   */
  record Down(Set<UnitName> units, boolean supervisor) implements Command {
    public Down {
      units = names(units);
    }
  }

  /** End an operation that is under way; what it began stays as it is then. */
  record Cancel(OperationId operation) implements Command {
    public Cancel {
      requireNonNull(operation, "operation is null");
    }

    @Override
    public Set<UnitName> units() {
      return Set.of();
    }
  }

  private static SortedSet<UnitName> names(Set<UnitName> units) {
    return java.util.Collections.unmodifiableSortedSet(new TreeSet<>(units));
  }
}
