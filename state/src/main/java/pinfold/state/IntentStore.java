package pinfold.state;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.sqlite.JDBC;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import pinfold.contract.Code;
import pinfold.contract.Failure;
import pinfold.contract.PinfoldException;

/**
 * The database of what is wanted: SQLite with a write-ahead log, synchronous FULL. One thread of
 * its own writes: what is asked for while it commits goes into the next transaction together. Any
 * thread may ask.
 *
 * <p>The native library is unpacked by sqlite-jdbc into the temporary folder, unless
 * `org.sqlite.lib.path` (folder) and `org.sqlite.lib.name` name it; in the jar it is {@link
 * #LIBRARY}.
 */
public final class IntentStore implements AutoCloseable {
  /**
   * Path of the native library for x86-64 in the jar of sqlite-jdbc; for aarch64 the folder is
   * `aarch64`.
   */
  public static final String LIBRARY = "org/sqlite/native/Linux/x86_64/libsqlitejdbc.so";

  private static final int BUSY_MS = 5000;

  /** Changes to be made durable together. */
  private record Batch(List<IntentChange> changes, CompletableFuture<@Nullable Void> done) {}

  private static final Batch END = new Batch(List.of(), new CompletableFuture<>());

  private final Path file;
  private final Connection db;
  private final Intent found;
  private final Map<String, PreparedStatement> prepared = new HashMap<>();
  private final BlockingQueue<Batch> queue = new LinkedBlockingQueue<>();
  private final Thread writer;
  private final Object gate = new Object();
  private boolean closed;

  private IntentStore(Path file, Connection db, Intent found) {
    this.file = file;
    this.db = db;
    this.found = found;
    this.writer = Thread.ofPlatform().name("intent").daemon().start(this::write);
  }

  /**
   * Opens the database for its only writer, makes it if there is none, and brings its schema up to
   * date.
   *
   * @throws PinfoldException {@link Code#INTENT_NEWER}, {@link Code#INTENT_UNREADABLE} (nothing is
   *     changed or removed then), {@link Code#STATE_WRITE_FAILED}
   */
  public static IntentStore open(Places places) {
    refuseEmptied(places);
    return open(places.intent());
  }

  static IntentStore open(Path file) {
    return open(file, IntentSchema.MIGRATIONS);
  }

  static IntentStore open(Path file, List<List<String>> migrations) {
    try {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    } catch (FileAlreadyExistsException e) {
      // The usual case.
    } catch (IOException e) {
      throw unwritable(file, e);
    }
    Connection db = null;
    try {
      db = connect(file, "rw");
      int version = IntentSchema.version(db);
      IntentSchema.known(version, file.toString());
      try (Statement set = db.createStatement()) {
        set.execute("PRAGMA journal_mode = WAL");
        set.execute("PRAGMA synchronous = FULL");
      }
      IntentSchema.migrate(db, version, migrations);
      return new IntentStore(file, db, IntentRows.read(db));
    } catch (SQLException | RuntimeException e) {
      close(db, e);
      throw failed(file, e);
    }
  }

  /**
   * Reads what there is without changing it, also while a supervisor writes; nothing when there is
   * no database.
   *
   * @throws PinfoldException {@link Code#INTENT_NEWER}, {@link Code#INTENT_UNREADABLE}
   */
  public static Intent peek(Places places) {
    refuseEmptied(places);
    return peek(places.intent());
  }

  /**
   * SQLite takes an empty file for a new database, and a supervisor would end every service as
   * unwanted. A file is empty only until the first supervisor has served, and then the journal has
   * begun.
   */
  private static void refuseEmptied(Places places) {
    Path file = places.intent();
    try {
      if (Files.exists(file)
          && Files.size(file) == 0
          && !JournalFile.list(places.journal()).isEmpty()) {
        throw failed(file, new IOException("it is empty, and it was not"));
      }
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  static Intent peek(Path file) {
    if (!Files.exists(file)) {
      return Intent.NOTHING;
    }
    Connection db = null;
    try {
      db = connect(file, "ro");
      int version = IntentSchema.version(db);
      IntentSchema.known(version, file.toString());
      // Not yet migrated: nothing was ever saved.
      Intent found = version == 0 ? Intent.NOTHING : IntentRows.read(db);
      db.close();
      return found;
    } catch (SQLException | RuntimeException e) {
      close(db, e);
      throw failed(file, e);
    }
  }

  private static Connection connect(Path file, String mode) throws SQLException {
    Properties settings = new Properties();
    settings.setProperty("busy_timeout", Integer.toString(BUSY_MS));
    if (mode.equals("ro")) {
      settings.setProperty("open_mode", "1"); // SQLITE_OPEN_READONLY
    }
    return JDBC.createConnection("jdbc:sqlite:" + file, settings);
  }

  private static void close(@Nullable Connection db, Throwable why) {
    if (db != null) {
      try {
        db.close();
      } catch (SQLException e) {
        why.addSuppressed(e);
      }
    }
  }

  /** What was there when it was opened. */
  public Intent found() {
    return found;
  }

  /**
   * Makes changes, all or none, in the order of the calls.
   *
   * @return completed by the writing thread when they are durable, or with a {@link
   *     PinfoldException}: {@link Code#DISK_FULL}, {@link Code#STATE_WRITE_FAILED}; what follows is
   *     tried all the same
   * @throws IllegalStateException after {@link #close}
   */
  public CompletableFuture<@Nullable Void> write(List<IntentChange> changes) {
    Batch batch = new Batch(List.copyOf(changes), new CompletableFuture<>());
    synchronized (gate) {
      if (closed) {
        throw new IllegalStateException("the database was closed");
      }
      queue.add(batch);
    }
    return batch.done;
  }

  private void write() {
    List<Batch> group = new ArrayList<>();
    boolean open = true;
    while (open) {
      group.clear();
      try {
        group.add(queue.take());
      } catch (InterruptedException e) {
        continue; // nobody has a reason to; the end is a batch of its own
      }
      queue.drainTo(group);
      open = !group.remove(END);
      if (!group.isEmpty()) {
        commit(group);
      }
    }
  }

  /**
   * Several at once; when that fails, one by one, so that a bad one does not take the others with
   * it.
   */
  private void commit(List<Batch> group) {
    try {
      transaction(group);
      group.forEach(batch -> batch.done.complete(null));
    } catch (SQLException | RuntimeException e) {
      if (group.size() == 1) {
        group.getFirst().done.completeExceptionally(unwritable(file, e));
      } else {
        group.forEach(batch -> commit(List.of(batch)));
      }
    }
  }

  private void transaction(List<Batch> group) throws SQLException {
    db.setAutoCommit(false);
    try {
      for (Batch batch : group) {
        for (IntentChange change : batch.changes) {
          IntentRows.apply(this::prepare, change);
        }
      }
      db.commit();
    } catch (SQLException | RuntimeException e) {
      db.rollback();
      throw e;
    } finally {
      db.setAutoCommit(true);
    }
  }

  private PreparedStatement prepare(String sql) throws SQLException {
    PreparedStatement known = prepared.get(sql);
    if (known == null) {
      known = db.prepareStatement(sql);
      prepared.put(sql, known);
    }
    return known;
  }

  /**
   * Waits until everything that was asked for is durable, then closes. A second time does nothing.
   */
  @Override
  public void close() {
    synchronized (gate) {
      if (!closed) {
        closed = true;
        queue.add(END);
      }
    }
    Joining.uninterruptibly(writer);
    try {
      db.close();
    } catch (SQLException e) {
      throw unwritable(file, e);
    }
  }

  private static PinfoldException failed(Path file, Exception e) {
    if (e instanceof PinfoldException known
        && known.failure().code().equals(Code.INTENT_NEWER.id())) {
      return known;
    }
    Failure failure =
        Failure.of(Code.INTENT_UNREADABLE, "cannot read " + file + ": " + reason(e))
            .with("file", file.toString())
            .tryNext(
                "mv "
                    + file
                    + " "
                    + file
                    + ".damaged    (then pinfold up each project again; what runs is started anew)");
    return new PinfoldException(failure, e);
  }

  private static PinfoldException unwritable(Path file, Exception e) {
    boolean full =
        e instanceof SQLiteException sqlite
            && sqlite.getResultCode() == SQLiteErrorCode.SQLITE_FULL;
    Failure failure =
        Failure.of(
                full ? Code.DISK_FULL : Code.STATE_WRITE_FAILED,
                "cannot write " + file + ": " + reason(e))
            .with("file", file.toString());
    return new PinfoldException(failure, e);
  }

  private static String reason(Exception e) {
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }
}
