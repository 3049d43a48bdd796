package pinfold.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A TCP socket of this network namespace that listens (proc_net(5)).
 *
 * @param port 1 to 65535
 * @param uid whose it is
 * @param inode names the socket; 0 where the kernel does not say
 */
public record TcpListener(int port, int uid, long inode) {
  private static final Path PROC = Path.of("/proc");
  private static final String LISTEN = "0A";
  private static final Pattern SPACES = Pattern.compile(" +");

  /** Listeners of both families at a port. */
  public static List<TcpListener> at(int port) throws IOException {
    List<TcpListener> found = new ArrayList<>();
    for (String table : List.of("self/net/tcp", "self/net/tcp6")) {
      Path file = PROC.resolve(table);
      if (Files.exists(file)) { // a kernel may be without the other family
        for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
          parse(line).filter(listener -> listener.port == port).ifPresent(found::add);
        }
      }
    }
    return found;
  }

  /** A line of the table; empty for its head, for other states and for what is no such line. */
  static Optional<TcpListener> parse(String line) {
    List<String> fields = List.of(SPACES.split(line.strip()));
    if (fields.size() < 10 || !fields.get(3).equals(LISTEN)) {
      return Optional.empty();
    }
    try {
      String address = fields.get(1);
      int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1), 16);
      return Optional.of(
          new TcpListener(
              port, Integer.parseUnsignedInt(fields.get(7)), Long.parseLong(fields.get(9))));
    } catch (NumberFormatException _) {
      return Optional.empty();
    }
  }

  /**
   * The processes that have it open, as far as this user may see them: those of other users are
   * hidden from anybody but root.
   */
  public List<Integer> holders() throws IOException {
    List<Integer> holders = new ArrayList<>();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path process : processes) {
        if (has(process.resolve("fd"))) {
          holders.add(Integer.parseInt(process.getFileName().toString()));
        }
      }
    }
    return holders;
  }

  private boolean has(Path descriptors) {
    String name = "socket:[" + inode + "]";
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(descriptors)) {
      for (Path entry : entries) {
        if (Files.readSymbolicLink(entry).toString().equals(name)) {
          return true;
        }
      }
    } catch (IOException | DirectoryIteratorException _) {
      return false; // it has ended, or is another user's
    }
    return false;
  }
}
