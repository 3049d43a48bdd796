package pinfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** What is found on a host that had a bad day. */
class BadDaysTest extends Scenario {

  @Test
  void aStaleSocketDoesNotMatter() throws IOException {
    Files.createDirectory(host.state());
    try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      socket.bind(UnixDomainSocketAddress.of(host.state().resolve("control.sock")));
    }
    assertThat(host.state().resolve("control.sock")).exists();
    host.manifest("services: {a: {command: 'sleep 600'}}");
    host.up();
    host.assertConsistent();
  }

  @Test
  void aLongStatePathWorks() {
    try (Host far = Host.create("state/" + "a-rather-long-folder-name/".repeat(6) + "end")) {
      far.manifest("services: {a: {command: 'sleep 600'}}");
      far.up();
      assertThat(far.assertConsistent().service("a").pid()).isPositive();
    }
  }

  @Test
  void theSecondUpFindsTheFirstSupervisor() {
    host.manifest("services: {a: {command: 'sleep 600'}, b: {command: 'sleep 601'}}");
    Running one = host.start("up", "a");
    Running two = host.start("up", "b");
    one.await().exits(0);
    two.await().exits(0);
    assertThat(host.assertConsistent().pids()).hasSize(2);
    assertThat(
            host.processes().stream()
                .filter(process -> process.command().contains("pinfold.server.Main")))
        .hasSize(1);
  }

  @Test
  void wrongUseIsSaid() {
    assertThat(host.run("upp").exits(64).err()).contains("up");
    host.run("status", "--no-such-flag").exits(64);
    assertThat(host.run("up").exits(65).err()).contains("pinfold.yaml").contains("pinfold init");
  }
}
