package pinfold.state;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/** One change of what is kept in the database. */
public sealed interface IntentChange {
  /** Adds or replaces a project. */
  record PutProject(ProjectIntent project) implements IntentChange {
    public PutProject {
      requireNonNull(project, "project is null");
    }
  }

  /** Removes a project with its units and run numbers. */
  record DropProject(String project) implements IntentChange {
    public DropProject {
      requireNonNull(project, "project is null");
    }
  }

  /** Adds or replaces a unit. */
  record PutUnit(UnitIntent unit) implements IntentChange {
    public PutUnit {
      requireNonNull(unit, "unit is null");
    }
  }

  /** Removes a unit; its run numbers stay, because its log files do. */
  record DropUnit(String project, String unit) implements IntentChange {
    public DropUnit {
      requireNonNull(project, "project is null");
      requireNonNull(unit, "unit is null");
    }
  }

  /** Notes the run number of a slot. */
  record PutRun(SlotRun run) implements IntentChange {
    public PutRun {
      requireNonNull(run, "run is null");
    }
  }

  /** Adds or replaces an operation. */
  record PutOperation(OperationRecord operation) implements IntentChange {
    public PutOperation {
      requireNonNull(operation, "operation is null");
    }
  }

  /** Forgets operations that ended before this instant. */
  record ForgetOperations(Instant before) implements IntentChange {
    public ForgetOperations {
      requireNonNull(before, "before is null");
    }
  }
}
