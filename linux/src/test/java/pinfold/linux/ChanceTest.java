package pinfold.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ChanceTest {
  @Test
  void idsAreOfVersionFourAndNeverTheSame() {
    Set<UUID> seen = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      UUID id = Chance.uuid();
      assertThat(id.version()).isEqualTo(4);
      assertThat(id.variant()).isEqualTo(2);
      assertThat(seen.add(id)).isTrue();
    }
  }

  @Test
  void everyBitOfAWordIsUsed() {
    long ever = 0;
    long always = -1;
    for (int i = 0; i < 200; i++) {
      long word = Chance.word();
      ever |= word;
      always &= word;
    }
    assertThat(ever).isEqualTo(-1);
    assertThat(always).isZero();
  }
}
