package pinfold.core;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;
import pinfold.manifest.Service;

/**
 * A birth to be made.
 *
 * @param id its id, never used before
 * @param unit whose it is
 * @param slot instance number, from 1
 * @param purpose which command of the service it runs
 * @param run the slot's run number, from 1; helpers carry that of the run that they belong to
 * @param service its specification at this moment
 * @param last how the run before (for helpers: the run that they are about) ended; null when it did
 *     not
 */
public record Launch(
    BirthId id,
    UnitName unit,
    int slot,
    Purpose purpose,
    int run,
    Service service,
    @Nullable End last) {
  public Launch {
    requireNonNull(id, "id is null");
    requireNonNull(unit, "unit is null");
    requireNonNull(purpose, "purpose is null");
    requireNonNull(service, "service is null");
  }
}
