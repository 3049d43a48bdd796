package pinfold.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import pinfold.core.Notice;

class NotifyMessageTest {
  private static NotifyMessage message(String text) {
    return NotifyMessage.parse(text.getBytes(StandardCharsets.UTF_8));
  }

  private static List<Notice> parse(String text) {
    return message(text).notices();
  }

  @Test
  void everyKnownAssignmentIsRead() {
    assertThat(
            parse(
                """
                READY=1
                STOPPING=1
                RELOADING=1
                MONOTONIC_USEC=12
                STATUS=Serving 3 of 4
                MAINPID=4711
                WATCHDOG=1
                WATCHDOG=trigger
                WATCHDOG_USEC=20000000
                EXTEND_TIMEOUT_USEC=1500
                BARRIER=1
                """))
        .containsExactly(
            new Notice.Ready(),
            new Notice.Stopping(),
            new Notice.Reloading(),
            new Notice.Status("Serving 3 of 4"),
            new Notice.MainPid(4711),
            new Notice.Alive(),
            new Notice.Trigger(),
            new Notice.WatchdogInterval(Duration.ofSeconds(20)),
            new Notice.ExtendTimeout(Duration.ofNanos(1_500_000)));
  }

  @Test
  void descriptorsAreStoredAndRemovedByName() {
    assertThat(message("FDSTORE=1\nFDNAME=listener").store()).contains("listener");
    assertThat(message("FDNAME=listener\nFDSTOREREMOVE=1").remove()).contains("listener");
    assertThat(message("FDNAME=listener").store()).isEmpty();
    assertThat(message("FDSTORE=1\nFDNAME=listener\nFDPOLL=0").watched()).isFalse();
    assertThat(message("FDSTORE=1\nFDPOLL=1").watched()).isTrue();
  }

  @Test
  void aStoredDescriptorWithoutAValidNameIsCalledStored() {
    assertThat(message("FDSTORE=1").store()).contains("stored");
    assertThat(message("FDSTORE=1\nFDNAME=a:b").store()).contains("stored");
    assertThat(message("FDSTORE=1\nFDNAME=" + "n".repeat(256)).store()).contains("stored");
  }

  @Test
  void whatIsUnknownOrOutOfRangeIsLeftOut() {
    assertThat(
            parse("READY=0\nREADY=yes\nFOO=1\n=1\nREADY\nMAINPID=0\nMAINPID=-1\nMAINPID=99999999"))
        .isEmpty();
    assertThat(
            parse(
                "MAINPID=4194305\nWATCHDOG_USEC=\nWATCHDOG_USEC=1e3\nEXTEND_TIMEOUT_USEC=18446744073709551615"))
        .isEmpty();
  }

  @Test
  void aTrailingNulIsToleratedOneInsideIsNot() {
    assertThat(parse("READY=1\0")).containsExactly(new Notice.Ready());
    assertThat(parse("READY=1\0STOPPING=1")).isEmpty();
  }

  @Test
  void statusIsOneBoundedPrintableLine() {
    assertThat(parse("STATUS=a\u001b[31mb\tc")).containsExactly(new Notice.Status("a [31mb c"));
    assertThat(parse("STATUS=" + "x".repeat(3000)))
        .containsExactly(new Notice.Status("x".repeat(512)));
  }

  @Test
  void tooLongOrNotTextYieldsNothing() {
    assertThat(parse("READY=1\nSTATUS=" + "x".repeat(NotifyMessage.MAX_BYTES))).isEmpty();
    assertThat(NotifyMessage.parse(new byte[] {'R', (byte) 0xff}).notices()).isEmpty();
  }

  @Property
  void anyBytesAreSurvived(@ForAll @Size(max = 300) byte[] bytes) {
    assertThat(NotifyMessage.parse(bytes).notices()).hasSizeLessThanOrEqualTo(bytes.length);
  }
}
