package pinfold.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LanesTest {
  private static final long AMPLE = TimeUnit.SECONDS.toNanos(30);
  private final Queue<Throwable> bugs = new ConcurrentLinkedQueue<>();
  private final Lanes<String> lanes = new Lanes<>("test", bugs::add);

  @Test
  void oneKeyKeepsItsOrder() throws InterruptedException {
    List<Integer> seen = new ArrayList<>();
    IntStream.range(0, 1000).forEach(i -> lanes.run("a", () -> seen.add(i)));
    assertThat(lanes.awaitIdle(AMPLE)).isTrue();
    assertThat(seen).isEqualTo(IntStream.range(0, 1000).boxed().toList());
  }

  @Test
  void aBlockedKeyHoldsUpNobodyElse() throws InterruptedException {
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch other = new CountDownLatch(1);
    lanes.run("stuck", () -> await(release));
    lanes.run("free", other::countDown);
    assertThat(other.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(lanes.awaitIdle(1)).isFalse();
    release.countDown();
    assertThat(lanes.awaitIdle(AMPLE)).isTrue();
  }

  @Test
  void anUpdateTakesThePlaceOfTheOneJustBeforeIt() throws InterruptedException {
    CountDownLatch release = new CountDownLatch(1);
    List<String> seen = new ArrayList<>();
    lanes.run("a", () -> await(release));
    lanes.update("a", "x", () -> seen.add("x1"));
    lanes.update("a", "x", () -> seen.add("x2"));
    lanes.update("a", "y", () -> seen.add("y1"));
    lanes.run("a", () -> seen.add("act"));
    lanes.update("a", "y", () -> seen.add("y2"));
    release.countDown();
    assertThat(lanes.awaitIdle(AMPLE)).isTrue();
    assertThat(seen).containsExactly("x2", "y1", "act", "y2");
  }

  @Test
  void aBugIsToldAndTheLaneGoesOn() throws InterruptedException {
    IllegalStateException bug = new IllegalStateException("bug");
    List<String> seen = new ArrayList<>();
    lanes.run(
        "a",
        () -> {
          throw bug;
        });
    lanes.run("a", () -> seen.add("after"));
    assertThat(lanes.awaitIdle(AMPLE)).isTrue();
    assertThat(bugs).containsExactly(bug);
    assertThat(seen).containsExactly("after");
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
