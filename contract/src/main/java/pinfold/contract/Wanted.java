package pinfold.contract;

/** What a person wants of a service. */
public enum Wanted {
  UP,
  DOWN
}
