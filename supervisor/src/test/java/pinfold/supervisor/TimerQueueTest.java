package pinfold.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TimerQueueTest {
  private final TimerQueue<String, String> timers = new TimerQueue<>();

  @Test
  void dueTimersComeEarliestFirstAndOnce() {
    timers.arm("b", "b", 20);
    timers.arm("a", "a", 10);
    timers.arm("c", "c", 30);
    assertThat(timers.due(9)).isEmpty();
    assertThat(timers.due(20)).containsExactly("a", "b");
    assertThat(timers.due(20)).isEmpty();
    assertThat(timers.size()).isEqualTo(1);
  }

  @Test
  void armingAgainReplaces() {
    timers.arm("a", "a", 10);
    timers.arm("a", "a", 50);
    assertThat(timers.due(40)).isEmpty();
    assertThat(timers.next(40)).hasValue(10);
    timers.arm("a", "newer", 5);
    assertThat(timers.due(5)).containsExactly("newer");
  }

  @Test
  void disarmedTimersNeverFire() {
    timers.arm("a", "a", 10);
    timers.disarm("a");
    timers.disarm("absent");
    assertThat(timers.due(100)).isEmpty();
    assertThat(timers.next(100)).isEmpty();
  }

  @Test
  void theClockMayWrapAround() {
    timers.arm("after", "after", Long.MIN_VALUE + 5);
    timers.arm("before", "before", Long.MAX_VALUE - 5);
    assertThat(timers.next(Long.MAX_VALUE - 10)).hasValue(5);
    assertThat(timers.due(Long.MAX_VALUE)).containsExactly("before");
    assertThat(timers.due(Long.MIN_VALUE + 5)).containsExactly("after");
  }
}
