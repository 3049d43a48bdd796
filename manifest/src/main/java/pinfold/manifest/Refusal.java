package pinfold.manifest;

import java.util.Optional;
import pinfold.contract.Code;

/** Why a shape does not take a value; becomes a {@link Problem} at the value's place. */
final class Refusal extends Exception {
  private static final long serialVersionUID = 1;

  private final Code code;
  private final String hint;

  /**
   * Says why.
   *
   * @param why a clause that follows the key and its value, such as {@code is no duration}
   * @param hint what to write instead, or empty
   */
  Refusal(Code code, String why, String hint) {
    super(why, null, false, false);
    this.code = code;
    this.hint = hint;
  }

  Code code() {
    return code;
  }

  String why() {
    return String.valueOf(getMessage());
  }

  Optional<String> hint() {
    return hint.isEmpty() ? Optional.empty() : Optional.of(hint);
  }
}
