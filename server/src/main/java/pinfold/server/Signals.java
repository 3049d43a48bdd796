package pinfold.server;

import java.lang.System.Logger.Level;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import pinfold.supervisor.Supervisor;

/// What signals mean to the supervisor: TERM and INT end it and leave the services alone, HUP has
/// it read its manifests again.
///
/// A JVM hears signals through `sun.misc.Signal` of the module jdk.unsupported and nothing else.
/// Reflection, because javac has no way to accept its use without a warning.
final class Signals {
  private static final System.Logger LOG = System.getLogger("supervisor");

  private Signals() {}

  /// Listens from now on.
  static void watch(Supervisor supervisor, Runnable reload) {
    Runnable standDown =
        () -> {
          LOG.log(Level.INFO, "asked to end by a signal; the services are left alone");
          supervisor.standDown();
        };
    handle(
        Map.of(
            "TERM", standDown,
            "INT", standDown,
            "HUP", () -> Thread.ofVirtual().name("reload").start(reload)));
  }

  private static void handle(Map<String, Runnable> actions) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Method handle = signal.getMethod("handle", signal, handler);
      for (Map.Entry<String, Runnable> action : actions.entrySet()) {
        Object heard =
            Proxy.newProxyInstance(
                Signals.class.getClassLoader(),
                new Class<?>[] {handler},
                (proxy, method, arguments) -> answer(proxy, method, arguments, action.getValue()));
        handle.invoke(
            null, signal.getConstructor(String.class).newInstance(action.getKey()), heard);
      }
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("this JDK has no sun.misc.Signal", e);
    }
  }

  @SuppressWarnings("ReferenceEquality") // a proxy is equal to itself only
  private static @Nullable Object answer(
      Object proxy, Method method, Object @Nullable [] arguments, Runnable action) {
    return switch (method.getName()) {
      case "handle" -> {
        action.run();
        yield null;
      }
      case "hashCode" -> System.identityHashCode(proxy);
      case "equals" -> arguments != null && arguments[0] == proxy;
      default -> "signal handler";
    };
  }
}
