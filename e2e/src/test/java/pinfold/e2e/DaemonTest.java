package pinfold.e2e;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Services that fork away, and those that say how they are. */
class DaemonTest extends Scenario {

  @Test
  void aDaemonThatForksAwayIsKnownByItsPidFile() {
    host.manifest(
        """
        services:
          d:
            command: "(setsid sh -c 'echo $$$$ >d.pid; exec sleep 611') & until test -s d.pid; do sleep 0.02; done"
            pid_file: d.pid
            restart_policy: always
        """);
    host.up();
    awaitMain("d", "sleep 611");
    assertThat(host.read("d.pid").strip()).isEqualTo("" + host.status().service("d").pid());
    long first = host.status().service("d").pid();
    host.delete("d.pid");
    HostProcess.signal(first, "KILL");
    host.awaitStatus(
        "another one is its main process",
        view -> view.service("d").pid() > 0 && view.service("d").pid() != first);
    awaitMain("d", "sleep 611");
    host.run("stop", "d").exits(0);
    assertThat(runs("sleep 611")).isFalse();
  }

  @Test
  void aServiceNamesItsMainProcessAndSaysHowItIs() {
    helper();
    host.manifest(
        """
        services:
          n:
            command: |
              (sleep 612 & ./notify "MAINPID=$!" "STATUS=warming up"
              until test -e go; do sleep 0.02; done
              ./notify READY=1 "STATUS=serving")
              wait; sleep 613
            ready: {notify: true}
          after: {command: "exec sleep 614", depends_on: [{service: n, condition: ready}]}
        """);
    Running up = host.start("up");
    host.awaitStatus(
        "it says what it does",
        view -> view.has("n") && view.service("n").reason().equals("warming up"));
    assertThat(runs("sleep 614")).as("who waits for it").isFalse();
    host.write("go", "");
    up.await().exits(0);
    assertThat(host.status().service("n").reason()).isEqualTo("serving");
    awaitMain("n", "sleep 612");
    assertThat(runs("sleep 614")).isTrue();
  }

  @Test
  void aMissedWatchdogRestarts() {
    helper();
    host.manifest(
        """
        services:
          w:
            command: "./notify READY=1; until test -e hang; do ./notify WATCHDOG=1; sleep 0.1; done; rm hang; exec sleep 615"
            ready: {notify: true}
            live: {notify: true, interval: 3s}
            backoff: 50ms
        """);
    host.up();
    long first = host.status().service("w").pid();
    host.write("hang", "");
    host.awaitStatus(
        "it was restarted",
        view -> view.service("w").restarts() == 1 && view.service("w").is("running"));
    assertThat(host.assertConsistent().service("w").pid()).isNotEqualTo(first);
  }

  @Test
  void aStopWaitsForWhoAsksForTimeAndAReloadReachesWhoReloads() {
    helper();
    host.manifest(
        """
        services:
          e:
            command: |
              trap './notify EXTEND_TIMEOUT_USEC=20000000; sleep 2; echo clean >end; exit 0' TERM
              trap './notify RELOADING=1; echo again >>loads; ./notify READY=1 STATUS=reloaded' HUP
              ./notify READY=1
              while :; do sleep 0.05; done
            ready: {notify: true}
            reload_signal: HUP
            stop_timeout: 1s
        """);
    host.up();
    long pid = host.status().service("e").pid();
    host.run("reload", "e").exits(0);
    host.awaitStatus("it has reloaded", view -> view.service("e").reason().equals("reloaded"));
    assertThat(host.read("loads")).isEqualTo("again\n");
    assertThat(host.status().service("e").pid()).isEqualTo(pid);
    host.run("stop", "e").exits(0);
    assertThat(host.read("end")).isEqualTo("clean\n");
  }

  @Test
  void aCrashInTheMiddleOfAReloadIsACrash() {
    helper();
    host.manifest(
        """
        services:
          r:
            command: |
              trap './notify RELOADING=1; echo reloading; until test -e crash; do sleep 0.02; done; rm crash; kill -9 $$$$' HUP
              ./notify READY=1
              while :; do sleep 0.05; done
            ready: {notify: true}
            reload_signal: HUP
            backoff: 50ms
        """);
    host.up();
    long pid = host.status().service("r").pid();
    host.run("reload", "r").exits(0);
    Until.holds(
        "it reloads",
        () -> host.run("logs", "r"),
        () -> host.run("logs", "r").out().contains("reloading"));
    host.write("crash", "");
    host.awaitStatus(
        "it was restarted and is ready",
        view ->
            view.service("r").restarts() == 1
                && view.service("r").is("running")
                && view.service("r").health().equals("ready"));
    assertThat(host.assertConsistent().service("r").pid()).isNotEqualTo(pid);
  }

  @Test
  void storedDescriptorsComeBackAfterARestartAlsoOfTheSupervisor() {
    helper();
    host.write("kept", "first\nsecond\n");
    host.manifest(
        """
        services:
          s:
            command: |
              echo "$LISTEN_FDS:$LISTEN_FDNAMES" >>fds
              if test "$LISTEN_FDS" = 1; then read line <&3; echo "$line" >>fds
              else ./notify -f kept FDSTORE=1 FDNAME=data; fi
              ./notify READY=1; exec sleep 616
            ready: {notify: true}
        """);
    host.up();
    host.delete("kept"); // what comes back is the open file, not its name
    host.run("restart", "s").exits(0);
    HostProcess.signal(host.status().supervisor(), "KILL");
    host.run("restart", "s").exits(0);
    assertThat(host.read("fds").lines())
        .containsExactly(":", "1:data", "first", "1:data", "second");
    host.run("stop", "s").exits(0);
    host.run("start", "s").exits(0);
  }

  @Test
  void aStoredDescriptorThatHangsUpIsLetGoUnlessItIsNotToBe() {
    host.write(
        "store.py",
        """
        import os, socket, sys, time
        me = sys.argv[1]
        with open("fds-" + me, "a") as out:
            out.write(os.environ.get("LISTEN_FDNAMES", "") + "\\n")
        name = os.environ["NOTIFY_SOCKET"]
        notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        notify.connect("\\0" + name[1:] if name[0] == "@" else name)
        if "LISTEN_FDNAMES" not in os.environ or os.environ["LISTEN_FDNAMES"] == "":
            pairs = [socket.socketpair() for _ in range(2)]
            for (mine, _), text in zip(pairs, ["watched", "kept\\nFDPOLL=0"]):
                socket.send_fds(notify, [b"FDSTORE=1\\nFDNAME=" + text.encode()], [mine.fileno()])
            notify.send(b"READY=1")
            while not os.path.exists("hang-" + me):
                time.sleep(0.02)
            for _, other in pairs:
                other.close()
            open("hung-" + me, "w").close()
        notify.send(b"READY=1")
        time.sleep(1000)
        """);
    host.manifest(
        """
        services:
          a: {command: [python3, store.py, a], ready: {notify: true}}
          b: {command: [python3, store.py, b], ready: {notify: true}}
        """);
    host.up();
    hangUp("a");
    awaitStored("a");
    long supervisor = host.status().supervisor();
    HostProcess.signal(supervisor, "STOP");
    hangUp("b"); // nobody hears of it
    HostProcess.signal(supervisor, "KILL");
    awaitStored("b");
  }

  private void hangUp(String service) {
    host.write("hang-" + service, "");
    Until.holds("the other ends are closed", () -> host.exists("hung-" + service));
  }

  /** Starts it again until it is given what is left, and nothing before that was less. */
  private void awaitStored(String service) {
    Until.holds(
        "what hung up is let go",
        () -> host.read("fds-" + service),
        () -> {
          host.run("restart", service).exits(0);
          return host.read("fds-" + service).endsWith("\nkept\n");
        });
    assertThat(host.read("fds-" + service).lines().distinct())
        .containsSubsequence("", "kept")
        .isSubsetOf("", "watched:kept", "kept");
  }

  private void awaitMain(String service, String command) {
    host.awaitStatus(
        command + " is the main process of " + service,
        view ->
            HostProcess.all().stream()
                .anyMatch(process ->
                    process.pid() == view.service(service).pid()
                        && process.command().equals(command)));
  }

  private boolean runs(String command) {
    return host.processes().stream().anyMatch(process -> process.command().equals(command));
  }

  /** Compiles notify into the project's folder. */
  private void helper() {
    Path source = host.project().resolve("notify.c");
    try (InputStream text = DaemonTest.class.getResourceAsStream("notify.c")) {
      Files.copy(requireNonNull(text, "notify.c"), source);
    } catch (IOException e) {
      throw new AssertionError("cannot write " + source, e);
    }
    List<String> compilers = List.of("musl-gcc", "gcc", "cc");
    assumeTrue(
        compilers.stream()
            .anyMatch(
                compiler -> host.startLine(compiler + " -o notify notify.c").await().exit() == 0),
        "needs a C compiler: none of " + compilers + " compiles");
  }
}
