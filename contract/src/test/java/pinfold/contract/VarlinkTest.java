package pinfold.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VarlinkTest {
  @Test
  void aCallIsOneLineWithANulAtItsEnd() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new VarlinkWriter(out).write(VarlinkCall.of(new Call.Operation("o1")).withMore());
    assertThat(out.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"method\":\"io.pinfold.Supervisor.Operation\",\"parameters\":{\"operation\":\"o1\"},\"more\":true}\0");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 100_000})
  void messagesComeInAnyPieces(int piece) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    VarlinkWriter writer = new VarlinkWriter(out);
    VarlinkCall call = VarlinkCall.of(new Call.Kill(Target.of("a".repeat(20_000)), "HUP"));
    VarlinkReply reply = VarlinkReply.continued(new Reply.Differences(List.of()));
    VarlinkReply failed = VarlinkReply.failed(Failure.of(Code.BUSY, "m"));
    writer.write(call);
    writer.write(reply);
    writer.write(failed);
    out.write("rest".getBytes(StandardCharsets.UTF_8));
    VarlinkReader reader = new VarlinkReader(pieces(out.toByteArray(), piece));
    assertThat(reader.call()).contains(call);
    assertThat(reader.reply()).contains(reply);
    assertThat(reader.reply()).contains(failed);
    assertThat(new String(reader.rest().readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("rest");
  }

  @Test
  void theEndBetweenMessagesIsQuietAndWithinOneIsNot() throws IOException {
    assertThat(reader("").call()).isEmpty();
    assertThatThrownBy(() -> reader("{\"method\"").call()).hasMessageStartingWith("PF5004");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]\0",
        "{}\0",
        "{\"method\":1}\0",
        "{\"method\":\"a\",\"parameters\":[]}\0",
        "{\"method\":\"a\",\"more\":1}\0",
        "{\"method\":\"a\",\"mre\":true}\0",
        "\0"
      })
  void whatIsNoCallIsRefused(String text) {
    assertThatThrownBy(() -> reader(text).call())
        .isInstanceOf(PinfoldException.class)
        .hasMessageStartingWith("PF5006");
  }

  @Test
  void aMessageIsBoundedWithoutItsEnd() {
    InputStream endless =
        new InputStream() {
          @Override
          public int read() {
            return 'a';
          }
        };
    assertThatThrownBy(() -> new VarlinkReader(endless, 100_000).call())
        .hasMessageStartingWith("PF5007");
  }

  @Test
  void callsAreFoundByTheirNames() {
    Call call = new Call.Wait(Target.of("api"), WaitFor.READY, Optional.empty());
    assertThat(Interfaces.call(VarlinkCall.of(call))).contains(call);
    assertThat(
            Interfaces.call(
                new VarlinkCall("io.pinfold.Supervisor.No", Json.Obj.EMPTY, false, false, false)))
        .isEmpty();
    assertThat(Interfaces.call(new VarlinkCall("a.b.Wait", Json.Obj.EMPTY, false, false, false)))
        .isEmpty();
  }

  @Test
  void errorsOfTheServiceInterfaceHaveCodes() {
    assertThat(code("MethodNotFound")).isEqualTo(Code.RELEASE_MISMATCH.id());
    assertThat(code("InvalidParameter")).isEqualTo(Code.INVALID_PARAMETER.id());
    assertThat(code("PermissionDenied")).isEqualTo(Code.NOT_ALLOWED.id());
    assertThat(code("Other")).isEqualTo(Code.BAD_MESSAGE.id());
  }

  @Test
  void anAnswerOfAnotherShapeIsAMatterOfReleases() {
    VarlinkReply reply = new VarlinkReply(Json.Obj.EMPTY, Optional.empty(), false);
    assertThatThrownBy(() -> reply.as(Reply.Release.class))
        .hasMessage(
            "PF5005: the supervisor's answer is not understood: parameter \"release\" is missing");
  }

  private static String code(String error) {
    return VarlinkReply.serviceError(error, Json.Obj.EMPTY).failure().orElseThrow().code();
  }

  private static VarlinkReader reader(String text) {
    return new VarlinkReader(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static InputStream pieces(byte[] bytes, int piece) {
    return new ByteArrayInputStream(bytes) {
      @Override
      public int read(byte[] target, int offset, int length) {
        return super.read(target, offset, Math.min(piece, length));
      }
    };
  }
}
