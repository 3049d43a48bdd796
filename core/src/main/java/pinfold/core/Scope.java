package pinfold.core;

/** Whom a signal reaches (enum pf_scope). */
public enum Scope {
  /** The main process. */
  MAIN,
  /** Its process group. */
  GROUP,
  /** Every process contained in the birth; KILL repeats until none is left. */
  ALL
}
