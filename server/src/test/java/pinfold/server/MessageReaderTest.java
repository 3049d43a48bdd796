package pinfold.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MessageReaderTest {
  private static MessageReader reader(String text, int max) {
    return new MessageReader(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), max);
  }

  private static List<String> all(MessageReader reader) throws IOException {
    List<String> messages = new ArrayList<>();
    for (Optional<byte[]> next = reader.next(); next.isPresent(); next = reader.next()) {
      messages.add(new String(next.get(), StandardCharsets.UTF_8));
    }
    return messages;
  }

  @Test
  void messagesEndWithNul() throws IOException {
    assertThat(all(reader("{}\0{\"a\":1}\0\0", 100))).containsExactly("{}", "{\"a\":1}", "");
  }

  @Test
  void messagesArriveInAnyPieces() throws IOException {
    InputStream drip =
        new ByteArrayInputStream("abc\0de\0".getBytes(StandardCharsets.UTF_8)) {
          @Override
          public synchronized int read(byte[] b, int off, int len) {
            return super.read(b, off, 1);
          }
        };
    assertThat(all(new MessageReader(drip, 10))).containsExactly("abc", "de");
  }

  @Test
  void aMessageMayBeAsLongAsAllowedAndNoLonger() throws IOException {
    assertThat(all(reader("x".repeat(20_000) + "\0", 20_000))).containsExactly("x".repeat(20_000));
    assertThatThrownBy(() -> reader("x".repeat(20_001) + "\0", 20_000).next())
        .isInstanceOf(MessageReader.OversizedMessageException.class)
        .hasMessage("a message is longer than 20000 bytes");
  }

  @Test
  void anEndWithinAMessageIsAnError() {
    assertThatThrownBy(() -> reader("{\"meth", 100).next())
        .isInstanceOf(IOException.class)
        .hasMessage("the connection ended within a message");
  }

  @Test
  void whatFollowsAnUpgradeIsKept() throws IOException {
    MessageReader reader = reader("{}\0frames", 100);
    assertThat(reader.next()).isPresent();
    assertThat(new String(reader.rest(), StandardCharsets.UTF_8)).isEqualTo("frames");
  }
}
