package pinfold.contract;

import java.io.IOException;
import java.io.OutputStream;

/** Writes NUL-terminated messages, each by one write. Used by one thread at a time. */
public final class VarlinkWriter {
  private final OutputStream out;

  /** Over a stream, which is not closed and whose every write should reach the peer. */
  public VarlinkWriter(OutputStream out) {
    this.out = out;
  }

  public void write(VarlinkCall call) throws IOException {
    write(call.json());
  }

  public void write(VarlinkReply reply) throws IOException {
    write(reply.json());
  }

  private void write(Json.Obj json) throws IOException {
    byte[] text = JsonText.bytes(json);
    byte[] message = new byte[text.length + 1];
    System.arraycopy(text, 0, message, 0, text.length);
    out.write(message);
    out.flush();
  }
}
