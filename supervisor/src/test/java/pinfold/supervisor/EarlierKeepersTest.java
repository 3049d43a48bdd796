package pinfold.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pinfold.linux.BirthId;

class EarlierKeepersTest {
  private static final int BORN = 2;
  private static final int RECORD = 88;

  @TempDir Path run;

  private Path journal(int keeper, BirthId born) throws IOException {
    ByteBuffer line = ByteBuffer.allocate(RECORD).order(ByteOrder.LITTLE_ENDIAN);
    line.putInt(BORN).putInt(100);
    UUID id = born.uuid();
    line.order(ByteOrder.BIG_ENDIAN)
        .putLong(id.getMostSignificantBits())
        .putLong(id.getLeastSignificantBits());
    line.order(ByteOrder.LITTLE_ENDIAN).putLong(7).putLong(8);
    long sum = 0xcbf2_9ce4_8422_2325L;
    for (int i = 0; i < RECORD - Long.BYTES; i++) {
      sum = (sum ^ (line.get(i) & 0xff)) * 0x100_0000_01b3L;
    }
    line.putLong(RECORD - Long.BYTES, sum);
    return Files.write(run.resolve("keeper." + keeper + ".journal"), line.array());
  }

  @Test
  void aJournalIsRemovedWhenNoneOfItsBirthsIsOpen() throws IOException {
    BirthId over = new BirthId(UUID.randomUUID());
    BirthId open = new BirthId(UUID.randomUUID());
    Path done = journal(1, over);
    Path needed = journal(2, open);
    Path present = journal(3, over);
    EarlierKeepers earlier = EarlierKeepers.read(run, 3);
    assertThat(earlier.born(open)).isPresent();
    earlier.forget(Set.of(open));
    assertThat(done).doesNotExist();
    assertThat(needed).exists();
    assertThat(present).exists();
  }
}
