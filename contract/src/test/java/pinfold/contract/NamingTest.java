package pinfold.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamingTest {
  private static final List<Naming.Name> KNOWN =
      List.of(
          new Naming.Name("one", "a"),
          new Naming.Name("two", "a"),
          new Naming.Name("two", "b"),
          new Naming.Name("_run", "a"));

  private static Naming.Name find(String text, String own) {
    return Naming.find(text, KNOWN, own.isEmpty() ? Set.of() : Set.of(own.split(" ")));
  }

  @ParameterizedTest
  @CsvSource({
    "b, '', two/b",
    "b, one, two/b",
    "b.1, '', two/b",
    "one/a, two, one/a",
    "one/a.1, '', one/a",
    "_run/a, one, _run/a",
    "a, one, one/a",
    "a, two, two/a",
    "a, one three, one/a",
    "b, one two, two/b"
  })
  void oneThatFitsIsFound(String text, String own, String found) {
    assertThat(find(text, own)).hasToString(found);
  }

  @ParameterizedTest
  @CsvSource({
    "a, '', AMBIGUOUS_NAME",
    "a, three, AMBIGUOUS_NAME",
    "a, one two, AMBIGUOUS_NAME",
    "c, one, NO_SUCH_SERVICE",
    "one/b, two, NO_SUCH_SERVICE",
    "A, one, NO_SUCH_SERVICE",
    "'', one, NO_SUCH_SERVICE",
    "a*, one, NO_SUCH_SERVICE",
    "b.2, '', NO_SUCH_INSTANCE",
    "b., '', NO_SUCH_INSTANCE"
  })
  void whatFitsNoneOrSeveralIsRefused(String text, String own, Code code) {
    assertThatExceptionOfType(PinfoldException.class)
        .isThrownBy(() -> find(text, own))
        .satisfies(e -> assertThat(e.failure().code()).isEqualTo(code.id()));
  }

  @Test
  void theCandidatesAreSaidSoThatEachCanBeWritten() {
    assertThatExceptionOfType(PinfoldException.class)
        .isThrownBy(() -> find("a", ""))
        .satisfies(e -> assertThat(e.failure().message()).endsWith("_run/a, one/a, two/a"));
    assertThatExceptionOfType(PinfoldException.class)
        .isThrownBy(() -> find("a", "one two"))
        .satisfies(e -> assertThat(e.failure().message()).endsWith(": one/a, two/a"));
  }
}
