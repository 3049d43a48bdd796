package pinfold.cli;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import pinfold.linux.Errno;
import pinfold.linux.SystemCallException;
import pinfold.linux.UnixConnection;

/** A stream connection to a unix socket. Closing it ends a read of another thread. */
record Link(InputStream in, OutputStream out, Closeable connection) implements Closeable {
  /** Longest path that fits into a socket address, in bytes (unix(7)). */
  private static final int LONGEST = 107;

  private static final Errno ECONNREFUSED = new Errno(111);

  /**
   * Connects. The JDK's channel is used where it can be: nothing native has to be bound for it,
   * which a short command would feel.
   *
   * @throws ConnectException when nobody listens
   */
  static Link open(Path socket) throws IOException {
    if (socket.toString().getBytes(StandardCharsets.UTF_8).length > LONGEST) {
      return far(socket);
    }
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.connect(UnixDomainSocketAddress.of(socket));
      return new Link(Channels.newInputStream(channel), Channels.newOutputStream(channel), channel);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private static Link far(Path socket) throws IOException {
    try {
      UnixConnection connection = UnixConnection.connect(socket);
      return new Link(connection.input(), connection.output(), connection::close);
    } catch (SystemCallException e) {
      if (e.errno().equals(ECONNREFUSED) || e.errno().equals(Errno.ENOENT)) {
        throw new ConnectException(e.getMessage());
      }
      throw e;
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (IOException _) {
      // Nothing is lost: whatever had to arrive has been answered.
    }
  }
}
