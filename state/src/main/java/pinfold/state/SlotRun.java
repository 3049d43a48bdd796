package pinfold.state;

import static java.util.Objects.requireNonNull;

/**
 * The number of the last run of a slot; it goes on counting over restarts, upgrades and reboots,
 * for as long as the project is known.
 *
 * @param slot instance number, from 1
 * @param run number of its newest run, from 1
 */
public record SlotRun(String project, String unit, int slot, int run) {
  public SlotRun {
    requireNonNull(project, "project is null");
    requireNonNull(unit, "unit is null");
    if (slot < 1 || run < 1) {
      throw new IllegalArgumentException("slot " + slot + ", run " + run);
    }
  }
}
