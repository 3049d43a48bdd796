package pinfold.core;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The chain of causes of a unit's state: its own last causes, and where another unit brought one
 * about, that unit's.
 *
 * @param unit whose it is
 * @param links what led here, first the origin, last the state of the unit itself
 */
public record Why(UnitName unit, List<Link> links) {
  public Why {
    links = List.copyOf(links);
  }

  /**
   * One link of the chain.
   *
   * @param unit whom it is about
   * @param cause what happened there and which key decides it
   */
  public record Link(UnitName unit, Cause cause) {}

  /** Longest chain that is told; causes further back are in the journal. */
  private static final int LONGEST = 32;

  /** Why a unit is as it is; empty links when nothing ever happened to it. */
  public static Optional<Why> of(World world, UnitName name) {
    return world.unit(name).map(unit -> new Why(name, chain(world, unit)));
  }

  private static List<Link> chain(World world, Unit unit) {
    List<Link> links = new ArrayList<>();
    Set<UnitName> visited = new HashSet<>();
    Optional<Unit> at = Optional.of(unit);
    while (at.isPresent() && visited.add(at.get().name) && links.size() < LONGEST) {
      Unit here = at.get();
      List<Cause> causes = here.causes;
      Optional<UnitName> next = Optional.empty();
      // Back to the last explicit beginning, or to where another unit came in.
      for (int i = causes.size() - 1; i >= 0 && links.size() < LONGEST && next.isEmpty(); i--) {
        links.add(new Link(here.name, causes.get(i)));
        next = causes.get(i).because();
      }
      at = next.flatMap(world::unit);
    }
    Collections.reverse(links);
    return links;
  }
}
