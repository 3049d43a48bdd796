package pinfold.manifest;

import java.util.Locale;

/** Whose kernel and root a service runs on. */
public enum RuntimeKind {
  /** A plain process of this host. */
  PROCESS;

  /** As the manifest spells it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
