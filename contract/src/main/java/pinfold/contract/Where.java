package pinfold.contract;

import org.jspecify.annotations.Nullable;

/**
 * The way to a value within a document. It becomes text only when something is wrong there.
 *
 * @param parent null at the top
 * @param name of the field; empty for an item of an array
 * @param index of the item
 */
record Where(@Nullable Where parent, String name, int index) {
  /** The document itself. */
  static final Where TOP = new Where(null, "", -1);

  Where field(String child) {
    return new Where(this, child, -1);
  }

  Where item(int number) {
    return new Where(this, "", number);
  }

  /** As {@code services[2].name}; empty for the document itself. */
  @Override
  public String toString() {
    if (parent == null) {
      return "";
    }
    String above = parent.toString();
    if (index >= 0) {
      return above + "[" + index + "]";
    }
    return above.isEmpty() ? name : above + "." + name;
  }
}
