package pinfold.manifest;

import java.math.BigInteger;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Amounts of bytes as people write them: {@code 512M}, {@code 2G}, {@code 64KiB} (powers of 1024),
 * {@code 500MB} (powers of 1000), and a bare number of bytes. Whole numbers only; case does not
 * matter.
 */
public final class Sizes {
  private static final Pattern SHAPE = Pattern.compile("(\\d{1,19}) ?([KMGT]?)(I?B|)");
  private static final String STEPS = "KMGT";

  private Sizes() {}

  /** The size that {@code text} says; empty if it says none or one above 2⁶³−1. */
  public static Optional<Size> parse(String text) {
    Matcher parts = SHAPE.matcher(text.strip().toUpperCase(Locale.ROOT));
    if (!parts.matches()) {
      return Optional.empty();
    }
    String step = parts.group(2);
    String suffix = parts.group(3);
    if (step.isEmpty() && suffix.equals("IB")) {
      return Optional.empty();
    }
    BigInteger base = BigInteger.valueOf(suffix.equals("B") ? 1000 : 1024);
    BigInteger bytes =
        new BigInteger(parts.group(1))
            .multiply(step.isEmpty() ? BigInteger.ONE : base.pow(STEPS.indexOf(step) + 1));
    return bytes.bitLength() > 63 ? Optional.empty() : Optional.of(new Size(bytes.longValue()));
  }

  /** The shortest exact text that {@link #parse} reads back. */
  public static String text(Size size) {
    for (int power = STEPS.length(); power > 0; power--) {
      long unit = 1L << (10 * power);
      if (size.bytes() > 0 && size.bytes() % unit == 0) {
        return size.bytes() / unit + STEPS.substring(power - 1, power);
      }
    }
    return Long.toString(size.bytes());
  }
}
