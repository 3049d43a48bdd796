package pinfold.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** With the real keeper. */
@Timeout(180)
class KeeperTest {
  @TempDir(factory = TempNames.class)
  Path directory;

  @BeforeAll
  static void needsTheKeeper() {
    assumeTrue(
        KeeperUnderTest.built(), "no keeper at " + KeeperUnderTest.binary() + ": make -C native");
  }

  private static LaunchSpec.Builder sleep() {
    return LaunchSpec.builder("/bin/sleep").arguments(List.of("sleep", "1000"));
  }

  private static LaunchSpec.Builder shell(String script) {
    return LaunchSpec.builder("/bin/sh").arguments(List.of("sh", "-c", script));
  }

  @Test
  void aBirthRunsIsSignalledAndAcknowledged() throws Exception {
    try (KeeperUnderTest test = KeeperUnderTest.start(directory)) {
      BirthId birth = test.spawn(sleep().build());
      ChildSnapshot running = test.await(birth, ChildSnapshot::exec);
      ProcessIdentity main = running.main().orElseThrow();
      assertThat(Processes.identity(main.pid())).contains(main);
      assertThat(running.warden()).isPresent();
      assertThat(running.outPipe()).isPositive();

      long asked = test.keeper().pidfd(birth);
      KeeperEvent.PidfdIs answer =
          test.await(KeeperEvent.PidfdIs.class, event -> event.seq() == asked);
      try (Pidfd pidfd = Pidfd.of(answer.pidfd().orElseThrow())) {
        assertThat(pidfd.ended()).isFalse();
      }
      long sent = test.keeper().signal(birth, Signal.TERM, KeeperEvent.Scope.MAIN);
      assertThat(test.await(KeeperEvent.Signalled.class, event -> event.seq() == sent).errno())
          .isEqualTo(Errno.NONE);
      ChildSnapshot over = test.await(birth, ChildSnapshot::over);
      assertThat(over.exit()).contains(new ExitStatus.Killed(Signal.TERM, false));
      test.keeper().acknowledge(birth);
    }
  }

  /** What the one who started Pinfold had must not reach a service. */
  @Test
  void aChildInheritsAClosedList() throws Exception {
    Path wrapper =
        Files.writeString(
            directory.resolve("wrapper"),
            """
            #!/bin/bash
            trap '' HUP INT QUIT TERM PIPE USR1
            umask 077
            ulimit -Sc 12345; ulimit -St 999; ulimit -Ss 4096; ulimit -Sn 512
            exec 8</etc/passwd 9>/dev/null
            echo 0x1 >/proc/self/coredump_filter
            exec nice -n 7 taskset 1 ionice -c 3 chrt -b 0 setarch -R %s "$@"
            """
                .formatted(KeeperUnderTest.binary()));
    Files.setPosixFilePermissions(wrapper, PosixFilePermissions.fromString("rwx------"));
    try (KeeperUnderTest test = KeeperUnderTest.start(directory, wrapper)) {
      BirthId birth =
          test.spawn(
              sleep()
                  .environment(Map.of("A", "1"))
                  .birthVariable("PINFOLD_BIRTH")
                  .pidVariable("LISTEN_PID")
                  .directory("/usr")
                  .umask(0027)
                  .limit(Rlimit.NPROC, new Limit(4000, 5000))
                  .build());
      int pid = test.await(birth, ChildSnapshot::exec).main().orElseThrow().pid();
      ProcessStat stat = Processes.stat(pid).orElseThrow();
      Map<String, String> status = fields(Path.of("/proc/" + pid + "/status"), ":");
      assertThat(stat.session()).isEqualTo(pid);
      assertThat(stat.group()).isEqualTo(pid);
      assertThat(stat.terminal()).isZero();
      // Lowering the value again needs a privilege that the tests may not have.
      assertThat(stat.nice()).isBetween(0, User.ownUid() == 0 ? 0 : 19);
      assertThat(status)
          .containsEntry("SigIgn", "0000000000000000")
          .containsEntry("SigBlk", "0000000000000000")
          .containsEntry("SigCgt", "0000000000000000")
          .containsEntry("Umask", "0027")
          .containsEntry("NoNewPrivs", "0")
          .containsEntry(
              "Cpus_allowed",
              fields(Path.of("/proc/1/status"), ":").getOrDefault("Cpus_allowed", ""));
      assertThat(Files.readSymbolicLink(Path.of("/proc/" + pid + "/cwd"))).hasToString("/usr");
      assertThat(Files.readString(Path.of("/proc/" + pid + "/environ")).split("\0"))
          .containsExactly("A=1", "PINFOLD_BIRTH=" + birth, "LISTEN_PID=" + pid);
      assertThat(Files.readString(Path.of("/proc/" + pid + "/oom_score_adj"))).isEqualTo("0\n");
      assertThat(Files.readString(Path.of("/proc/" + pid + "/coredump_filter")))
          .isEqualTo("00000033\n");
      assertThat(Files.readString(Path.of("/proc/" + pid + "/personality")))
          .isEqualTo("00000000\n");
      assertThat(printed("chrt", "-p", Integer.toString(pid))).contains("SCHED_OTHER");
      assertThat(printed("ionice", "-p", Integer.toString(pid))).startsWith("none");
      assertThat(descriptors(pid))
          .containsEntry("0", "/dev/null")
          .hasEntrySatisfying("1", target -> assertThat(target).startsWith("pipe:"))
          .hasEntrySatisfying("2", target -> assertThat(target).startsWith("pipe:"))
          .hasSize(3);
      Map<Rlimit, Limit> limits = Rlimits.of(pid);
      for (Map.Entry<Rlimit, Limit> entry : limits.entrySet()) {
        Limit expected =
            entry.getKey() == Rlimit.NPROC
                ? new Limit(4000, 5000)
                : Rlimits.standard(entry.getKey(), entry.getValue().hard());
        assertThat(entry.getValue()).as(entry.getKey().key()).isEqualTo(expected);
      }
      test.end(birth);
    }
  }

  private static String printed(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  @Test
  void anOrdinaryUserNeedsNoPrivilegeForIt() throws Exception {
    assumeTrue(User.ownUid() == 0, "only root can become another user");
    Path wrapper =
        Files.writeString(
            directory.resolve("wrapper"),
            """
            #!/bin/sh
            exec nice -n 3 setpriv --reuid=65534 --regid=65534 --clear-groups %s "$@"
            """
                .formatted(KeeperUnderTest.binary()));
    Files.setPosixFilePermissions(wrapper, PosixFilePermissions.fromString("rwxr-xr-x"));
    try (KeeperUnderTest test =
        KeeperUnderTest.start(
            directory,
            wrapper,
            () -> {
              for (String place : List.of("", "run", "logs", "probe.sock")) {
                Files.setPosixFilePermissions(
                    directory.resolve(place), PosixFilePermissions.fromString("rwxrwxrwx"));
              }
            })) {
      BirthId birth = test.spawn(sleep().noNewPrivileges(true).nice(19).build());
      int pid = test.await(birth, ChildSnapshot::exec).main().orElseThrow().pid();
      Map<String, String> status = fields(Path.of("/proc/" + pid + "/status"), ":");
      assertThat(status).containsEntry("NoNewPrivs", "1").containsEntry("CapEff", "0".repeat(16));
      assertThat(Processes.stat(pid).orElseThrow().nice()).isEqualTo(19);
      // What it may not is named, with the step and the errno.
      assertThat(failure(test, sleep().nice(-5).build()).text())
          .isEqualTo("cannot set nice -5: Permission denied (EACCES)");
      long above = Rlimits.hard().getOrDefault(Rlimit.NOFILE, 0L) + 1;
      assertThat(
              failure(test, sleep().limit(Rlimit.NOFILE, new Limit(above, above)).build()).text())
          .isEqualTo("cannot set limit nofile to " + above + ": Operation not permitted (EPERM)");
      test.end(birth);
    }
  }

  private static Map<String, String> fields(Path file, String separator) throws Exception {
    Map<String, String> fields = new TreeMap<>();
    for (String line : Files.readAllLines(file)) {
      int at = line.indexOf(separator);
      fields.put(line.substring(0, at), line.substring(at + 1).strip());
    }
    return fields;
  }

  private static Map<String, String> descriptors(int pid) throws Exception {
    Map<String, String> targets = new TreeMap<>();
    try (Stream<Path> entries = Files.list(Path.of("/proc/" + pid + "/fd"))) {
      for (Path entry : entries.toList()) {
        targets.put(String.valueOf(entry.getFileName()), Files.readSymbolicLink(entry).toString());
      }
    }
    return targets;
  }

  @Test
  void descriptorsArriveAtTheirNumbers() throws Exception {
    try (KeeperUnderTest test = KeeperUnderTest.start(directory);
        FdPair pipe = FdPair.pipe()) {
      test.keeper().hold(77, "store", false, pipe.second());
      test.keeper()
          .putPlan(
              1,
              SpawnPlan.compile(
                  shell("exec cat <&5 >&9")
                      .stdin(new LaunchSpec.Received(0))
                      .stdout(new LaunchSpec.Null())
                      .stderr(new LaunchSpec.Merged())
                      .place("input", 0, 5)
                      .place("output", 1, 9)
                      .build()));
      BirthId birth = BirthId.random();
      try (FdPair input = FdPair.pipe()) {
        test.keeper()
            .spawn(
                new SpawnRequest(
                    birth,
                    1,
                    new Containment.Warden(),
                    SpawnRequest.Output.NONE,
                    "",
                    1,
                    0,
                    Duration.ZERO,
                    List.of(input.first()),
                    List.of(77L)));
        int pid = test.await(birth, ChildSnapshot::exec).main().orElseThrow().pid();
        write(input.second(), "hello\n");
        assertThat(read(pipe.first())).isEqualTo("hello\n");
        assertThat(descriptors(pid).keySet()).containsExactly("0", "1", "2", "5", "9");
      }
      long asked = test.keeper().fetch(Optional.empty());
      KeeperEvent.Held held = test.await(KeeperEvent.Held.class, event -> event.seq() == asked);
      assertThat(held.key()).isEqualTo(77);
      assertThat(held.name()).isEqualTo("store");
      held.descriptor().close();
      test.await(KeeperEvent.Fetched.class, event -> event.seq() == asked);
      test.keeper().unhold(77);
      test.end(birth);
    }
  }

  private static void write(Fd fd, String text) throws Exception {
    Files.writeString(Path.of("/proc/self/fd/" + fd.number()), text);
  }

  private static String read(Fd fd) throws Exception {
    try (var in = Files.newInputStream(Path.of("/proc/self/fd/" + fd.number()))) {
      byte[] bytes = new byte[100];
      int count = in.read(bytes);
      return new String(bytes, 0, count, StandardCharsets.UTF_8);
    }
  }

  private static SpawnPlan.Failure failure(KeeperUnderTest test, LaunchSpec spec) throws Exception {
    BirthId birth = test.spawn(spec);
    ChildSnapshot.Failure failure =
        test.await(birth, s -> s.failure().isPresent() && s.empty()).failure().orElseThrow();
    test.keeper().acknowledge(birth);
    return SpawnPlan.compile(spec).failure(failure.call().orElseThrow(), failure.errno());
  }

  @Test
  void failuresAreThoseOfExecvp() throws Exception {
    Path first = Files.createDirectory(directory.resolve("first"));
    Path second = Files.createDirectory(directory.resolve("second"));
    Files.createDirectory(second.resolve("folder"));
    Files.writeString(first.resolve("plain"), "not executable");
    Path script = Files.writeString(second.resolve("script"), "exit 0\n");
    Path lost = Files.writeString(second.resolve("lost"), "#!/nonexistent/interpreter\n");
    for (Path file : List.of(script, lost)) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    Map<String, String> path = Map.of("PATH", first + ":" + second);
    try (KeeperUnderTest test = KeeperUnderTest.start(directory)) {
      assertThat(failure(test, LaunchSpec.builder("absent").environment(path).build()).text())
          .isEqualTo(
              "cannot execute \"absent\", searched in PATH \""
                  + path.get("PATH")
                  + "\": No such file or directory (ENOENT)");
      assertThat(failure(test, LaunchSpec.builder("plain").environment(path).build()).text())
          .isEqualTo("cannot execute \"" + first + "/plain\": Permission denied (EACCES)");
      assertThat(failure(test, LaunchSpec.builder("folder").environment(path).build()).text())
          .isEqualTo("cannot execute \"" + second + "/folder\": Permission denied (EACCES)");
      assertThat(failure(test, LaunchSpec.builder("script").environment(path).build()).errno())
          .isEqualTo(Errno.ENOEXEC);
      assertThat(failure(test, LaunchSpec.builder("lost").environment(path).build()).text())
          .isEqualTo("cannot execute \"" + second + "/lost\": No such file or directory (ENOENT)");
      assertThat(failure(test, sleep().directory("/nonexistent").build()).step().name())
          .isEqualTo("directory");
      assertThat(failure(test, sleep().stdin(new LaunchSpec.File("/nonexistent")).build()).text())
          .isEqualTo("cannot open \"/nonexistent\": No such file or directory (ENOENT)");
      assertThat(failure(test, sleep().stdin(new LaunchSpec.Received(3)).build()).text())
          .isEqualTo("cannot place descriptor 0: Bad file descriptor (EBADF)");
    }
  }

  @Test
  void anUnknownPlanFailsInTheKeeper() throws Exception {
    try (KeeperUnderTest test = KeeperUnderTest.start(directory)) {
      BirthId birth = BirthId.random();
      test.keeper().spawn(KeeperUnderTest.request(birth, "test/x"));
      ChildSnapshot.Failure failure =
          test.await(birth, s -> s.failure().isPresent()).failure().orElseThrow();
      assertThat(failure.call()).isEqualTo(OptionalInt.empty());
      test.keeper().acknowledge(birth);
      // The same id again while the first is known is refused as a message's entry.
      BirthId twice = test.spawn(sleep().build());
      test.await(twice, ChildSnapshot::exec);
      long seq = test.keeper().spawn(KeeperUnderTest.request(twice, "test/x"));
      KeeperEvent.Refused refused =
          test.await(KeeperEvent.Refused.class, event -> event.seq() == seq);
      assertThat(refused.births()).containsExactly(twice);
      assertThat(refused.errno()).isEqualTo(Errno.EEXIST);
      test.end(twice);
    }
  }

  @Test
  void hundredsOfBirthsAtOnceAllHappen() throws Exception {
    try (KeeperUnderTest test = KeeperUnderTest.start(directory)) {
      test.keeper().putPlan(1, SpawnPlan.compile(LaunchSpec.builder("/bin/true").build()));
      List<BirthId> births = new ArrayList<>();
      for (int i = 0; i < 600; i++) {
        BirthId birth = BirthId.random();
        births.add(birth);
        test.keeper().spawn(KeeperUnderTest.request(birth, "test/" + i));
      }
      for (BirthId birth : births) {
        assertThat(test.await(birth, ChildSnapshot::over).exit())
            .contains(new ExitStatus.Exited(0));
        test.keeper().acknowledge(birth);
      }
    }
  }

  @Test
  void aSecondKeeperIsToldApart() throws Exception {
    try (KeeperUnderTest test = KeeperUnderTest.start(directory)) {
      assertThat(test.startKeeper()).isEqualTo(new KeeperProgram.Started.Another());
      assertThat(FileLocks.held(directory.resolve("lock"))).isTrue();
    }
    KeeperProgram nowhere =
        new KeeperProgram(
            KeeperUnderTest.binary(),
            directory.resolve("absent"),
            directory,
            directory,
            Optional.empty());
    assertThat(nowhere.start(List.of("/bin/true"), Map.of()))
        .isInstanceOfSatisfying(
            KeeperProgram.Started.Failed.class,
            failed -> assertThat(failed.message()).contains("absent"));
  }

  @Test
  void theJournalTellsWhatHappened() throws Exception {
    try (KeeperUnderTest test = KeeperUnderTest.start(directory)) {
      BirthId birth = test.spawn(sleep().build());
      ChildSnapshot running = test.await(birth, ChildSnapshot::exec);
      test.end(birth);
      Path file = test.runDirectory().resolve("keeper." + test.pid() + ".journal");
      byte[] bytes = Files.readAllBytes(file);
      KeeperJournal journal = KeeperJournal.parse(bytes, BootId.current());
      assertThat(journal.tornBytes()).isZero();
      assertThat(journal.lines().getFirst())
          .isInstanceOfSatisfying(
              KeeperJournal.Line.Keeper.class,
              line -> assertThat(line.identity().pid()).isEqualTo(test.pid()));
      assertThat(journal.lines())
          .anySatisfy(line ->
              assertThat(line)
                  .isInstanceOfSatisfying(
                      KeeperJournal.Line.Born.class,
                      born -> {
                        assertThat(born.birth()).isEqualTo(birth);
                        assertThat(born.main().orElseThrow().same(running.main().orElseThrow()))
                            .isTrue();
                        assertThat(born.outPipe()).isEqualTo(running.outPipe());
                      }));
      assertThat(journal.lines())
          .anySatisfy(line ->
              assertThat(line)
                  .isInstanceOfSatisfying(
                      KeeperJournal.Line.Exit.class,
                      exit ->
                          assertThat(exit.status())
                              .isEqualTo(new ExitStatus.Killed(Signal.KILL, false))));
      bytes[bytes.length - 1] ^= 1;
      KeeperJournal torn = KeeperJournal.parse(bytes, BootId.current());
      assertThat(torn.tornBytes()).isEqualTo(Wire.Journal.BYTES);
      assertThat(torn.lines()).hasSize(journal.lines().size() - 1);
      KeeperJournal self = KeeperJournal.read(test.runDirectory().resolve("keeper"));
      assertThat(self.lines()).containsExactly(journal.lines().getFirst());
    }
  }

  @Test
  void aNewSupervisorHearsOfEveryChildAgain() throws Exception {
    try (KeeperUnderTest test = KeeperUnderTest.start(directory)) {
      BirthId birth = test.spawn(sleep().build());
      ProcessIdentity main = test.await(birth, ChildSnapshot::exec).main().orElseThrow();
      test.keeper().close();
      test.await(KeeperEvent.Lost.class, _ -> true);
      test.attach();
      assertThat(test.await(birth, ChildSnapshot::exec).main()).contains(main);
      test.end(birth);
    }
  }

  @Test
  void aServiceCanHaveATerminal() throws Exception {
    try (KeeperUnderTest test = KeeperUnderTest.start(directory);
        Poller poller = Poller.start("poller-test");
        Pty pty = Pty.open(new Pty.Size(24, 80));
        UnixConnection master = UnixConnection.of(pty.master().duplicate(), poller)) {
      LaunchSpec spec =
          shell("stty size; exec sleep 1000")
              .stdin(new LaunchSpec.Received(0))
              .stdout(new LaunchSpec.Received(0))
              .stderr(new LaunchSpec.Received(0))
              .controllingTerminal(true)
              .build();
      test.keeper().putPlan(1, SpawnPlan.compile(spec));
      BirthId birth = BirthId.random();
      test.keeper()
          .spawn(
              new SpawnRequest(
                  birth,
                  1,
                  new Containment.Warden(),
                  SpawnRequest.Output.NONE,
                  "",
                  1,
                  0,
                  Duration.ZERO,
                  List.of(pty.slave()),
                  List.of()));
      assertThat(new String(master.input().readNBytes(7), StandardCharsets.US_ASCII))
          .isEqualTo("24 80\r\n");
      int pid = test.await(birth, ChildSnapshot::exec).main().orElseThrow().pid();
      assertThat(Processes.stat(pid).orElseThrow().terminal()).isNotZero();
      master.output().write(3);
      assertThat(test.await(birth, ChildSnapshot::over).exit())
          .contains(new ExitStatus.Killed(Signal.INT, false));
      test.keeper().acknowledge(birth);
    }
  }

  @Test
  void survivorsOfAKilledKeeperAreAdopted() throws Exception {
    try (KeeperUnderTest test = KeeperUnderTest.start(directory)) {
      BirthId birth = test.spawn(sleep().build());
      ProcessIdentity main = test.await(birth, ChildSnapshot::exec).main().orElseThrow();
      Path file = test.runDirectory().resolve("keeper." + test.pid() + ".journal");
      try (Pidfd killed = Pidfd.open(test.pid())) {
        killed.signal(Signal.KILL);
        test.await(KeeperEvent.Lost.class, _ -> true);
        assertThat(killed.await(Duration.ofSeconds(60))).isTrue();
      }
      assertThat(Processes.alive(main)).isTrue();
      KeeperJournal.Line.Born born =
          KeeperJournal.read(file).lines().stream()
              .filter(KeeperJournal.Line.Born.class::isInstance)
              .map(KeeperJournal.Line.Born.class::cast)
              .filter(line -> line.birth().equals(birth))
              .findFirst()
              .orElseThrow();
      assertThat(test.startKeeper()).isEqualTo(new KeeperProgram.Started.Running());
      test.attach();
      test.forget(birth);
      test.keeper()
          .adopt(
              new Adoption(
                  birth,
                  born.main(),
                  born.warden(),
                  new Containment.Warden(),
                  born.output(),
                  born.run(),
                  0,
                  born.outPipe(),
                  born.errPipe(),
                  "test/" + birth));
      assertThat(test.await(birth, s -> s.main().isPresent()).main().orElseThrow().same(main))
          .isTrue();
      test.end(birth);
      assertThat(Processes.alive(main)).isFalse();
      // How it ended is told and written down the same, also where it cannot be known.
      ExitStatus told = test.await(birth, ChildSnapshot::over).exit().orElseThrow();
      Path journal = test.runDirectory().resolve("keeper." + test.pid() + ".journal");
      assertThat(KeeperJournal.read(journal).lines())
          .filteredOn(KeeperJournal.Line.Exit.class::isInstance)
          .singleElement()
          .isInstanceOfSatisfying(
              KeeperJournal.Line.Exit.class, exit -> assertThat(exit.status()).isEqualTo(told));
    }
  }

  @Test
  void nothingOutlivesATestThatWasKilled() throws Exception {
    KeeperUnderTest test = KeeperUnderTest.start(directory);
    BirthId birth = test.spawn(sleep().build());
    ProcessIdentity main = test.await(birth, ChildSnapshot::exec).main().orElseThrow();
    try (Pidfd keeper = Pidfd.open(test.pid());
        Pidfd child = Pidfd.open(main)) {
      test.vanish();
      assertThat(keeper.await(Duration.ofSeconds(60))).as("the keeper ended").isTrue();
      assertThat(child.ended()).isTrue();
    }
  }

  @Test
  void anEndThatNobodySawIsWrittenDownAsUnknown() throws Exception {
    try (KeeperUnderTest test = KeeperUnderTest.start(directory)) {
      BirthId gone = test.spawn(sleep().build());
      ChildSnapshot was = test.await(gone, ChildSnapshot::exec);
      test.end(gone);
      BirthId birth = new BirthId(UUID.randomUUID());
      test.keeper()
          .adopt(
              new Adoption(
                  birth,
                  was.main(),
                  was.warden(),
                  new Containment.Warden(),
                  was.output(),
                  was.run(),
                  0,
                  was.outPipe(),
                  was.errPipe(),
                  "test/" + birth));
      assertThat(test.await(birth, ChildSnapshot::over).exit()).contains(new ExitStatus.Unknown());
      Path journal = test.runDirectory().resolve("keeper." + test.pid() + ".journal");
      assertThat(KeeperJournal.read(journal).lines())
          .filteredOn(line -> line instanceof KeeperJournal.Line.Exit e && e.birth().equals(birth))
          .singleElement()
          .isInstanceOfSatisfying(
              KeeperJournal.Line.Exit.class,
              exit -> assertThat(exit.status()).isEqualTo(new ExitStatus.Unknown()));
      test.keeper().acknowledge(birth);
    }
  }
}
