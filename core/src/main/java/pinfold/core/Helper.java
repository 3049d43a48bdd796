package pinfold.core;

import java.time.Instant;

/** A birth beside the main one. {@code timer} is 0 when it has no time limit of its own. */
record Helper(BirthId id, Purpose purpose, int run, Instant asked, BirthReport report, long timer) {
  Helper with(BirthReport newer) {
    return new Helper(id, purpose, run, asked, newer, timer);
  }
}
