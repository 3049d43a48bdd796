package pinfold.linux;

import java.util.Locale;

/** System calls by name, with their numbers on the two machines that Pinfold is built for. */
enum Sys {
  READ(0, 63),
  WRITE(1, 64),
  OPENAT(257, 56),
  CLOSE(3, 57),
  FSTAT(5, 80),
  FSTATFS(138, 44),
  FCNTL(72, 25),
  IOCTL(16, 29),
  DUP3(292, 24),
  CLOSE_RANGE(436, 436),
  FSYNC(74, 82),
  SETSID(112, 157),
  RT_SIGACTION(13, 134),
  RT_SIGPROCMASK(14, 135),
  PERSONALITY(135, 92),
  PRCTL(157, 167),
  KEYCTL(250, 219),
  SET_MEMPOLICY(238, 237),
  IOPRIO_SET(251, 30),
  SETPRIORITY(141, 140),
  SCHED_SETSCHEDULER(144, 119),
  SCHED_SETAFFINITY(203, 122),
  PRLIMIT64(302, 261),
  UMASK(95, 166),
  CHDIR(80, 49),
  EXECVE(59, 221),
  FACCESSAT2(439, 439),
  GETGID(104, 176),
  PIDFD_OPEN(434, 434),
  PIDFD_SEND_SIGNAL(424, 424),
  PPOLL(271, 73),
  MEMFD_CREATE(319, 279),
  PIPE2(293, 59),
  SOCKET(41, 198),
  SOCKETPAIR(53, 199),
  BIND(49, 200),
  LISTEN(50, 201),
  ACCEPT4(288, 242),
  CONNECT(42, 203),
  GETSOCKOPT(55, 209),
  SETSOCKOPT(54, 208),
  SENDMSG(46, 211),
  RECVMSG(47, 212),
  SHUTDOWN(48, 210),
  EPOLL_CREATE1(291, 20),
  EPOLL_CTL(233, 21),
  EPOLL_PWAIT(281, 22),
  EVENTFD2(290, 19),
  WAITID(247, 95);

  private static final boolean ARM = "aarch64".equals(System.getProperty("os.arch"));

  private final int x86;
  private final int arm;

  Sys(int x86, int arm) {
    this.x86 = x86;
    this.arm = arm;
  }

  /** The number on this machine. */
  int number() {
    return ARM ? arm : x86;
  }

  /** "pidfd_open". */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
