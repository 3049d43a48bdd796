package pinfold.manifest;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Finds what was probably meant. */
public final class Nearest {
  private static final int LONGEST = 64;

  private Nearest() {}

  /**
   * The candidate with the smallest Damerau-Levenshtein distance (optimal string alignment, case
   * ignored, {@code -} and {@code _} alike), if it is near enough to be a slip: at most a third of
   * the longer word.
   */
  public static Optional<String> of(String word, Collection<String> candidates) {
    if (word.length() > LONGEST) {
      return Optional.empty();
    }
    String best = null;
    int least = Integer.MAX_VALUE;
    for (String candidate : candidates) {
      int distance = distance(fold(word), fold(candidate));
      if (distance < least
          && distance <= Math.max(1, Math.max(word.length(), candidate.length()) / 3)
          && distance < candidate.length()) {
        best = candidate;
        least = distance;
      }
    }
    return Optional.ofNullable(best);
  }

  /** {@code did you mean "…"?}. */
  static Optional<String> hint(String word, Collection<String> candidates) {
    return of(word, candidates).map(near -> "did you mean \"" + near + "\"?");
  }

  private static String fold(String word) {
    return word.toLowerCase(Locale.ROOT).replace('-', '_');
  }

  private static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      d[i][0] = i;
    }
    for (int j = 0; j <= b.length(); j++) {
      d[0][j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      for (int j = 1; j <= b.length(); j++) {
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        d[i][j] = Math.min(Math.min(d[i - 1][j] + 1, d[i][j - 1] + 1), d[i - 1][j - 1] + change);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }
}
