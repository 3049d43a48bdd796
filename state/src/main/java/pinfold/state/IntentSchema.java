package pinfold.state;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import pinfold.contract.Code;
import pinfold.contract.Failure;
import pinfold.contract.PinfoldException;

/**
 * The tables of the database, as the steps that made them: in order, forward only, one transaction
 * each.
 */
final class IntentSchema {
  /**
   * Migration n brings `PRAGMA user_version` from n to n + 1. What was released is never changed,
   * only added to.
   */
  static final List<List<String>> MIGRATIONS =
      List.of(
          List.of(
              """
              CREATE TABLE project (
                name TEXT PRIMARY KEY, manifest TEXT NOT NULL, canonical TEXT NOT NULL,
                adopted TEXT NOT NULL) STRICT, WITHOUT ROWID\
              """,
              """
              CREATE TABLE unit (
                project TEXT NOT NULL, name TEXT NOT NULL, wanted TEXT NOT NULL DEFAULT 'DOWN',
                ledger TEXT NOT NULL DEFAULT '{}', spec TEXT,
                PRIMARY KEY (project, name)) STRICT, WITHOUT ROWID\
              """,
              """
              CREATE TABLE operation (
                number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, args TEXT NOT NULL,
                stage TEXT NOT NULL, state TEXT NOT NULL, started TEXT NOT NULL, ended TEXT,
                failure TEXT, result TEXT NOT NULL) STRICT\
              """));

  private IntentSchema() {}

  static int version(Connection db) throws SQLException {
    try (Statement ask = db.createStatement();
        ResultSet answer = ask.executeQuery("PRAGMA user_version")) {
      return answer.getInt(1);
    }
  }

  /**
   * Refuses a database that a newer release has changed; nothing is touched.
   *
   * @throws PinfoldException {@link Code#INTENT_NEWER}
   */
  static void known(int version, String file) {
    if (version < 0 || version > MIGRATIONS.size()) {
      throw Failure.of(
              Code.INTENT_NEWER,
              "%s has schema %d; this release knows %d".formatted(file, version, MIGRATIONS.size()))
          .with("file", file)
          .tryNext("the newer release of pinfold that wrote it")
          .exception();
    }
  }

  /** Brings the tables up to date. */
  static void migrate(Connection db, int from, List<List<String>> migrations) throws SQLException {
    for (int version = from; version < migrations.size(); version++) {
      db.setAutoCommit(false);
      try (Statement change = db.createStatement()) {
        for (String sql : migrations.get(version)) {
          change.executeUpdate(sql);
        }
        change.executeUpdate("PRAGMA user_version = " + (version + 1));
        db.commit();
      } catch (SQLException e) {
        db.rollback();
        throw e;
      } finally {
        db.setAutoCommit(true);
      }
    }
  }
}
