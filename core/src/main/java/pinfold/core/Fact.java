package pinfold.core;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What has to be known of one birth to take it over after a death of the supervisor within this
 * boot. Written before the birth is asked for (without identity) and whenever it changes; forgotten
 * when nothing is left of the birth.
 *
 * @param id the birth
 * @param unit whose it is
 * @param slot instance number, from 1
 * @param purpose what it is for
 * @param run run number, from 1
 * @param generation the unit's launch generation that it was born from; another one is current: it
 *     has to be replaced
 * @param identity null until it was born
 * @param executed its own program was reached
 * @param end how the main process ended; null = not known to have ended
 * @param health as last known
 * @param aim why it is being ended; null = it is not
 * @param paused the operator froze it
 * @param forked its main process is gone and its descendants are the service
 * @param mainPid main process as named by MAINPID or the pid file; 0 = the one of {@code identity}
 * @param since when the birth was asked for
 * @param readySince when it last became ready
 */
public record Fact(
    BirthId id,
    UnitName unit,
    int slot,
    Purpose purpose,
    int run,
    int generation,
    @Nullable Identity identity,
    boolean executed,
    @Nullable End end,
    Health health,
    @Nullable Aim aim,
    boolean paused,
    boolean forked,
    int mainPid,
    Instant since,
    @Nullable Instant readySince) {
  public Fact {
    requireNonNull(id, "id is null");
    requireNonNull(unit, "unit is null");
    requireNonNull(purpose, "purpose is null");
    requireNonNull(health, "health is null");
    requireNonNull(since, "since is null");
  }
}
