package pinfold.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import pinfold.contract.Code;
import pinfold.contract.Failure;
import pinfold.contract.PinfoldException;
import pinfold.contract.Reply;
import pinfold.contract.VarlinkReply;
import pinfold.contract.VarlinkWriter;

/// Where the answers to one call go. A call without `more` gets one answer, one that is `oneway`
/// none.
///
/// Writing blocks while the client does not read; each connection has a thread of its own for that.
final class Replies {
  private final VarlinkWriter writer;
  private final boolean more;
  private final boolean silent;
  private final Optional<Wire> wire;

  /// @param more the client takes several answers
  /// @param silent it takes none
  /// @param wire the connection, of a client that wants it upgraded
  Replies(VarlinkWriter writer, boolean more, boolean silent, Optional<Wire> wire) {
    this.writer = writer;
    this.more = more;
    this.silent = silent;
    this.wire = wire;
  }

  /// A connection as bytes.
  record Wire(InputStream in, OutputStream out) {}

  /// The connection, where frames follow the last answer.
  ///
  /// @throws PinfoldException when the client did not ask for that
  Wire wire(String method) {
    return wire.orElseThrow(() -> PinfoldException.of(Code.BAD_MESSAGE, method + " needs upgrade"));
  }

  /// Whether [#next] says anything.
  boolean more() {
    return more;
  }

  /// An answer that others follow; left out for a client that wants one only.
  void next(Reply reply) throws IOException {
    if (more && !silent) {
      writer.write(VarlinkReply.continued(reply));
    }
  }

  /// The last answer.
  void last(Reply reply) throws IOException {
    write(VarlinkReply.last(reply));
  }

  /// The last answer: it went wrong.
  void failed(Failure failure) throws IOException {
    write(VarlinkReply.failed(failure));
  }

  /// The last answer.
  void write(VarlinkReply reply) throws IOException {
    if (!silent) {
      writer.write(reply);
    }
  }
}
