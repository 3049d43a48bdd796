package pinfold.core;

import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import pinfold.manifest.ServiceName;

/**
 * Which part of a manifest {@code up} applies, and how.
 *
 * @param only these and what they depend on; empty = all whose profiles allow it
 * @param profiles profiles that are on; services of other profiles take part only when named or
 *     depended on
 * @param recreate restart also what is unchanged
 * @param remove stop and forget what the manifest no longer has, whatever {@code only} says
 * @param adopt take the project over from a manifest at another path
 * @param keepStopped nobody asks for a start: what was stopped gets its specification, whatever its
 *     profiles, and stays stopped
 * @param declared all projects of the manifest's file; one that is bound to that file and is none
 *     of them is removed. Empty: none is
 */
public record ApplyOptions(
    Set<ServiceName> only,
    Set<String> profiles,
    boolean recreate,
    boolean remove,
    boolean adopt,
    boolean keepStopped,
    Set<String> declared) {
  /** Everything without a profile; what is gone is removed. */
  public static final ApplyOptions ALL =
      new ApplyOptions(Set.of(), Set.of(), false, true, false, false);

  /** The same where these are all projects of the manifest's file. */
  public ApplyOptions of(Set<String> projects) {
    return new ApplyOptions(only, profiles, recreate, remove, adopt, keepStopped, projects);
  }

  /** {@link #ALL}, where nobody asks for a start. */
  public static final ApplyOptions RELOAD =
      new ApplyOptions(Set.of(), Set.of(), false, true, false, true);

  /** Where only one project is looked at. */
  public ApplyOptions(
      Set<ServiceName> only,
      Set<String> profiles,
      boolean recreate,
      boolean remove,
      boolean adopt,
      boolean keepStopped) {
    this(only, profiles, recreate, remove, adopt, keepStopped, Set.of());
  }

  public ApplyOptions {
    declared = Collections.unmodifiableSet(new TreeSet<>(declared));
    only = Collections.unmodifiableSet(new TreeSet<>(only));
    profiles = Collections.unmodifiableSet(new TreeSet<>(profiles));
  }
}
