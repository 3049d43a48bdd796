package pinfold.manifest;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import pinfold.contract.Code;
import pinfold.manifest.SourceValue.Scalar;

/**
 * One walk over a tree: where it is, what it found wrong, how paths are meant. Confined to one
 * thread.
 */
final class Reading {
  final Problems problems;
  private final Optional<Path> home;
  private final Optional<Path> canonical;
  private final Deque<String> path = new ArrayDeque<>();
  private final Deque<Position> keys = new ArrayDeque<>();
  private final Map<String, Position> positions = new HashMap<>();

  /**
   * Starts at the root.
   *
   * @param home what {@code ~} stands for
   * @param canonical for a canonical tree, the file that it came from: nothing is expanded, paths
   *     must be absolute
   */
  Reading(Problems problems, Optional<Path> home, Optional<Path> canonical) {
    this.problems = problems;
    this.home = home;
    this.canonical = canonical;
  }

  /** Goes to a member; every call is paired with {@link #leave}. */
  void enter(String member, Position key, Position at) {
    path.addLast(member);
    keys.addLast(key);
    positions.put(pointer(), at);
  }

  void leave() {
    path.removeLast();
    keys.removeLast();
  }

  /** The member that was entered last; empty at the root. */
  String member() {
    return path.isEmpty() ? "" : path.getLast();
  }

  /** Where the key is whose value is being read, else the given place. */
  Position keyOr(Position at) {
    return keys.isEmpty() ? at : keys.getLast();
  }

  /** Where each value was found, by JSON pointer (RFC 6901). */
  Map<String, Position> positions() {
    return positions;
  }

  private String pointer() {
    return Pointers.of(path);
  }

  /**
   * {@code "stop_timeout" of service "api"}, for messages; {@code of project "shop"} follows in a
   * manifest of several.
   */
  String subject() {
    List<String> members = List.copyOf(path);
    List<String> owners = new ArrayList<>();
    for (String kind : List.of("project", "service")) {
      if (members.size() > 1 && members.getFirst().equals(kind + "s")) {
        owners.addFirst(kind + " \"" + members.get(1) + "\"");
        members = members.subList(2, members.size());
      }
    }
    StringBuilder key = new StringBuilder();
    for (String member : members) {
      if (member.matches("\\d+") && !key.isEmpty()) {
        key.append('[').append(member).append(']');
      } else {
        key.append(key.isEmpty() ? "" : ".").append(member);
      }
    }
    if (!key.isEmpty()) {
      owners.addFirst("\"" + key + "\"");
    }
    return owners.isEmpty() ? "the manifest" : String.join(" of ", owners);
  }

  void wrongKind(SourceValue value, String takes) {
    boolean nothing = value instanceof Scalar s && s.kind() == SourceValue.Kind.NULL;
    String what = nothing ? subject() + " has no value" : subject() + " is " + value.kindWords();
    problems.add(
        Problem.of(Code.WRONG_SHAPE, value.at(), what)
            .why("it takes " + takes)
            .help(nothing ? Optional.of("give it a value, or remove the key") : Optional.empty()));
  }

  /**
   * The absolute path that a text means where it stands: {@code ~} is the home, the rest is below
   * the file's folder.
   */
  Path resolve(String text, Position at) throws Refusal {
    if (text.isBlank() || text.indexOf('\0') >= 0) {
      throw new Refusal(Code.BAD_VALUE, "is no path", "");
    }
    Path written = Path.of(withHome(text));
    if (written.isAbsolute()) {
      return written.normalize();
    }
    if (canonical.isPresent()) {
      throw new Refusal(Code.BAD_VALUE, "is not an absolute path", "");
    }
    return folder(at).resolve(written).normalize();
  }

  /** A leading {@code ~} or {@code ~/} becomes the home. */
  String withHome(String text) {
    boolean begins = text.equals("~") || text.startsWith("~/");
    return canonical.isPresent() || !begins || home.isEmpty()
        ? text
        : home.get() + text.substring(1);
  }

  /** The folder of the file that a place is in. */
  Path folder(Position at) {
    Path file = canonical.orElseGet(() -> Path.of(at.file()));
    Path parent = file.getParent();
    return parent == null ? file : parent;
  }
}
