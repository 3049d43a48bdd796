package pinfold.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads an encoded plan as the keeper does, and shows each call with what its arguments point at.
 */
final class PlanWalk {
  private final ByteBuffer plan;
  private final int data;
  private final int dataSize;

  PlanWalk(byte[] bytes) {
    plan = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    data = plan.getInt(24);
    dataSize = plan.getInt(28);
  }

  int calls() {
    return plan.getInt(12);
  }

  int idOffset() {
    return plan.getInt(32);
  }

  int pidOffset() {
    return plan.getInt(36);
  }

  /** All that plan_valid in native/plan.c checks. */
  List<String> problems() {
    List<String> problems = new ArrayList<>();
    int size = plan.getInt(8);
    int relocations = plan.getInt(16);
    int relocationCount = plan.getInt(20);
    int callsEnd = PlanEncoder.HEADER + calls() * PlanEncoder.CALL;
    check(problems, plan.getLong(0) == PlanEncoder.MAGIC, "magic");
    check(problems, size == plan.capacity(), "size");
    check(problems, relocations >= callsEnd && relocations % 4 == 0, "relocations");
    check(problems, data >= relocations + 4 * relocationCount && data % 16 == 0, "data");
    check(problems, data + dataSize == size, "data size");
    for (int i = 0; i < relocationCount; i++) {
      int at = plan.getInt(relocations + 4 * i);
      check(problems, at >= 0 && at % 8 == 0 && at + 8 <= dataSize, "relocation " + at);
    }
    check(problems, idOffset() == 0 || idOffset() + 36 <= dataSize, "id");
    check(problems, pidOffset() == 0 || pidOffset() + 11 <= dataSize, "pid");
    for (int i = 0; i < calls(); i++) {
      int at = call(i);
      int mode = plan.get(at + 4);
      int skip = plan.getShort(at + 6);
      check(problems, mode >= 0 && mode <= 4, "mode of " + i);
      check(problems, skip == 0 || (mode >= 3 && skip <= calls() - 1 - i), "skip of " + i);
      check(problems, plan.get(at + 5) >= 0 && plan.get(at + 5) <= 16, "store of " + i);
      for (int k = 0; k < 6; k++) {
        long value = plan.getLong(at + 16 + 8 * k);
        switch (plan.get(at + 8 + k)) {
          case 0 -> {}
          case 1 -> check(problems, value >= 0 && value < dataSize, "data of " + i);
          case 2 -> check(problems, value >= 0 && value < 64, "slot of " + i);
          case 3 -> check(problems, value >= 0 && value < 16, "result of " + i);
          default -> problems.add("kind of " + i);
        }
      }
    }
    return problems;
  }

  private static void check(List<String> problems, boolean right, String what) {
    if (!right) {
      problems.add(what);
    }
  }

  private static int call(int index) {
    return PlanEncoder.HEADER + index * PlanEncoder.CALL;
  }

  int number(int call) {
    return plan.getInt(call(call));
  }

  int mode(int call) {
    return plan.get(call(call) + 4);
  }

  long argument(int call, int index) {
    return plan.getLong(call(call) + 16 + 8 * index);
  }

  /** The string that an argument points at. */
  String string(int call, int index) {
    return stringAt(argument(call, index));
  }

  /** The strings of the array that an argument points at. */
  List<String> strings(int call, int index) {
    List<String> strings = new ArrayList<>();
    int at = data + (int) argument(call, index);
    for (long word = plan.getLong(at); word != 0; at += 8, word = plan.getLong(at)) {
      strings.add(stringAt(word));
    }
    return strings;
  }

  private String stringAt(long offset) {
    int start = data + (int) offset;
    int end = start;
    while (plan.get(end) != 0) {
      end++;
    }
    byte[] bytes = new byte[end - start];
    plan.get(start, bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
