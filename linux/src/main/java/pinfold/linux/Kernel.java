package pinfold.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The one way into the kernel: syscall(2). One native method of one shape is bound, whatever is
 * called, because each further shape costs the start of every command some milliseconds.
 *
 * <p>The calling (platform or virtual) thread is blocked in the kernel for as long as the call
 * takes; calls that can wait belong on platform threads.
 */
final class Kernel {
  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final long ERRNO =
      STATE.byteOffset(MemoryLayout.PathElement.groupElement("errno"));
  private static final MethodHandle SYSCALL = bind();

  private Kernel() {}

  @SuppressWarnings("restricted") // the grant to this module is given by the launcher
  private static MethodHandle bind() {
    Linker linker = Linker.nativeLinker();
    ValueLayout.OfLong word = ValueLayout.JAVA_LONG;
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow("syscall"),
        FunctionDescriptor.of(word, word, word, word, word, word, word, word),
        Linker.Option.firstVariadicArg(1),
        Linker.Option.captureCallState("errno"));
  }

  /** The result, or the negated error number. EINTR is returned like any other. */
  static long call(Sys call, long a, long b, long c, long d, long e, long f) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      long result = (long) SYSCALL.invokeExact(state, (long) call.number(), a, b, c, d, e, f);
      return result == -1 ? -state.get(ValueLayout.JAVA_INT, ERRNO) : result;
    } catch (Error | RuntimeException thrown) {
      throw thrown;
    } catch (Throwable thrown) {
      throw new AssertionError(thrown);
    }
  }

  static long call(Sys call, long a, long b, long c) {
    return call(call, a, b, c, 0, 0, 0);
  }

  static long call(Sys call, long a) {
    return call(call, a, 0, 0, 0, 0, 0);
  }

  /**
   * The result of a call that must succeed; an interrupted one is repeated.
   *
   * @param action for the message: "open /dev/null"
   */
  static long must(String action, Sys call, long a, long b, long c, long d, long e, long f)
      throws SystemCallException {
    while (true) {
      long result = call(call, a, b, c, d, e, f);
      if (result >= 0) {
        return result;
      }
      if (result != -Errno.EINTR.number()) {
        throw failure(action, call, result);
      }
    }
  }

  static long must(String action, Sys call, long a, long b, long c) throws SystemCallException {
    return must(action, call, a, b, c, 0, 0, 0);
  }

  static SystemCallException failure(String action, Sys call, long result) {
    return new SystemCallException(call.label(), action, new Errno((int) -result));
  }
}
