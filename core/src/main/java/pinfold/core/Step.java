package pinfold.core;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * What one event leads to.
 *
 * @param world the world after it
 * @param effects what is to be done, in order
 */
public record Step(World world, List<Effect> effects) {
  public Step {
    requireNonNull(world, "world is null");
    effects = List.copyOf(effects);
  }
}
