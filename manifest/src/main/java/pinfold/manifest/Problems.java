package pinfold.manifest;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import pinfold.contract.Code;

/** Collects problems so that a user sees all of them at once. Confined to one reading. */
final class Problems {
  /** A hostile manifest must not make a report without end. */
  private static final int MOST = 200;

  private record Place(Code code, Position at) {}

  private final List<Problem> all = new ArrayList<>();
  private final Set<Position> spoiled = new HashSet<>();
  private int met;
  private final Set<Place> seen = new HashSet<>();

  /** Keeps the problem unless the same is known for the same place, as happens for merged maps. */
  void add(Problem problem) {
    met++;
    boolean follows = spoiled.contains(problem.at()) && !seen.isEmpty();
    if (!follows && seen.add(new Place(problem.code(), problem.at())) && all.size() < MOST) {
      all.add(problem);
    }
  }

  /** The same, and what else is found at that value only follows from it. */
  void addAndSpoil(Problem problem, Position value) {
    add(problem);
    spoiled.add(value);
  }

  /** How many were added, kept or not: if it grew, something was wrong. */
  int count() {
    return met;
  }

  /** In the order of the files as they were met, then of their lines. */
  List<Problem> sorted() {
    List<String> files = all.stream().map(p -> p.at().file()).distinct().toList();
    return all.stream()
        .sorted(
            Comparator.<Problem>comparingInt(p -> files.indexOf(p.at().file()))
                .thenComparingInt(p -> p.at().line())
                .thenComparingInt(p -> p.at().column()))
        .toList();
  }
}
