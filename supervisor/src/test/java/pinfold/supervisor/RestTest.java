package pinfold.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RestTest {
  private final AtomicLong heap = new AtomicLong(Rest.SMALL + 1);
  private final Deque<Runnable> later = new ArrayDeque<>();
  private int collected;
  private final Rest rest = new Rest(heap::get, later::add, () -> collected++);

  @Test
  void onceForAllThatWasAskedMeanwhile() {
    rest.soon();
    rest.soon();
    assertThat(collected).isZero();
    later.remove().run();
    assertThat(collected).isEqualTo(1);
    assertThat(later).isEmpty();
    rest.soon();
    later.remove().run();
    assertThat(collected).isEqualTo(2);
  }

  @Test
  void aSmallHeapIsLeftAlone() {
    heap.set(Rest.SMALL);
    rest.soon();
    assertThat(later).isEmpty();
  }
}
