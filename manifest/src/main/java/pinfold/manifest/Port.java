package pinfold.manifest;

/**
 * Where a service answers; for a plain process this is information (shown by status, used in
 * messages), not a mapping.
 *
 * @param address the address it listens on; empty where the manifest names none
 * @param first 1 to 65535
 * @param last the end of a range, else equal to {@code first}
 * @param protocol TCP unless {@code /udp} is written
 */
public record Port(String address, int first, int last, Protocol protocol) {
  /**
   * @throws IllegalArgumentException if a port is out of range or the range is empty
   */
  public Port {
    if (first < 1 || last > 65_535 || last < first) {
      throw new IllegalArgumentException("not a port: " + first + "-" + last);
    }
  }

  /** The transport. */
  public enum Protocol {
    /** TCP. */
    TCP,
    /** UDP. */
    UDP
  }
}
