package pinfold.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import pinfold.contract.Code;
import pinfold.contract.Failure;
import pinfold.core.UnitName;
import pinfold.manifest.Command;
import pinfold.manifest.Port;
import pinfold.manifest.Probe;
import pinfold.manifest.Service;
import pinfold.manifest.ServiceName;

class TakenPortsTest {
  private static final UnitName UNIT = UnitName.of("shop", "store");
  private static final int ME = (int) ProcessHandle.current().pid();
  private static final Failure ENDED =
      Failure.of(Code.EXITED_EARLY, "service \"store\" exited with 1 before it was ready")
          .withLines(List.of("cannot bind"))
          .tryNext("pinfold logs store");

  private Optional<ServerSocket> socket = Optional.empty();

  @BeforeEach
  void listen() throws IOException {
    socket = Optional.of(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
  }

  @AfterEach
  void close() throws IOException {
    socket.orElseThrow().close();
  }

  private static Probe probe(Probe.Check check) {
    return new Probe(check, Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ZERO, 1);
  }

  private int port() {
    return socket.orElseThrow().getLocalPort();
  }

  private static Service service(Probe ready, List<Port> ports) {
    return Service.builder(new ServiceName("store"), new Command.Shell("true"), Path.of("/"))
        .ready(ready)
        .ports(ports)
        .build();
  }

  private Service listening() {
    return service(probe(new Probe.Tcp("127.0.0.1", port())), List.of());
  }

  @Test
  void aStrangerIsNamedAndWhatWasKnownIsKept() {
    Failure failure =
        new TakenPorts(_ -> Optional.of(listening()), (_, _) -> false).explain(UNIT, ENDED);
    assertThat(failure.code()).isEqualTo(Code.PORT_TAKEN.id());
    assertThat(failure.message())
        .startsWith(ENDED.message() + "; process " + ME + " (")
        .endsWith("listens at its port " + port());
    assertThat(failure.detail().get("lines")).isEqualTo(ENDED.detail().get("lines"));
    assertThat(failure.tries())
        .containsExactly("ss -ltnp 'sport = :" + port() + "'", "pinfold logs store");
  }

  @Test
  void whatRunsOfTheServiceItselfIsNoStranger() {
    TakenPorts taken =
        new TakenPorts(
            _ -> Optional.of(listening()), (unit, pid) -> unit.equals(UNIT) && pid == ME);
    assertThat(taken.explain(UNIT, ENDED)).isEqualTo(ENDED);
  }

  @Test
  void aFreePortAnotherFailureAndAnUnknownServiceExplainNothing() throws IOException {
    TakenPorts taken = new TakenPorts(_ -> Optional.of(listening()), (_, _) -> false);
    Failure other = Failure.of(Code.NEVER_READY, "it is not ready");
    assertThat(taken.explain(UNIT, other)).isEqualTo(other);
    assertThat(new TakenPorts(_ -> Optional.empty(), (_, _) -> false).explain(UNIT, ENDED))
        .isEqualTo(ENDED);
    Service service = listening();
    socket.orElseThrow().close();
    assertThat(new TakenPorts(_ -> Optional.of(service), (_, _) -> false).explain(UNIT, ENDED))
        .isEqualTo(ENDED);
  }

  @Test
  void portsAreThoseOfThisHostThatTheManifestNames() {
    Probe http = probe(new Probe.Http(URI.create("http://localhost/health")));
    List<Port> ports =
        List.of(
            new Port("", 9000, 9001, Port.Protocol.TCP),
            new Port("", 53, 53, Port.Protocol.UDP),
            new Port("", 1, 65_535, Port.Protocol.TCP));
    assertThat(TakenPorts.ports(service(http, ports))).containsExactly(80, 9000, 9001);
    Probe elsewhere = probe(new Probe.Tcp("db.example", 5432));
    assertThat(TakenPorts.ports(service(elsewhere, List.of()))).isEmpty();
  }
}
