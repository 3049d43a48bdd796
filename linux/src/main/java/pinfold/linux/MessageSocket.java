package pinfold.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Messages with descriptors and credentials over a unix socket (sendmsg(2), recvmsg(2), unix(7)).
 * One object belongs to one thread at a time: it has one buffer, made once.
 */
final class MessageSocket {
  static final int MSG_DONTWAIT = 0x40;

  private static final int MSG_CTRUNC = 0x8;
  private static final int MSG_TRUNC = 0x20;
  private static final int MSG_NOSIGNAL = 0x4000;
  private static final int MSG_CMSG_CLOEXEC = 0x4000_0000;
  private static final int SOL_SOCKET = 1;
  private static final int SCM_RIGHTS = 1;
  private static final int SCM_CREDENTIALS = 2;

  /** struct msghdr and struct cmsghdr of 64-bit Linux. */
  private static final int IOV = 16;

  private static final int IOV_COUNT = 24;
  private static final int CONTROL = 32;
  private static final int CONTROL_LENGTH = 40;
  private static final int FLAGS = 48;
  private static final int HEADER = 56;
  private static final int CMSG_HEADER = 16;

  /** SCM_MAX_FD of the kernel. */
  private static final int MOST_FDS = 253;

  private static final int CONTROL_SPACE = CMSG_HEADER + 4 * MOST_FDS + 4 + CMSG_HEADER + 16;

  private final Arena arena = Arena.ofAuto();
  private final MemorySegment header = arena.allocate(HEADER, 8);
  private final MemorySegment vector = arena.allocate(16, 8);
  private final MemorySegment control = arena.allocate(CONTROL_SPACE, 8);
  private final MemorySegment data;

  MessageSocket(int bytes) {
    data = arena.allocate(bytes, 8);
    vector.set(ValueLayout.JAVA_LONG, 0, data.address());
    header.set(ValueLayout.JAVA_LONG, IOV, vector.address());
    header.set(ValueLayout.JAVA_LONG, IOV_COUNT, 1);
  }

  /** A message that arrived. */
  static final class Received {
    private final byte[] bytes;
    private final List<Fd> descriptors;
    private final Optional<PeerCredentials> sender;
    private final boolean complete;

    Received(
        byte[] bytes, List<Fd> descriptors, Optional<PeerCredentials> sender, boolean complete) {
      this.bytes = bytes;
      this.descriptors = List.copyOf(descriptors);
      this.sender = sender;
      this.complete = complete;
    }

    /** Empty also at the end of the stream. */
    byte[] bytes() {
      return bytes;
    }

    List<Fd> descriptors() {
      return descriptors;
    }

    Optional<PeerCredentials> sender() {
      return sender;
    }

    /** Whether nothing of the data and no descriptor was lost. */
    boolean complete() {
      return complete;
    }

    void closeDescriptors() {
      descriptors.forEach(Fd::close);
    }
  }

  /** The bytes sent, or the negated error number. */
  long send(int fd, byte[] bytes, List<Fd> descriptors, int flags) {
    MemorySegment.copy(bytes, 0, data, ValueLayout.JAVA_BYTE, 0, bytes.length);
    vector.set(ValueLayout.JAVA_LONG, 8, bytes.length);
    int length = descriptors.isEmpty() ? 0 : CMSG_HEADER + 4 * descriptors.size();
    if (length > 0) {
      control.set(ValueLayout.JAVA_LONG, 0, length);
      control.set(ValueLayout.JAVA_INT, 8, SOL_SOCKET);
      control.set(ValueLayout.JAVA_INT, 12, SCM_RIGHTS);
      for (int i = 0; i < descriptors.size(); i++) {
        control.set(ValueLayout.JAVA_INT, CMSG_HEADER + 4L * i, descriptors.get(i).number());
      }
    }
    header.set(ValueLayout.JAVA_LONG, CONTROL, length == 0 ? 0 : control.address());
    header.set(ValueLayout.JAVA_LONG, CONTROL_LENGTH, (length + 7) & ~7);
    return Kernel.call(Sys.SENDMSG, fd, header.address(), flags | MSG_NOSIGNAL);
  }

  /**
   * Waits for one message, unless {@code flags} say otherwise.
   *
   * @throws SystemCallException also for EAGAIN
   */
  Received receive(int fd, int flags) throws SystemCallException {
    vector.set(ValueLayout.JAVA_LONG, 8, data.byteSize());
    header.set(ValueLayout.JAVA_LONG, CONTROL, control.address());
    header.set(ValueLayout.JAVA_LONG, CONTROL_LENGTH, CONTROL_SPACE);
    int length =
        (int)
            Kernel.must(
                "receive a message", Sys.RECVMSG, fd, header.address(), flags | MSG_CMSG_CLOEXEC);
    List<Fd> descriptors = new ArrayList<>();
    Optional<PeerCredentials> sender = Optional.empty();
    long end = header.get(ValueLayout.JAVA_LONG, CONTROL_LENGTH);
    long at = 0;
    while (at + CMSG_HEADER <= end) {
      long size = control.get(ValueLayout.JAVA_LONG, at);
      if (size < CMSG_HEADER) {
        break;
      }
      int type = control.get(ValueLayout.JAVA_INT, at + 12);
      if (control.get(ValueLayout.JAVA_INT, at + 8) == SOL_SOCKET) {
        if (type == SCM_RIGHTS) {
          for (long i = at + CMSG_HEADER; i + 4 <= Math.min(at + size, end); i += 4) {
            descriptors.add(Fd.own(control.get(ValueLayout.JAVA_INT, i)));
          }
        } else if (type == SCM_CREDENTIALS) {
          sender =
              Optional.of(
                  new PeerCredentials(
                      control.get(ValueLayout.JAVA_INT, at + 16),
                      control.get(ValueLayout.JAVA_INT, at + 20),
                      control.get(ValueLayout.JAVA_INT, at + 24)));
        }
      }
      at += (size + 7) & ~7L;
    }
    boolean complete = (header.get(ValueLayout.JAVA_INT, FLAGS) & (MSG_CTRUNC | MSG_TRUNC)) == 0;
    return new Received(
        data.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE), descriptors, sender, complete);
  }
}
