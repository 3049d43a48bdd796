package pinfold.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.OptionalInt;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FramesTest {
  static Stream<Frame> frames() {
    return Stream.of(
        new Frame.Hello(0x1122334455667788L),
        new Frame.Stdin(Bytes.of("in")),
        new Frame.Stdout(Bytes.of("")),
        new Frame.Stderr(Bytes.of("é")),
        new Frame.Taken(Frame.AHEAD),
        new Frame.Eof(),
        new Frame.Resize(new WindowSize(65535, 1)),
        new Frame.Signal(15),
        new Frame.Exit(OptionalInt.of(255), OptionalInt.empty()),
        new Frame.Exit(OptionalInt.empty(), OptionalInt.of(9)),
        new Frame.Exit(OptionalInt.empty(), OptionalInt.empty()),
        new Frame.Failed(Failure.of(Code.EXEC_FAILED, "m")));
  }

  @ParameterizedTest
  @MethodSource("frames")
  void aFrameComesBack(Frame frame) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Frames.write(out, frame);
    ByteArrayInputStream in = new ByteArrayInputStream(out.toByteArray());
    assertThat(Frames.read(in)).contains(frame);
    assertThat(Frames.read(in)).isEmpty();
  }

  @Test
  void bytesOnTheWireAreFixed() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Frames.write(out, new Frame.Resize(new WindowSize(24, 80)));
    Frames.write(out, new Frame.Exit(OptionalInt.empty(), OptionalInt.of(15)));
    assertThat(out.toByteArray())
        .containsExactly(6, 0, 0, 0, 4, 0, 24, 0, 80, 8, 0, 0, 0, 5, 1, 0, 0, 0, 15);
  }

  @Property(tries = 500)
  void anyBytesAreFramesOrAnError(@ForAll byte[] bytes) {
    ByteArrayInputStream in = new ByteArrayInputStream(bytes);
    try {
      while (Frames.read(in).isPresent()) {
        assertThat(in.available()).isLessThan(bytes.length);
      }
    } catch (PinfoldException | IOException e) {
      assertThat(e).isNotNull();
    }
  }

  @Test
  void sizeIsBoundedBeforeAnythingIsAllocated() {
    assertThatThrownBy(() -> Frames.read(new ByteArrayInputStream(new byte[] {2, -1, -1, -1, -1})))
        .hasMessage("PF5007: a frame of 4294967295 bytes");
    assertThatThrownBy(() -> Frames.read(new ByteArrayInputStream(new byte[] {2, 0, 0, 0, 5, 1})))
        .isInstanceOf(EOFException.class);
    assertThatThrownBy(() -> Frames.read(new ByteArrayInputStream(new byte[] {99, 0, 0, 0, 0})))
        .hasMessage("PF5006: no frame is of kind 99");
    assertThatThrownBy(() -> Frames.read(new ByteArrayInputStream(new byte[] {7, 0, 0, 0, 1, 1})))
        .hasMessage("PF5006: a frame has 1 bytes where 4 are needed");
  }
}
