package pinfold.core;

/** What the operator wants of a unit. Only an explicit start or stop changes it. */
public enum Wanted {
  UP,
  DOWN
}
