package pinfold.linux;

import java.util.List;

/** One argument of a {@link Call}: what the child passes, and how a reader sees it. */
public sealed interface Argument {
  /** As strace(1) would print it. */
  String text();

  /** A number, shown by its name where it has one. */
  record Literal(long value, String text) implements Argument {
    static Literal of(long value) {
      return new Literal(value, Long.toString(value));
    }
  }

  /** A descriptor that the child is born with, by its slot in the protocol. */
  record Slot(int slot) implements Argument {
    static final int REPORT = 0;
    static final int GATE = 1;
    static final int OUT = 2;
    static final int ERR = 3;
    static final int FIRST = 4;

    @Override
    public String text() {
      return switch (slot) {
        case REPORT -> "{report}";
        case GATE -> "{gate}";
        case OUT -> "{stdout pipe}";
        case ERR -> "{stderr pipe}";
        default -> "{received " + (slot - FIRST) + "}";
      };
    }
  }

  /** The result of an earlier call, by its cell. */
  record Result(int cell) implements Argument {
    @Override
    public String text() {
      return "{result " + cell + "}";
    }
  }

  /** The address of a NUL-terminated string. */
  record Text(String value) implements Argument {
    @Override
    public String text() {
      return Quote.quote(value);
    }
  }

  /** The address of a structure: 64-bit words as the machine has them, shown in words. */
  record Words(List<Long> words, String text) implements Argument {
    public Words {
      words = List.copyOf(words);
    }
  }

  /** The address of a NULL-terminated array of strings. */
  record Strings(List<PlanString> strings) implements Argument {
    public Strings {
      strings = List.copyOf(strings);
    }

    @Override
    public String text() {
      StringBuilder text = new StringBuilder("[");
      for (PlanString string : strings) {
        text.append(text.length() == 1 ? "" : ", ").append(Quote.quote(string.text()));
      }
      return text.append(']').toString();
    }
  }
}
