package pinfold.manifest;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import pinfold.contract.Code;
import pinfold.contract.Json;

/** Ports as compose writes them: {@code [ADDRESS:]PORT[-LAST][:PORT[-LAST]][/tcp|udp]}. */
final class PortShape {
  private static final String ONE = "(\\d{1,5})(?:-(\\d{1,5}))?";
  private static final Pattern TEXT =
      Pattern.compile(
          "(?:(\\[[0-9A-Fa-f:.]+]|\\d{1,3}(?:\\.\\d{1,3}){3}|localhost):)?(?:"
              + ONE
              + ":)?"
              + ONE
              + "(?:/(tcp|udp))?");

  static final Shape<Port> PORT =
      new Shape.One<>(
          "a port (8080, \"127.0.0.1:8080\", \"5432:5432\", \"53/udp\", \"9000-9010\")",
          Shapes.orVariable(
              Shapes.anyOf(
                  Json.object("type", Json.of("integer"))
                      .with("minimum", Json.of(1))
                      .with("maximum", Json.of(65_535)),
                  Shapes.pattern("^.*[0-9]+(/(tcp|udp))?$"))),
          (s, in) -> read(s.text()));

  private PortShape() {}

  private static Port read(String text) throws Refusal {
    Matcher parts = TEXT.matcher(text);
    if (!parts.matches()) {
      throw new Refusal(Code.BAD_VALUE, "is no port", "");
    }
    int first = Shapes.port(parts.group(4));
    int last = parts.group(5) == null ? first : Shapes.port(parts.group(5));
    if (last < first) {
      throw new Refusal(Code.OUT_OF_RANGE, "is a range that ends before it begins", "");
    }
    if (parts.group(2) != null) {
      int outer = Shapes.port(parts.group(2));
      int outerLast = parts.group(3) == null ? outer : Shapes.port(parts.group(3));
      if (outer != first || outerLast != last) {
        throw new Refusal(
            Code.NOT_AVAILABLE,
            "maps one port to another, which a plain process cannot",
            "name the port that the service listens on");
      }
    }
    String address = parts.group(1) == null ? "" : parts.group(1).replaceAll("^\\[|]$", "");
    return new Port(
        address, first, last, "udp".equals(parts.group(6)) ? Port.Protocol.UDP : Port.Protocol.TCP);
  }

  /** As {@link #PORT} reads it back. */
  static String text(Port port) {
    String address =
        port.address().isEmpty()
            ? ""
            : (port.address().indexOf(':') >= 0 ? "[" + port.address() + "]" : port.address())
                + ":";
    String range =
        port.first() == port.last()
            ? Integer.toString(port.first())
            : port.first() + "-" + port.last();
    return address + range + (port.protocol() == Port.Protocol.UDP ? "/udp" : "");
  }
}
