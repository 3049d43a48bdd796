package pinfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
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
  void everythingLivesThroughALogOut() throws IOException {
    Path runtime = Files.createDirectory(host.project().resolve("runtime-of-the-session"));
    host.set("XDG_RUNTIME_DIR", runtime.toString());
    host.manifest(
        """
        services:
          a: {command: "i=0; while :; do i=$((i+1)); echo line-$i; sleep 0.01; done"}
        """);
    Running session =
        host.startLineOnTerminal(Product.launcher() + " up -q; touch up; exec sleep 700");
    Until.holds("the shell of the session goes on", () -> host.exists("up"));
    StatusView before = host.status();
    session.signal("KILL"); // the terminal closes: HUP to its session
    Until.holds(
        "the session is over",
        () -> host.processes().stream().noneMatch(is -> is.command().equals("sleep 700")));
    Files.delete(runtime);
    host.set("XDG_RUNTIME_DIR", "/nonexistent/another-session");
    int lines = lines();
    Until.holds("its output is kept", () -> lines() > lines);
    assertThat(host.assertConsistent()).isEqualTo(before);
    HostProcess.signal(before.supervisor(), "KILL");
    host.awaitStatus(
        "it is supervised as before",
        view -> view.supervisor() > 0 && view.supervisor() != before.supervisor());
    host.up();
    assertThat(host.assertConsistent().pids()).isEqualTo(before.pids());
  }

  private int lines() {
    return host.run("logs", "--raw", "a").exits(0).lines().size();
  }

  @Test
  void whileEverythingEndsStatusNamesWhatIsWaitedFor() {
    host.manifest(
        """
        services:
          slow: {command: "trap 'until test -e go; do sleep 0.02; done; exit 0' TERM; echo up; while :; do sleep 0.02; done", ready: {log: up}, stop_timeout: 60s}
          top: {command: "sleep 600", depends_on: [slow]}
        """);
    host.up();
    Running down = host.start("down", "--supervisor");
    host.awaitStatus(
        "one is done, the other one is waited for",
        view -> view.service("top").is("done") && view.service("slow").is("stopping"));
    host.write("go", "");
    down.await().exits(0);
    assertThat(host.processes()).isEmpty();
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
