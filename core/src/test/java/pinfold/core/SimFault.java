package pinfold.core;

/** What goes wrong in a simulation. */
enum SimFault {
  /** A step of the plan failed; the process ends by itself. */
  SPAWN_FAILS,
  /** The keeper could not make it at all: no identity, no exit. */
  SPAWN_UNBORN,
  /** It hung in its plan; the keeper gives it up and kills it. */
  SPAWN_HANGS,
  /** It was killed before its program was reached. */
  SPAWN_KILLED,
  KEEPER_REFUSES,
  /** That nothing is left is told after the end. */
  EMPTY_LATER,
  /** What a service stored with the supervisor hung up. */
  STORED_HANGS_UP,
  SUPERVISOR_DIES,
  KEEPER_DIES,
  EVENT_DELAYED,
  EVENT_REORDERED,
  EVENT_DOUBLED,
  EVENT_STALE,
  PID_REUSED,
  UNPROVABLE,
  FACT_DISK_FULL,
  SAVE_DISK_FULL,
  CLOCK_FORWARD,
  CLOCK_BACK,
  PROBE_FLAPS,
  TERM_IGNORED,
  FORKS_AWAY,
  LEFTOVER,
  KILL_IGNORED,
  REBOOT
}
