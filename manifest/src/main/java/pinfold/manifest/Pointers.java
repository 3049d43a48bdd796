package pinfold.manifest;

import java.util.Collection;

/** JSON pointers, RFC 6901. */
final class Pointers {
  private Pointers() {}

  static String of(Collection<String> members) {
    StringBuilder out = new StringBuilder();
    for (String member : members) {
      out.append(child("", member));
    }
    return out.toString();
  }

  static String child(String pointer, String member) {
    return pointer + "/" + member.replace("~", "~0").replace("/", "~1");
  }
}
