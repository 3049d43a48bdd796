package pinfold.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import pinfold.contract.Code;
import pinfold.contract.PinfoldException;

class PatienceTest {
  private static final Duration SOON = Duration.ofMillis(20);
  private static final Duration NEVER = Duration.ofHours(1);

  private final PipedOutputStream client = new PipedOutputStream();
  private final CountDownLatch givenUp = new CountDownLatch(1);
  private final Semaphore room = new Semaphore(1);

  private Patience patience(Duration bound) throws IOException {
    return new Patience(new PipedInputStream(client, 1 << 20), bound, room, givenUp::countDown);
  }

  private void say(Patience patience, String text) throws IOException {
    client.write(text.getBytes(StandardCharsets.UTF_8));
    client.flush();
    assertThat(patience.read(new byte[1 << 20], 0, 1 << 20)).isEqualTo(text.length());
  }

  private void assertGivenUp() throws InterruptedException {
    assertThat(givenUp.await(60, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void whoSaysNothingIsGivenUp() throws Exception {
    patience(SOON);
    assertGivenUp();
  }

  @Test
  void whoHangsInTheMiddleOfAMessageIsGivenUp() throws Exception {
    Patience patience = patience(SOON);
    say(patience, "{}\0{}\0{\"method\":");
    assertGivenUp();
  }

  @Test
  void afterAWholeMessageNobodyWaits() throws Exception {
    Patience patience = patience(NEVER);
    Thread watch = watch(patience);
    say(patience, "{}");
    assertThat(watch.isAlive()).isTrue();
    say(patience, "\0");
    watch.join(Duration.ofSeconds(60));
    assertThat(watch.isAlive()).isFalse();
    assertThat(givenUp.getCount()).isEqualTo(1);
  }

  private static Thread watch(Patience patience) {
    return java.util.Objects.requireNonNull(patience.watching());
  }

  @Test
  void longMessagesShareTheirRoom() throws Exception {
    Patience one = patience(NEVER);
    String half = "x".repeat(Patience.SHORT + 1);
    say(one, half);
    assertThat(room.availablePermits()).isZero();
    try (PipedOutputStream second = new PipedOutputStream()) {
      Patience other =
          new Patience(new PipedInputStream(second, 1 << 20), NEVER, room, givenUp::countDown);
      second.write(half.getBytes(StandardCharsets.UTF_8));
      second.flush();
      assertThatThrownBy(() -> other.read(new byte[1 << 20]))
          .isInstanceOfSatisfying(
              PinfoldException.class,
              e -> assertThat(e.failure().code()).isEqualTo(Code.TOO_MANY_CONNECTIONS.id()));
      other.end();
    }
    say(one, half + "\0");
    assertThat(room.availablePermits()).isEqualTo(1);
    one.end();
    assertThat(room.availablePermits()).isEqualTo(1);
  }

  @Test
  void whatEndsGivesItsRoomBack() throws Exception {
    Patience one = patience(NEVER);
    say(one, "x".repeat(Patience.SHORT + 1));
    one.end();
    assertThat(room.availablePermits()).isEqualTo(1);
    say(one, "frames without any end");
    assertThat(one.watching()).isNull();
  }
}
