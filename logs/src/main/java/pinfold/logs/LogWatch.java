package pinfold.logs;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Waits for changes in folders: by inotify(7), and by looking again after a while, always. For one
 * thread.
 */
final class LogWatch implements AutoCloseable {
  /** How long nothing is looked at when everything is watched. */
  private static final long WATCHED_MS = 1000;

  /**
   * The same when a folder is not there yet, or cannot be watched (fs.inotify.max_user_instances).
   */
  private static final long POLLED_MS = 200;

  private final Set<Path> folders;
  private final Map<Path, WatchKey> keys = new HashMap<>();
  private @Nullable WatchService watcher;

  LogWatch(Set<Path> folders) {
    this.folders = folders;
    try {
      watcher = FileSystems.getDefault().newWatchService();
    } catch (IOException e) {
      watcher = null; // the user's inotify instances are used up: polling serves too
    }
    register();
  }

  private void register() {
    WatchService service = watcher;
    if (service == null) {
      return;
    }
    for (Path folder : folders) {
      WatchKey known = keys.get(folder);
      if (known == null || !known.isValid()) {
        try {
          keys.put(folder, folder.register(service, ENTRY_CREATE, ENTRY_MODIFY, ENTRY_DELETE));
        } catch (IOException e) {
          keys.remove(folder); // not there yet, or no watch is left: looked at by time
        }
      }
    }
  }

  /**
   * Waits.
   *
   * @return folders in which something changed; empty after a while without any change: then all
   *     are to be looked at
   */
  Set<Path> await() throws InterruptedException {
    register();
    WatchService service = watcher;
    if (service == null) {
      Thread.sleep(POLLED_MS);
      return Set.of();
    }
    boolean complete = keys.size() == folders.size();
    WatchKey key = service.poll(complete ? WATCHED_MS : POLLED_MS, TimeUnit.MILLISECONDS);
    Set<Path> changed = new HashSet<>();
    while (key != null) {
      key.pollEvents();
      key.reset();
      changed.add((Path) key.watchable());
      key = service.poll();
    }
    return changed;
  }

  @Override
  public void close() throws IOException {
    if (watcher != null) {
      watcher.close();
    }
  }
}
