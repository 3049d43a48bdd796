package pinfold.contract;

/** Something failed in a way that a user has to hear of; what to say is its {@link Failure}. */
public final class PinfoldException extends RuntimeException {
  private static final long serialVersionUID = 1;

  @SuppressWarnings(
      "serial") // never serialised; a Failure holds a sealed tree that is not Serializable
  private final Failure failure;

  public PinfoldException(Failure failure) {
    super(failure.code() + ": " + failure.message());
    this.failure = failure;
  }

  public PinfoldException(Failure failure, Throwable cause) {
    super(failure.code() + ": " + failure.message(), cause);
    this.failure = failure;
  }

  /** A failure with a code and a message and nothing else. */
  public static PinfoldException of(Code code, String message) {
    return new PinfoldException(Failure.of(code, message));
  }

  public Failure failure() {
    return failure;
  }
}
