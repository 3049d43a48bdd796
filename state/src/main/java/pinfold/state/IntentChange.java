package pinfold.state;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import pinfold.contract.Json;
import pinfold.contract.Wanted;

/** One change of what is kept in the database. */
public sealed interface IntentChange {
  /** Adds or replaces a project. */
  record PutProject(ProjectIntent project) implements IntentChange {
    public PutProject {
      requireNonNull(project, "project is null");
    }
  }

  /** Removes a project; its units stay until they are dropped by themselves. */
  record DropProject(String project) implements IntentChange {
    public DropProject {
      requireNonNull(project, "project is null");
    }
  }

  /** Adds a unit or replaces what is remembered of it, except its specification. */
  record PutLedger(String project, String unit, Wanted wanted, Json.Obj ledger)
      implements IntentChange {
    public PutLedger {
      requireNonNull(project, "project is null");
      requireNonNull(unit, "unit is null");
      requireNonNull(wanted, "wanted is null");
      requireNonNull(ledger, "ledger is null");
    }
  }

  /** Adds a unit, wanted down, or replaces the specification of one. */
  record PutSpec(String project, String unit, String spec) implements IntentChange {
    public PutSpec {
      requireNonNull(project, "project is null");
      requireNonNull(unit, "unit is null");
      requireNonNull(spec, "spec is null");
    }
  }

  /** Removes a unit. */
  record DropUnit(String project, String unit) implements IntentChange {
    public DropUnit {
      requireNonNull(project, "project is null");
      requireNonNull(unit, "unit is null");
    }
  }

  /** Adds or replaces an operation. */
  record PutOperation(OperationRecord operation) implements IntentChange {
    public PutOperation {
      requireNonNull(operation, "operation is null");
    }
  }

  /** Forgets operations that ended, but for those among the newest so many. */
  record KeepOperations(int newest) implements IntentChange {
    public KeepOperations {
      if (newest < 0) {
        throw new IllegalArgumentException("newest " + newest);
      }
    }
  }

  /** Forgets operations that ended before this instant. */
  record ForgetOperations(Instant before) implements IntentChange {
    public ForgetOperations {
      requireNonNull(before, "before is null");
    }
  }
}
