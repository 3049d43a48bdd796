package pinfold.contract;

import java.util.List;

/**
 * What happens to one service.
 *
 * @param fields what differs in its specification; empty when nothing does
 * @param reason in words
 */
public record Change(
    String project, String name, Action action, List<Field> fields, String reason) {
  /** What is done. */
  public enum Action {
    /** It is new. */
    CREATE,
    /** It differs and is restarted. */
    RECREATE,
    /** It differs in nothing that its processes could notice; they stay. */
    UPDATE,
    /** It is as it should be but does not run. */
    START,
    /** The manifest no longer has it; it is stopped and forgotten. */
    REMOVE,
    /** It is as it should be and is not touched. */
    KEEP
  }

  /**
   * A key that differs; null where it is absent.
   *
   * @param key dotted
   */
  public record Field(String key, Json before, Json after) {}
}
