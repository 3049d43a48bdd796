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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import pinfold.core.BirthReport;
import pinfold.linux.BirthId;
import pinfold.linux.KeeperJournal;

class EarlierKeepersTest {
  private static final int BORN = 2;
  private static final int EXIT = 3;
  private static final int RECORD = 88;
  private static final int WAIT_STATUS = 44;
  private static final int FLAGS = 76;

  @TempDir Path run;

  private Path journal(int keeper, BirthId born) throws IOException {
    return Files.write(
        run.resolve("keeper." + keeper + ".journal"), record(BORN, born, 0, 0).array());
  }

  private static ByteBuffer record(int kind, BirthId birth, int waitStatus, int flags) {
    ByteBuffer line = ByteBuffer.allocate(RECORD).order(ByteOrder.LITTLE_ENDIAN);
    line.putInt(kind).putInt(100);
    UUID id = birth.uuid();
    line.order(ByteOrder.BIG_ENDIAN)
        .putLong(id.getMostSignificantBits())
        .putLong(id.getLeastSignificantBits());
    line.order(ByteOrder.LITTLE_ENDIAN).putLong(7).putLong(8);
    line.putInt(WAIT_STATUS, waitStatus).putInt(FLAGS, flags);
    long sum = 0xcbf2_9ce4_8422_2325L;
    for (int i = 0; i < RECORD - Long.BYTES; i++) {
      sum = (sum ^ (line.get(i) & 0xff)) * 0x100_0000_01b3L;
    }
    line.putLong(RECORD - Long.BYTES, sum);
    return line.rewind();
  }

  /** What an earlier keeper lost is not known, and does not read as success. */
  @ParameterizedTest
  @CsvSource({"0, exited with 0", "0x80000000, 'ended, and how is not known'"})
  void anEndThatNobodySawStaysUnknown(String flags, String end) throws IOException {
    BirthId birth = new BirthId(UUID.randomUUID());
    ByteBuffer both = ByteBuffer.allocate(2 * RECORD);
    both.put(record(BORN, birth, 0, 0)).put(record(EXIT, birth, 0, Long.decode(flags).intValue()));
    Files.write(run.resolve("keeper.1.journal"), both.array());
    BirthReport report =
        EarlierKeepers.read(run, 2).completed(BirthReport.lost(Reports.id(birth), null));
    assertThat(report.end()).hasToString(end);
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
    assertThat(earlier.unfinished())
        .extracting(KeeperJournal.Line.Born::birth)
        .containsExactlyInAnyOrder(over, open);
    earlier.forget(Set.of(open));
    assertThat(done).doesNotExist();
    assertThat(needed).exists();
    assertThat(present).exists();
  }
}
