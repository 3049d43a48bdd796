package pinfold.contract;

import static java.util.Objects.requireNonNull;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The constants of an enum by their names on the wire: {@code NOT_READY} is {@code not-ready}. */
record EnumWords(Map<Object, String> words, Map<String, Object> constants) {
  private static final ClassValue<EnumWords> KNOWN =
      new ClassValue<>() {
        @Override
        protected EnumWords computeValue(Class<?> type) {
          return look(type);
        }
      };

  /** The word for a constant. */
  static String of(Enum<?> constant) {
    return requireNonNull(KNOWN.get(constant.getDeclaringClass()).words.get(constant));
  }

  /** The constant of an enum that the word is for. */
  static Optional<Object> constant(Class<?> type, String word) {
    return Optional.ofNullable(KNOWN.get(type).constants.get(word));
  }

  private static EnumWords look(Class<?> type) {
    Map<Object, String> words = new HashMap<>();
    Map<String, Object> constants = new HashMap<>();
    for (Object constant : type.getEnumConstants()) {
      String word = ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-');
      words.put(constant, word);
      constants.put(word, constant);
    }
    return new EnumWords(words, constants);
  }
}
