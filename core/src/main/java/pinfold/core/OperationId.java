package pinfold.core;

/** Names one operation; chosen by whoever asks, never used twice. */
public record OperationId(String text) {
  public OperationId {
    if (text.isEmpty() || text.length() > 64) {
      throw new IllegalArgumentException("operation id of " + text.length() + " characters");
    }
  }

  @Override
  public String toString() {
    return text;
  }
}
