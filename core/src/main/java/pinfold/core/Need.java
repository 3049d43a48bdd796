package pinfold.core;

import static java.util.Objects.requireNonNull;

/**
 * Something that a unit waits for.
 *
 * @param unit whom it concerns: a dependency before a start, a dependent before a stop
 * @param what what has to happen, in words: {@code to be ready}
 * @param why why it has not, in words: {@code backs off after 3 restarts}
 */
public record Need(UnitName unit, String what, String why) {
  public Need {
    requireNonNull(unit, "unit is null");
    requireNonNull(what, "what is null");
    requireNonNull(why, "why is null");
  }
}
