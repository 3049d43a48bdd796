package pinfold.linux;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The layout of one structure of native/protocol.h: fields are added in order and aligned to their
 * size, as C does. A test compares every offset with the C compiler's.
 */
final class Struct {
  private final String name;
  private final Map<String, Integer> fields = new LinkedHashMap<>();
  private int size;
  private int alignment = 1;

  Struct(String name) {
    this.name = name;
  }

  int u16(String field) {
    return add(field, 2, 2);
  }

  int u32(String field) {
    return add(field, 4, 4);
  }

  int u64(String field) {
    return add(field, 8, 8);
  }

  int bytes(String field, int length) {
    return add(field, 1, length);
  }

  int words(String field, int count) {
    return add(field, 8, 8 * count);
  }

  private int add(String field, int align, int length) {
    int offset = (size + align - 1) & -align;
    fields.put(field, offset);
    size = offset + length;
    alignment = Math.max(alignment, align);
    return offset;
  }

  /** sizeof, once all fields are there. */
  int size() {
    return (size + alignment - 1) & -alignment;
  }

  String name() {
    return name;
  }

  Map<String, Integer> fields() {
    return fields;
  }
}
