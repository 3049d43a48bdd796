package pinfold.linux;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** Writes a plan as struct pf_plan of native/protocol.h: header, calls, relocations, data. */
final class PlanEncoder {
  static final long MAGIC = 0x314e_4c50_4449_4650L;
  static final int HEADER = 40;
  static final int CALL = 72;
  static final int MAX_CALLS = 4096;

  private static final int PID_BYTES = 11;

  private final ByteArrayOutputStream data = new ByteArrayOutputStream();
  private final List<Integer> relocations = new ArrayList<>();
  private final List<long[]> patches = new ArrayList<>();

  /** Arguments that calls share are one object, and are written once. */
  private final IdentityHashMap<Argument, Integer> known = new IdentityHashMap<>();

  private final Map<String, Integer> texts = new HashMap<>();
  private int idOffset;
  private int pidOffset;

  private PlanEncoder() {
    // Offset 0 means "none" for the two places that the child fills in, so nothing begins there.
    data.writeBytes(new byte[8]);
  }

  static byte[] encode(List<Step> steps) {
    return new PlanEncoder().plan(steps.stream().flatMap(step -> step.calls().stream()).toList());
  }

  private byte[] plan(List<Call> calls) {
    if (calls.size() > MAX_CALLS) {
      throw new IllegalArgumentException(
          "a plan has at most " + MAX_CALLS + " calls, not " + calls.size());
    }
    byte[] entries = new byte[calls.size() * CALL];
    ByteBuffer table = buffer(entries);
    for (Call call : calls) {
      write(table, call);
    }
    align(8);
    byte[] content = data.toByteArray();
    ByteBuffer words = buffer(content);
    for (long[] patch : patches) {
      words.putLong((int) patch[0], patch[1]);
    }
    int relocOffset = HEADER + entries.length;
    int dataOffset = (relocOffset + 4 * relocations.size() + 15) & ~15;
    int size = dataOffset + content.length;
    if (size > SpawnPlan.MAX_BYTES) {
      throw new IllegalArgumentException(
          "arguments and environment need a plan of "
              + size
              + " bytes, more than "
              + SpawnPlan.MAX_BYTES);
    }
    byte[] encoded = new byte[size];
    ByteBuffer plan = buffer(encoded);
    plan.putLong(MAGIC).putInt(size).putInt(calls.size());
    plan.putInt(relocOffset).putInt(relocations.size());
    plan.putInt(dataOffset).putInt(content.length).putInt(idOffset).putInt(pidOffset);
    plan.put(entries);
    for (int offset : relocations) {
      plan.putInt(offset);
    }
    plan.put(dataOffset, content);
    return encoded;
  }

  private void write(ByteBuffer table, Call call) {
    int start = table.position();
    table.putInt(call.number()).put((byte) call.mode().number());
    table.put((byte) (call.store() + 1)).putShort((short) call.skip());
    int kinds = table.position();
    table.position(kinds + 8);
    for (int i = 0; i < call.arguments().size(); i++) {
      Argument argument = call.arguments().get(i);
      byte kind =
          switch (argument) {
            case Argument.Literal(long value, _) -> {
              table.putLong(value);
              yield 0;
            }
            case Argument.Slot(int slot) -> {
              table.putLong(slot);
              yield 2;
            }
            case Argument.Result(int cell) -> {
              table.putLong(cell);
              yield 3;
            }
            case Argument.Text(String value) -> {
              table.putLong(text(value));
              yield 1;
            }
            case Argument.Words words -> {
              table.putLong(words(words));
              yield 1;
            }
            case Argument.Strings strings -> {
              table.putLong(strings(strings));
              yield 1;
            }
          };
      table.put(kinds + i, kind);
    }
    table.position(start + CALL - 8);
    table.putLong(call.expected());
  }

  private int strings(Argument.Strings strings) {
    Integer before = known.get(strings);
    if (before != null) {
      return before;
    }
    int[] offsets = new int[strings.strings().size()];
    for (int i = 0; i < offsets.length; i++) {
      offsets[i] = string(strings.strings().get(i));
    }
    align(8);
    int start = data.size();
    for (int i = 0; i < offsets.length; i++) {
      relocations.add(start + 8 * i);
      patches.add(new long[] {start + 8L * i, offsets[i]});
    }
    data.writeBytes(new byte[8 * (offsets.length + 1)]);
    known.put(strings, start);
    return start;
  }

  private int text(String text) {
    Integer before = texts.get(text);
    if (before != null) {
      return before;
    }
    int start = string(PlanString.of(text));
    texts.put(text, start);
    return start;
  }

  private int string(PlanString string) {
    int start = data.size();
    data.writeBytes(string.prefix().getBytes(StandardCharsets.UTF_8));
    switch (string.suffix()) {
      case NONE -> {}
      case BIRTH -> {
        idOffset = data.size();
        data.writeBytes(new byte[BirthId.TEXT_LENGTH]);
      }
      case PID -> {
        pidOffset = data.size();
        data.writeBytes(new byte[PID_BYTES]);
      }
    }
    data.write(0);
    return start;
  }

  private int words(Argument.Words words) {
    Integer before = known.get(words);
    if (before != null) {
      return before;
    }
    align(8);
    int start = data.size();
    byte[] bytes = new byte[8 * words.words().size()];
    ByteBuffer buffer = buffer(bytes);
    words.words().forEach(buffer::putLong);
    data.writeBytes(bytes);
    known.put(words, start);
    return start;
  }

  private void align(int boundary) {
    data.writeBytes(new byte[-data.size() & (boundary - 1)]);
  }

  private static ByteBuffer buffer(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
  }
}
