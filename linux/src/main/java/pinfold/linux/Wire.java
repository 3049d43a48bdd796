package pinfold.linux;

import java.util.List;

/** Offsets and sizes of the messages and journal records of native/protocol.h. */
final class Wire {
  static final int PROTOCOL = 2;
  static final int MAX_MESSAGE = 32_768;
  static final int MAX_FDS = 120;
  static final int LOG_PATH = 192;
  static final int CGROUP_PATH = 160;
  static final int HOLD_NAME = 104;
  static final int COMMAND = 4096;

  private Wire() {}

  /** All of them, for the comparison with the C compiler. */
  static List<Struct> all() {
    return List.of(
        Header.LAYOUT,
        Hello.LAYOUT,
        Id.LAYOUT,
        PlanRef.LAYOUT,
        Spawn.LAYOUT,
        Signal.LAYOUT,
        Signalled.LAYOUT,
        Hold.LAYOUT,
        Adopt.LAYOUT,
        Role.LAYOUT,
        Rotate.LAYOUT,
        Welcome.LAYOUT,
        Child.LAYOUT,
        Log.LAYOUT,
        Refused.LAYOUT,
        Stats.LAYOUT,
        Journal.LAYOUT);
  }

  /** struct pf_header. */
  static final class Header {
    private static final Struct LAYOUT = new Struct("pf_header");

    static final int TYPE = LAYOUT.u16("type");
    static final int COUNT = LAYOUT.u16("count");
    static final int NFDS = LAYOUT.u32("nfds");
    static final int SEQ = LAYOUT.u64("seq");
    static final int BYTES = LAYOUT.size();

    private Header() {}
  }

  /** struct pf_hello. */
  static final class Hello {
    private static final Struct LAYOUT = new Struct("pf_hello");

    static final int PROTOCOL = LAYOUT.u32("protocol");
    static final int FLAGS = LAYOUT.u32("flags");
    static final int BYTES = LAYOUT.size();

    private Hello() {}
  }

  /** struct pf_id. */
  static final class Id {
    private static final Struct LAYOUT = new Struct("pf_id");

    static final int ID = LAYOUT.bytes("id", 16);
    static final int BYTES = LAYOUT.size();

    private Id() {}
  }

  /** struct pf_plan_ref. */
  static final class PlanRef {
    private static final Struct LAYOUT = new Struct("pf_plan_ref");

    static final int PLAN = LAYOUT.u64("plan");
    static final int SIZE = LAYOUT.u64("size");
    static final int BYTES = LAYOUT.size();

    private PlanRef() {}
  }

  /** struct pf_spawn. */
  static final class Spawn {
    private static final Struct LAYOUT = new Struct("pf_spawn");

    static final int ID = LAYOUT.bytes("id", 16);
    static final int PLAN = LAYOUT.u64("plan");
    static final int FLAGS = LAYOUT.u32("flags");
    static final int DEADLINE_MS = LAYOUT.u32("deadline_ms");
    static final int SEGMENT_BYTES = LAYOUT.u64("segment_bytes");
    static final int RUN = LAYOUT.u32("run");
    static final int NFDS = LAYOUT.u16("nfds");
    static final int NHELD = LAYOUT.u16("nheld");
    static final int HELD = LAYOUT.words("held", 8);
    static final int LOG = LAYOUT.bytes("log", 192);
    static final int CGROUP = LAYOUT.bytes("cgroup", 160);
    static final int BYTES = LAYOUT.size();

    private Spawn() {}
  }

  /** struct pf_signal. */
  static final class Signal {
    private static final Struct LAYOUT = new Struct("pf_signal");

    static final int ID = LAYOUT.bytes("id", 16);
    static final int SIG = LAYOUT.u32("sig");
    static final int SCOPE = LAYOUT.u32("scope");
    static final int BYTES = LAYOUT.size();

    private Signal() {}
  }

  /** struct pf_signalled. */
  static final class Signalled {
    private static final Struct LAYOUT = new Struct("pf_signalled");

    static final int ID = LAYOUT.bytes("id", 16);
    static final int SIG = LAYOUT.u32("sig");
    static final int SCOPE = LAYOUT.u32("scope");
    static final int ERR = LAYOUT.u32("err");
    static final int COUNT = LAYOUT.u32("count");
    static final int BYTES = LAYOUT.size();

    private Signalled() {}
  }

  /** struct pf_hold. */
  static final class Hold {
    private static final Struct LAYOUT = new Struct("pf_hold");

    static final int KEY = LAYOUT.u64("key");
    static final int FLAGS = LAYOUT.u32("flags");

    static {
      LAYOUT.u32("reserved");
    }

    static final int NAME = LAYOUT.bytes("name", 104);
    static final int BYTES = LAYOUT.size();

    private Hold() {}
  }

  /** struct pf_adopt. */
  static final class Adopt {
    private static final Struct LAYOUT = new Struct("pf_adopt");

    static final int ID = LAYOUT.bytes("id", 16);
    static final int PID = LAYOUT.u32("pid");
    static final int WARDEN_PID = LAYOUT.u32("warden_pid");
    static final int START_TICKS = LAYOUT.u64("start_ticks");
    static final int WARDEN_START_TICKS = LAYOUT.u64("warden_start_ticks");
    static final int FLAGS = LAYOUT.u32("flags");
    static final int RUN = LAYOUT.u32("run");
    static final int SEGMENT_BYTES = LAYOUT.u64("segment_bytes");
    static final int OUT_PIPE_INO = LAYOUT.u64("out_pipe_ino");
    static final int ERR_PIPE_INO = LAYOUT.u64("err_pipe_ino");
    static final int LOG = LAYOUT.bytes("log", 192);
    static final int CGROUP = LAYOUT.bytes("cgroup", 160);
    static final int BYTES = LAYOUT.size();

    private Adopt() {}
  }

  /** struct pf_role. */
  static final class Role {
    private static final Struct LAYOUT = new Struct("pf_role");

    static final int ROLE = LAYOUT.u32("role");
    static final int ARGC = LAYOUT.u32("argc");
    static final int COMMAND = LAYOUT.bytes("command", 4096);
    static final int BYTES = LAYOUT.size();

    private Role() {}
  }

  /** struct pf_rotate. */
  static final class Rotate {
    private static final Struct LAYOUT = new Struct("pf_rotate");

    static final int STREAM = LAYOUT.u32("stream");

    static {
      LAYOUT.u32("reserved");
    }

    static final int LOG = LAYOUT.bytes("log", 192);
    static final int BYTES = LAYOUT.size();

    private Rotate() {}
  }

  /** struct pf_welcome. */
  static final class Welcome {
    private static final Struct LAYOUT = new Struct("pf_welcome");

    static final int PROTOCOL = LAYOUT.u32("protocol");
    static final int FLAGS = LAYOUT.u32("flags");
    static final int PID = LAYOUT.u32("pid");
    static final int CHILDREN = LAYOUT.u32("children");
    static final int STARTED_NS = LAYOUT.u64("started_ns");
    static final int GENERATION = LAYOUT.u64("generation");
    static final int BYTES = LAYOUT.size();

    private Welcome() {}
  }

  /** struct pf_child. */
  static final class Child {
    private static final Struct LAYOUT = new Struct("pf_child");

    static final int ID = LAYOUT.bytes("id", 16);
    static final int PLAN = LAYOUT.u64("plan");
    static final int STATE = LAYOUT.u32("state");
    static final int PID = LAYOUT.u32("pid");
    static final int START_TICKS = LAYOUT.u64("start_ticks");
    static final int PIDFS_INO = LAYOUT.u64("pidfs_ino");
    static final int WARDEN_PID = LAYOUT.u32("warden_pid");
    static final int WAIT_STATUS = LAYOUT.u32("wait_status");
    static final int WARDEN_START_TICKS = LAYOUT.u64("warden_start_ticks");
    static final int OUT_PIPE_INO = LAYOUT.u64("out_pipe_ino");
    static final int ERR_PIPE_INO = LAYOUT.u64("err_pipe_ino");
    static final int FAIL_STEP = LAYOUT.u32("fail_step");
    static final int FAIL_ERRNO = LAYOUT.u32("fail_errno");
    static final int BORN_NS = LAYOUT.u64("born_ns");
    static final int EXEC_NS = LAYOUT.u64("exec_ns");
    static final int EXIT_NS = LAYOUT.u64("exit_ns");
    static final int USER_NS = LAYOUT.u64("user_ns");
    static final int SYSTEM_NS = LAYOUT.u64("system_ns");
    static final int MAX_RSS_BYTES = LAYOUT.u64("max_rss_bytes");
    static final int RUN = LAYOUT.u32("run");
    static final int FLAGS = LAYOUT.u32("flags");
    static final int BYTES = LAYOUT.size();

    private Child() {}
  }

  /** struct pf_log. */
  static final class Log {
    private static final Struct LAYOUT = new Struct("pf_log");

    static final int ID = LAYOUT.bytes("id", 16);
    static final int STREAM = LAYOUT.u32("stream");
    static final int KIND = LAYOUT.u32("kind");
    static final int ERR = LAYOUT.u32("err");

    static {
      LAYOUT.u32("reserved");
    }

    static final int BYTES_OFFSET = LAYOUT.u64("bytes");
    static final int BYTES = LAYOUT.size();

    private Log() {}
  }

  /** struct pf_refused. */
  static final class Refused {
    private static final Struct LAYOUT = new Struct("pf_refused");

    static final int ERR = LAYOUT.u32("err");
    static final int ENTRY = LAYOUT.u32("entry");
    static final int BYTES = LAYOUT.size();

    private Refused() {}
  }

  /** struct pf_stats. */
  static final class Stats {
    private static final Struct LAYOUT = new Struct("pf_stats");

    static final int BIRTHS = LAYOUT.u64("births");
    static final int EXITS = LAYOUT.u64("exits");
    static final int WAKEUPS = LAYOUT.u64("wakeups");
    static final int LOG_BYTES = LAYOUT.u64("log_bytes");
    static final int LOG_DROPPED = LAYOUT.u64("log_dropped");
    static final int SUPERVISORS = LAYOUT.u64("supervisors");
    static final int CHILDREN = LAYOUT.u32("children");
    static final int STREAMS = LAYOUT.u32("streams");
    static final int HELD = LAYOUT.u32("held");
    static final int PLANS = LAYOUT.u32("plans");
    static final int BYTES = LAYOUT.size();

    private Stats() {}
  }

  /** struct pf_journal. */
  static final class Journal {
    private static final Struct LAYOUT = new Struct("pf_journal");

    static final int KIND = LAYOUT.u32("kind");
    static final int PID = LAYOUT.u32("pid");
    static final int ID = LAYOUT.bytes("id", 16);
    static final int START_TICKS = LAYOUT.u64("start_ticks");
    static final int TIME_NS = LAYOUT.u64("time_ns");
    static final int WARDEN_PID = LAYOUT.u32("warden_pid");
    static final int WAIT_STATUS = LAYOUT.u32("wait_status");
    static final int WARDEN_START_TICKS = LAYOUT.u64("warden_start_ticks");
    static final int OUT_PIPE_INO = LAYOUT.u64("out_pipe_ino");
    static final int ERR_PIPE_INO = LAYOUT.u64("err_pipe_ino");
    static final int RUN = LAYOUT.u32("run");
    static final int FLAGS = LAYOUT.u32("flags");
    static final int CHECKSUM = LAYOUT.u64("checksum");
    static final int BYTES = LAYOUT.size();

    private Journal() {}
  }
}
