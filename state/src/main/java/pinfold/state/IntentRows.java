package pinfold.state;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import pinfold.contract.Failure;
import pinfold.contract.Json;
import pinfold.contract.JsonText;
import pinfold.contract.Times;
import pinfold.contract.Wanted;

/** Records to rows and back. */
final class IntentRows {
  private IntentRows() {}

  /**
   * Reads everything.
   *
   * @throws RuntimeException when a row is not what was written
   */
  static Intent read(Connection db) throws SQLException {
    try (Statement ask = db.createStatement()) {
      List<ProjectIntent> projects = new ArrayList<>();
      try (ResultSet row =
          ask.executeQuery(
              "SELECT name, manifest, canonical, adopted FROM project ORDER BY name")) {
        while (row.next()) {
          projects.add(
              new ProjectIntent(
                  row.getString(1),
                  Path.of(row.getString(2)),
                  row.getString(3),
                  instant(row.getString(4))));
        }
      }
      List<UnitIntent> units = new ArrayList<>();
      try (ResultSet row =
          ask.executeQuery(
              "SELECT project, name, wanted, ledger, spec FROM unit ORDER BY project, name")) {
        while (row.next()) {
          units.add(
              new UnitIntent(
                  row.getString(1),
                  row.getString(2),
                  Wanted.valueOf(row.getString(3)),
                  object(row.getString(4)),
                  Optional.ofNullable(row.getString(5))));
        }
      }
      return new Intent(projects, units, operations(ask));
    }
  }

  private static List<OperationRecord> operations(Statement ask) throws SQLException {
    List<OperationRecord> operations = new ArrayList<>();
    try (ResultSet row =
        ask.executeQuery(
            "SELECT id, kind, args, stage, state, started, ended, failure, result FROM operation"
                + " ORDER BY number")) {
      while (row.next()) {
        operations.add(
            new OperationRecord(
                row.getString(1),
                row.getString(2),
                object(row.getString(3)),
                row.getString(4),
                OperationRecord.State.valueOf(row.getString(5)),
                instant(row.getString(6)),
                Optional.ofNullable(row.getString(7)).map(IntentRows::instant),
                Optional.ofNullable(row.getString(8)).map(text -> Failure.from(object(text))),
                object(row.getString(9))));
      }
    }
    return operations;
  }

  /** Applies one change, within the caller's transaction. */
  static void apply(Statements statements, IntentChange change) throws SQLException {
    switch (change) {
      case IntentChange.PutProject(ProjectIntent project) ->
          statements.run(
              "INSERT OR REPLACE INTO project (name, manifest, canonical, adopted) VALUES (?, ?, ?, ?)",
              project.name(),
              project.manifest().toString(),
              project.canonical(),
              Times.text(project.adopted()));
      case IntentChange.DropProject(String project) ->
          statements.run("DELETE FROM project WHERE name = ?", project);
      case IntentChange.PutLedger(String project, String unit, Wanted wanted, Json.Obj ledger) ->
          statements.run(
              "INSERT INTO unit (project, name, wanted, ledger) VALUES (?, ?, ?, ?)"
                  + " ON CONFLICT DO UPDATE SET wanted = excluded.wanted, ledger = excluded.ledger",
              project,
              unit,
              wanted.name(),
              JsonText.write(ledger));
      case IntentChange.PutSpec(String project, String unit, String spec) ->
          statements.run(
              "INSERT INTO unit (project, name, spec) VALUES (?, ?, ?)"
                  + " ON CONFLICT DO UPDATE SET spec = excluded.spec",
              project,
              unit,
              spec);
      case IntentChange.DropUnit(String project, String unit) ->
          statements.run("DELETE FROM unit WHERE project = ? AND name = ?", project, unit);
      case IntentChange.PutOperation(OperationRecord op) -> put(statements, op);
      case IntentChange.KeepOperations(int newest) ->
          statements.run(
              "DELETE FROM operation WHERE ended IS NOT NULL"
                  + " AND number <= (SELECT max(number) FROM operation) - CAST(? AS INTEGER)",
              Integer.toString(newest));
      case IntentChange.ForgetOperations(Instant before) ->
          // RFC 3339 in UTC sorts as text up to the seconds, which is as exact as this needs to be.
          statements.run("DELETE FROM operation WHERE ended < ?", Times.text(before));
    }
  }

  private static void put(Statements statements, OperationRecord op) throws SQLException {
    statements.run(
        "INSERT INTO operation (id, kind, args, stage, state, started, ended, failure, result)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET kind = excluded.kind,"
            + " args = excluded.args, stage = excluded.stage, state = excluded.state,"
            + " started = excluded.started, ended = excluded.ended, failure = excluded.failure,"
            + " result = excluded.result",
        op.id(),
        op.kind(),
        JsonText.write(op.args()),
        op.stage(),
        op.state().name(),
        Times.text(op.started()),
        op.ended().map(Times::text).orElse(null),
        op.failure().map(failure -> JsonText.write(failure.json())).orElse(null),
        JsonText.write(op.result()));
  }

  private static Instant instant(String text) {
    return Times.parse(text)
        .orElseThrow(() -> new IllegalArgumentException("not a time: \"" + text + '"'));
  }

  private static Json.Obj object(String text) {
    if (JsonText.read(text) instanceof Json.Obj object) {
      return object;
    }
    throw new IllegalArgumentException("not a JSON object: " + text);
  }

  /** Prepares a statement once and runs it. */
  interface Statements {
    PreparedStatement prepared(String sql) throws SQLException;

    default void run(String sql, @Nullable String... values) throws SQLException {
      PreparedStatement statement = prepared(sql);
      for (int i = 0; i < values.length; i++) {
        statement.setString(i + 1, values[i]);
      }
      statement.executeUpdate();
    }
  }
}
