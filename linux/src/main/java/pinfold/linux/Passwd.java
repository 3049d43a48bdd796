package pinfold.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * The account database as libc sees it, directory services included (getpwuid_r(3)). Bound when it
 * is asked for, which is where /etc/passwd does not know the user.
 */
final class Passwd {
  private static final MethodHandle GETPWUID_R = bind();

  /** struct passwd of 64-bit Linux: name, password, uid, gid, gecos, directory, shell. */
  private static final int STRUCT = 48;

  private static final int GID = 20;
  private static final int DIRECTORY = 32;
  private static final int SHELL = 40;
  private static final int BUFFER = 16_384;

  private Passwd() {}

  @SuppressWarnings("restricted") // the grant to this module is given by the launcher
  private static MethodHandle bind() {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow("getpwuid_r"),
        FunctionDescriptor.of(
            ValueLayout.JAVA_INT,
            ValueLayout.JAVA_INT,
            ValueLayout.ADDRESS,
            ValueLayout.ADDRESS,
            ValueLayout.JAVA_LONG,
            ValueLayout.ADDRESS));
  }

  /** Empty when there is no such account, or its service does not answer. */
  static Optional<User> find(int uid) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment entry = arena.allocate(STRUCT, 8);
      MemorySegment buffer = arena.allocate(BUFFER);
      MemorySegment found = arena.allocate(ValueLayout.ADDRESS);
      int error = (int) GETPWUID_R.invokeExact(uid, entry, buffer, (long) BUFFER, found);
      if (error != 0 || found.get(ValueLayout.ADDRESS, 0).address() == 0) {
        return Optional.empty();
      }
      String directory = text(entry, DIRECTORY, buffer);
      String shell = text(entry, SHELL, buffer);
      return Optional.of(
          new User(
              uid,
              entry.get(ValueLayout.JAVA_INT, GID),
              text(entry, 0, buffer),
              directory.isEmpty() ? "/" : directory,
              shell.isEmpty() ? "/bin/sh" : shell));
    } catch (Error | RuntimeException thrown) {
      throw thrown;
    } catch (Throwable thrown) {
      throw new AssertionError(thrown);
    }
  }

  /** Strings lie in the buffer, or are constants of libc, which are left out. */
  private static String text(MemorySegment entry, int offset, MemorySegment buffer) {
    long at = entry.get(ValueLayout.ADDRESS, offset).address() - buffer.address();
    return at >= 0 && at < BUFFER ? buffer.asSlice(at).getString(0) : "";
  }
}
