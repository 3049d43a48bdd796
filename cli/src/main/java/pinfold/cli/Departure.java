package pinfold.cli;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import pinfold.contract.Call;
import pinfold.contract.Code;
import pinfold.contract.Failure;
import pinfold.contract.PinfoldException;
import pinfold.contract.Reply;
import pinfold.linux.ProcessStat;
import pinfold.linux.Processes;
import pinfold.state.KeeperState;

/** Supervisor and keeper that were asked to end, until they are gone. */
record Departure(List<Member> members) {
  /** They have nothing left to do but to close files; this much only a fault needs. */
  private static final Duration BOUND = Duration.ofSeconds(20);

  private static final Duration PAUSE = Duration.ofMillis(2);

  /** A process that is to end, known so that a later one of the same number is not taken for it. */
  record Member(String what, int pid, long startTicks) {
    boolean lives() {
      return Processes.stat(pid)
          .filter(stat -> stat.startTicks() == startTicks && !stat.zombie())
          .isPresent();
    }
  }

  /** Who answers here now. */
  static Departure of(Client client) {
    Reply.Release running = client.call(new Call.Version(), Reply.Release.class);
    return new Departure(
        Stream.of(member("supervisor", running.pid()), member("keeper", running.keeperPid()))
            .flatMap(Optional::stream)
            .toList());
  }

  /** Who is left where no supervisor answers. */
  static Departure of(KeeperState keeper) {
    return new Departure(
        keeper instanceof KeeperState.Alive(var identity, _)
            ? List.of(new Member("keeper", identity.pid(), identity.startTicks()))
            : List.of());
  }

  private static Optional<Member> member(String what, int pid) {
    return Processes.stat(pid)
        .map(ProcessStat::startTicks)
        .map(ticks -> new Member(what, pid, ticks));
  }

  /**
   * Waits until all are gone.
   *
   * @throws PinfoldException {@link Code#TIMED_OUT} with those that do not end
   */
  void await() {
    long end = System.nanoTime() + BOUND.toNanos();
    List<Member> left = living();
    while (!left.isEmpty()) {
      if (System.nanoTime() > end) {
        throw Failure.of(
                Code.TIMED_OUT,
                left.stream()
                        .map(member -> member.what() + " " + member.pid())
                        .collect(Collectors.joining(" and "))
                    + " did not end within "
                    + Text.age(BOUND))
            .tryNext("pinfold logs --supervisor")
            .tryNext("pinfold doctor")
            .exception();
      }
      Pause.of(PAUSE, "supervisor and keeper end");
      left = living();
    }
  }

  private List<Member> living() {
    return members.stream().filter(Member::lives).toList();
  }
}
