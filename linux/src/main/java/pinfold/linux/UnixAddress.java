package pinfold.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A path as the kernel takes it for a unix socket. The structure has room for 107 bytes; a longer
 * path goes through an open descriptor of its directory, which lives as long as this object.
 */
final class UnixAddress implements AutoCloseable {
  private static final int AF_UNIX = 1;
  private static final int PATH = 2;
  private static final int ROOM = 108;
  private static final int O_PATH_DIRECTORY = 0x20_0000 | directoryFlag() | 0x8_0000;

  private final MemorySegment address;
  private final int length;
  private final Optional<Fd> directory;

  private UnixAddress(MemorySegment address, int length, Optional<Fd> directory) {
    this.address = address;
    this.length = length;
    this.directory = directory;
  }

  /** O_DIRECTORY differs between the two machines. */
  private static int directoryFlag() {
    return "aarch64".equals(System.getProperty("os.arch")) ? 0x4000 : 0x1_0000;
  }

  static UnixAddress of(Arena arena, Path path) throws IOException {
    byte[] bytes = path.toString().getBytes(StandardCharsets.UTF_8);
    Optional<Fd> directory = Optional.empty();
    if (bytes.length >= ROOM) {
      Path absolute = path.toAbsolutePath();
      Path parent = absolute.getParent();
      if (parent == null) {
        throw new IllegalArgumentException("no socket: " + path);
      }
      Fd fd =
          Fd.own(
              Kernel.must(
                  "open directory " + parent,
                  Sys.OPENAT,
                  -100,
                  arena.allocateFrom(parent.toString()).address(),
                  O_PATH_DIRECTORY));
      directory = Optional.of(fd);
      bytes =
          ("/proc/self/fd/" + fd.number() + "/" + absolute.getFileName())
              .getBytes(StandardCharsets.UTF_8);
      if (bytes.length >= ROOM) {
        fd.close();
        throw new IOException("the name of the socket is too long: " + path);
      }
    }
    return new UnixAddress(
        address(arena, bytes, 0), PATH + bytes.length + 1, directory); // its end is a NUL
  }

  /** A name that is in no file system: it begins with NUL and all of its bytes count. */
  static UnixAddress ofName(Arena arena, String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    if (bytes.length == 0 || bytes.length >= ROOM) {
      throw new IllegalArgumentException("no name of a socket: " + name);
    }
    return new UnixAddress(address(arena, bytes, 1), PATH + 1 + bytes.length, Optional.empty());
  }

  private static MemorySegment address(Arena arena, byte[] bytes, int at) {
    MemorySegment address = arena.allocate(PATH + ROOM, 8);
    address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_UNIX);
    MemorySegment.copy(bytes, 0, address, ValueLayout.JAVA_BYTE, PATH + at, bytes.length);
    return address;
  }

  /** A new socket, not blocking, close-on-exec. */
  static Fd socket(int type) throws SystemCallException {
    return Fd.own(Kernel.must("make a socket", Sys.SOCKET, AF_UNIX, type | 0x8_0000 | 0x800, 0));
  }

  void bind(Fd socket, Object name) throws SystemCallException {
    Kernel.must("bind " + name, Sys.BIND, socket.number(), address.address(), length);
  }

  void connect(Fd socket, Path path) throws SystemCallException {
    Kernel.must("connect to " + path, Sys.CONNECT, socket.number(), address.address(), length);
  }

  @Override
  public void close() {
    directory.ifPresent(Fd::close);
  }
}
