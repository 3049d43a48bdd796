package pinfold.supervisor;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import pinfold.core.Notice;

/// One message of a service on its notify socket, as sd_notify(3) defines it.
///
/// A service wrote it, so it is hostile until parsed: [#parse] bounds it, takes what it knows and
/// leaves out what it does not, as the manual page asks ("unknown assignments are ignored").
///
/// @param notices what the core has to know, in the order of the message
/// @param store name under which the descriptors that came along are to be kept (`FDSTORE=1`)
/// @param watched whether a descriptor is let go when its other end hangs up (not with `FDPOLL=0`)
/// @param remove name of stored descriptors to be closed (`FDSTOREREMOVE=1`)
record NotifyMessage(
    List<Notice> notices, Optional<String> store, boolean watched, Optional<String> remove) {
  /// Longest message that is looked at, in bytes; the same bound as systemd's.
  static final int MAX_BYTES = 4096;

  /// Longest status text that is kept, in characters.
  static final int MAX_STATUS = 512;

  /// Longest name of a stored descriptor, sd_pid_notify_with_fds(3).
  static final int MAX_FD_NAME = 255;

  private static final NotifyMessage NOTHING =
      new NotifyMessage(List.of(), Optional.empty(), true, Optional.empty());

  private static final Duration YEAR = Duration.ofDays(365);

  NotifyMessage {
    notices = List.copyOf(notices);
  }

  /// Parses one datagram. Lines that are unknown, out of range or not text are left out; an
  /// over-long message or one with a NUL inside says nothing at all.
  static NotifyMessage parse(byte[] message) {
    int length = message.length;
    while (length > 0 && message[length - 1] == 0) {
      length--;
    }
    if (length > MAX_BYTES) {
      return NOTHING;
    }
    String text;
    try {
      text =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(message, 0, length))
              .toString();
    } catch (CharacterCodingException _) {
      return NOTHING;
    }
    if (text.indexOf('\0') >= 0) {
      return NOTHING;
    }
    List<Notice> notices = new ArrayList<>(4);
    boolean store = false;
    boolean watched = true;
    boolean remove = false;
    String name = "stored";
    for (String line : text.lines().toList()) {
      int equals = line.indexOf('=');
      if (equals > 0) {
        String key = line.substring(0, equals);
        String value = line.substring(equals + 1);
        store |= key.equals("FDSTORE") && value.equals("1");
        watched &= !(key.equals("FDPOLL") && value.equals("0"));
        remove |= key.equals("FDSTOREREMOVE") && value.equals("1");
        if (key.equals("FDNAME") && validName(value)) {
          name = value;
        }
        notice(key, value).ifPresent(notices::add);
      }
    }
    return new NotifyMessage(
        notices,
        store ? Optional.of(name) : Optional.empty(),
        watched,
        remove ? Optional.of(name) : Optional.empty());
  }

  private static Optional<Notice> notice(String key, String value) {
    return switch (key) {
      case "READY" -> flag(value, new Notice.Ready());
      case "STOPPING" -> flag(value, new Notice.Stopping());
      case "RELOADING" -> flag(value, new Notice.Reloading());
      case "STATUS" -> Optional.of(new Notice.Status(printable(value)));
      case "WATCHDOG" ->
          value.equals("trigger")
              ? Optional.of(new Notice.Trigger())
              : flag(value, new Notice.Alive());
      case "WATCHDOG_USEC" -> micros(value).map(Notice.WatchdogInterval::new);
      case "EXTEND_TIMEOUT_USEC" -> micros(value).map(Notice.ExtendTimeout::new);
      case "MAINPID" ->
          number(value, 7)
              .filter(pid -> pid >= 1 && pid <= PidFile.MAX_PID)
              .map(pid -> new Notice.MainPid(pid.intValue()));
      default -> Optional.empty();
    };
  }

  private static Optional<Notice> flag(String value, Notice notice) {
    return value.equals("1") ? Optional.of(notice) : Optional.empty();
  }

  private static boolean validName(String name) {
    return !name.isEmpty()
        && name.length() <= MAX_FD_NAME
        && name.chars().allMatch(c -> c > ' ' && c < 0x7f && c != ':');
  }

  private static String printable(String text) {
    StringBuilder kept = new StringBuilder(Math.min(text.length(), MAX_STATUS));
    text.codePoints()
        .limit(MAX_STATUS)
        .forEach(c -> kept.appendCodePoint(Character.isISOControl(c) ? ' ' : c));
    return kept.toString().strip();
  }

  /// At most a year: longer is as good as for ever, and stays far from overflowing anything.
  private static Optional<Duration> micros(String value) {
    return number(value, 18)
        .map(micros -> Duration.ofSeconds(micros / 1_000_000, micros % 1_000_000 * 1000))
        .map(time -> time.compareTo(YEAR) > 0 ? YEAR : time);
  }

  private static Optional<Long> number(String value, int digits) {
    boolean valid =
        !value.isEmpty()
            && value.length() <= digits
            && value.chars().allMatch(c -> c >= '0' && c <= '9');
    return valid ? Optional.of(Long.parseLong(value)) : Optional.empty();
  }
}
