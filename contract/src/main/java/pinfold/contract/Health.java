package pinfold.contract;

/** Health of something that declares how it can be known; {@code not-ready} on the wire. */
public enum Health {
  READY,
  NOT_READY,
  UNHEALTHY
}
