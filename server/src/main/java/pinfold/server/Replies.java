package pinfold.server;

import java.io.IOException;
import pinfold.contract.Failure;
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

  /// @param more the client takes several answers
  /// @param silent it takes none
  Replies(VarlinkWriter writer, boolean more, boolean silent) {
    this.writer = writer;
    this.more = more;
    this.silent = silent;
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
