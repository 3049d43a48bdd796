package pinfold.supervisor;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One line of a notify message, as sd_notify(3) defines it.
///
/// A message comes from a service, so it is hostile until parsed: [#parse] bounds it, takes what it
/// knows and leaves out what it does not, as the manual page asks ("unknown assignments are
/// ignored").
sealed interface Notice {
  /// Longest message that is looked at, in bytes; the same bound as systemd's.
  int MAX_MESSAGE = 4096;

  /// Longest status text that is kept, in characters.
  int MAX_STATUS = 512;

  /// Longest name of a stored descriptor, sd_pid_notify_with_fds(3).
  int MAX_FD_NAME = 255;

  /// `READY=1`: start-up, or the reload that was announced, is complete.
  record Ready() implements Notice {}

  /// `STOPPING=1`: the service begins to shut down.
  record Stopping() implements Notice {}

  /// `RELOADING=1`: the service re-reads its configuration and will say `READY=1` again.
  record Reloading() implements Notice {}

  /// `STATUS=`: one line for people.
  record Status(String text) implements Notice {}

  /// `MAINPID=`: the process that counts as the main one from now on.
  record MainPid(int pid) implements Notice {}

  /// `WATCHDOG=1`: the service is alive.
  record Alive() implements Notice {}

  /// `WATCHDOG=trigger`: the service found itself to be broken.
  record Trigger() implements Notice {}

  /// `WATCHDOG_USEC=`: another interval from now on; zero switches the watchdog off.
  record WatchdogInterval(Duration interval) implements Notice {}

  /// `EXTEND_TIMEOUT_USEC=`: the current start or stop may take this long from now.
  record Extend(Duration by) implements Notice {}

  /// `FDSTORE=1` with `FDNAME=`: keep the descriptors that came along.
  record Store(String name) implements Notice {}

  /// `FDSTOREREMOVE=1` with `FDNAME=`: close the stored descriptors of this name.
  record Unstore(String name) implements Notice {}

  /// `BARRIER=1`: the descriptor that came along is closed once everything sent before was taken.
  record Barrier() implements Notice {}

  /// Parses one datagram. Lines that are unknown, out of range or not text are left out; an
  /// over-long message or one with a NUL inside yields nothing at all.
  static List<Notice> parse(byte[] message) {
    int length = message.length;
    while (length > 0 && message[length - 1] == 0) {
      length--;
    }
    if (length > MAX_MESSAGE) {
      return List.of();
    }
    String text;
    try {
      text =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(message, 0, length))
              .toString();
    } catch (CharacterCodingException _) {
      return List.of();
    }
    if (text.indexOf('\0') >= 0) {
      return List.of();
    }
    List<String> lines = text.lines().toList();
    List<Notice> notices = new ArrayList<>(4);
    String fdName = fdName(lines);
    for (String line : lines) {
      notice(line, fdName).ifPresent(notices::add);
    }
    return List.copyOf(notices);
  }

  private static Optional<Notice> notice(String line, String fdName) {
    int equals = line.indexOf('=');
    if (equals <= 0) {
      return Optional.empty();
    }
    String value = line.substring(equals + 1);
    return switch (line.substring(0, equals)) {
      case "READY" -> flag(value, new Ready());
      case "STOPPING" -> flag(value, new Stopping());
      case "RELOADING" -> flag(value, new Reloading());
      case "BARRIER" -> flag(value, new Barrier());
      case "FDSTORE" -> flag(value, new Store(fdName));
      case "FDSTOREREMOVE" -> flag(value, new Unstore(fdName));
      case "STATUS" -> Optional.of(new Status(printable(value)));
      case "WATCHDOG" ->
          value.equals("trigger") ? Optional.of(new Trigger()) : flag(value, new Alive());
      case "WATCHDOG_USEC" -> micros(value).map(WatchdogInterval::new);
      case "EXTEND_TIMEOUT_USEC" -> micros(value).map(Extend::new);
      case "MAINPID" -> pid(value).map(MainPid::new);
      case null, default -> Optional.empty();
    };
  }

  private static Optional<Notice> flag(String value, Notice notice) {
    return value.equals("1") ? Optional.of(notice) : Optional.empty();
  }

  /// `FDNAME` holds for the whole message wherever it stands; without a valid one the name is
  /// "stored".
  private static String fdName(List<String> lines) {
    for (String line : lines) {
      if (line.startsWith("FDNAME=")) {
        String name = line.substring("FDNAME=".length());
        boolean valid =
            !name.isEmpty()
                && name.length() <= MAX_FD_NAME
                && name.chars().allMatch(c -> c > ' ' && c < 0x7f && c != ':');
        return valid ? name : "stored";
      }
    }
    return "stored";
  }

  private static String printable(String text) {
    StringBuilder kept = new StringBuilder(Math.min(text.length(), MAX_STATUS));
    text.codePoints()
        .limit(MAX_STATUS)
        .forEach(c -> kept.appendCodePoint(Character.isISOControl(c) ? ' ' : c));
    return kept.toString().strip();
  }

  private static Optional<Duration> micros(String value) {
    return number(value, 18)
        .map(micros ->
            Duration.ofNanos(Math.multiplyExact(Math.min(micros, 31_536_000_000_000L), 1000)));
  }

  private static Optional<Integer> pid(String value) {
    return number(value, 7).filter(pid -> pid >= 1 && pid <= PidFile.MAX_PID).map(Long::intValue);
  }

  private static Optional<Long> number(String value, int digits) {
    boolean valid =
        !value.isEmpty()
            && value.length() <= digits
            && value.chars().allMatch(c -> c >= '0' && c <= '9');
    return valid ? Optional.of(Long.parseLong(value)) : Optional.empty();
  }
}
