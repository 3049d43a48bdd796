package pinfold.supervisor;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import pinfold.core.BirthId;
import pinfold.linux.Fd;
import pinfold.linux.FdPair;
import pinfold.linux.Keeper;
import pinfold.linux.KeeperEvent;
import pinfold.linux.Poller;
import pinfold.linux.SystemCallException;
import pinfold.linux.UnixConnection;

/// The writing ends of the inputs of services with `stdin: open`. The keeper holds each, so that no
/// service finds its input at an end because a supervisor did. Any thread.
final class OpenInputs {
  private static final String PREFIX = "stdin/";

  /// @param key under which the keeper holds it
  /// @param end our own copy
  private record Input(long key, Fd end) {}

  private final Keeper keeper;
  private final HeldKeys keys;
  private final Poller poller;
  private final Map<BirthId, Input> inputs = new ConcurrentHashMap<>();

  OpenInputs(Keeper keeper, HeldKeys keys, Poller poller) {
    this.keeper = keeper;
    this.keys = keys;
    this.poller = poller;
  }

  /// Makes the input of a birth.
  ///
  /// @return the end that the service reads; the caller closes it when the birth is asked for
  Fd open(BirthId birth) throws SystemCallException {
    FdPair pipe = FdPair.pipe();
    Input input = new Input(keys.next(), pipe.second());
    keeper.hold(input.key(), PREFIX + birth.value(), false, pipe.second());
    inputs.put(birth, input);
    return pipe.first();
  }

  /// Takes over what an earlier supervisor had the keeper hold; the input of a birth that nobody
  /// knows is closed.
  ///
  /// @return whether it is an input, and ours from now on
  boolean found(KeeperEvent.Held held, Set<BirthId> known) {
    if (!held.name().startsWith(PREFIX)) {
      return false;
    }
    BirthId birth;
    try {
      birth = new BirthId(UUID.fromString(held.name().substring(PREFIX.length())));
    } catch (IllegalArgumentException _) {
      return false;
    }
    inputs.put(birth, new Input(held.key(), held.descriptor()));
    if (!known.contains(birth)) {
      close(birth);
    }
    return true;
  }

  /// A way to write to a birth's input, closed by the caller; empty when it has none. Writing fails
  /// once nobody reads.
  Optional<UnixConnection> writer(BirthId birth) throws IOException {
    Input input = inputs.get(birth);
    return input == null
        ? Optional.empty()
        : Optional.of(UnixConnection.of(input.end().duplicate(), poller));
  }

  /// The birth is over.
  void close(BirthId birth) {
    Input input = inputs.remove(birth);
    if (input != null) {
      keeper.unhold(input.key());
      input.end().close();
    }
  }
}
