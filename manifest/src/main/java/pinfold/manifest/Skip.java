package pinfold.manifest;

/**
 * Why a start does nothing: the service becomes {@code skipped}, and so does what depends on it.
 */
public sealed interface Skip {
  /** {@code skip: true}. */
  record Always() implements Skip {}

  /** A command decides at each start: exit 0 skips. */
  record When(Command command) implements Skip {}
}
