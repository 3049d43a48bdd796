package pinfold.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ValuesTest {
  @Test
  void birthIdsAreReadInOneFormOnly() {
    BirthId id = BirthId.parse("0b63c2d4-0000-4000-8000-0000000000ff");
    assertThat(id.bytes()).startsWith(0x0b, 0x63, 0xc2, 0xd4).endsWith(0xff).hasSize(BirthId.SIZE);
    assertThat(BirthId.of(id.bytes())).isEqualTo(id);
    assertThat(id.text()).hasSize(BirthId.TEXT_LENGTH);
    for (String bad :
        new String[] {
          "",
          "0B63C2D4-0000-4000-8000-0000000000ff",
          "0b63c2d4-0-4000-8000-00000000000000ff",
          "0b63c2d400004000800000000000000000ff",
          "x"
        }) {
      assertThatIllegalArgumentException().isThrownBy(() -> BirthId.parse(bad));
    }
    assertThatIllegalArgumentException().isThrownBy(() -> BirthId.of(new byte[15]));
  }

  @Property
  void everySignalIsFoundByItsOwnName(@ForAll @IntRange(min = 1, max = 64) int number) {
    Signal signal = new Signal(number);
    assertThat(Signal.named(signal.name())).contains(signal);
    if (number < 32 || number > 33) {
      assertThat(Signal.named(signal.toString())).contains(signal);
    }
    assertThat(Signal.named(Integer.toString(number))).contains(signal);
  }

  @Test
  void signalsAreNamedAsPeopleWriteThem() {
    assertThat(Signal.named("term")).contains(Signal.TERM);
    assertThat(Signal.named("SIGKILL")).contains(Signal.KILL);
    assertThat(Signal.named("RTMAX-1")).contains(new Signal(63));
    assertThat(Signal.named("RTMIN+30")).contains(new Signal(64));
    for (String bad :
        new String[] {"", "SIG", "0", "65", "999999999999", "-1", "SIG9", "RTMIN+31", "RTMAX-31"}) {
      assertThat(Signal.named(bad)).as(bad).isEmpty();
    }
  }

  @Test
  void errorsHaveNamesAndTexts() {
    assertThat(Errno.ENOENT).hasToString("No such file or directory (ENOENT)");
    assertThat(new Errno(4095)).hasToString("Unknown error 4095 (errno 4095)");
    assertThat(Errno.NONE.symbol()).isEqualTo("OK");
  }

  @Test
  void waitStatusesAreReadAsWaitDoes() {
    assertThat(ExitStatus.of(0)).isEqualTo(new ExitStatus.Exited(0));
    assertThat(ExitStatus.of(0x0300)).isEqualTo(new ExitStatus.Exited(3));
    assertThat(ExitStatus.of(0x8b))
        .isEqualTo(new ExitStatus.Killed(Signal.SEGV, true))
        .extracting(ExitStatus::text)
        .isEqualTo("killed by SIGSEGV (core dumped)");
    assertThat(ExitStatus.of(9).shellCode()).isEqualTo(137);
    assertThat(ExitStatus.of(0x7f)).isEqualTo(new ExitStatus.Unknown());
  }

  @Test
  void limitsCompareAsNumbers() {
    assertThat(new Limit(1, Limit.UNLIMITED).text()).isEqualTo("1:unlimited");
    assertThat(Limit.kernel(Limit.UNLIMITED)).isEqualTo(-1);
    assertThat(Limit.ofKernel(-1)).isEqualTo(Limit.UNLIMITED);
    assertThatIllegalArgumentException().isThrownBy(() -> new Limit(2, 1));
    assertThat(Rlimit.named("nofile")).contains(Rlimit.NOFILE);
    assertThat(Rlimits.hard().get(Rlimit.NOFILE)).isPositive();
    assertThat(Rlimits.standard(Rlimit.NOFILE, 512)).isEqualTo(new Limit(512, 512));
  }
}
