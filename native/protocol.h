/* SPDX-License-Identifier: Apache-2.0
 *
 * The one contract between the keeper (C) and pinfold.linux (Java): messages, spawn plans, log index, journal.
 * Everything is fixed-size, little-endian as the machine has it, naturally aligned, zero where unused.
 * Both ends run on one host and are shipped together; PF_PROTOCOL changes with any change of this file.
 * pinfold.linux has a test that compiles a program printing sizeof and offsetof and compares them with its layouts.
 */
#ifndef PINFOLD_PROTOCOL_H
#define PINFOLD_PROTOCOL_H

#include <stdint.h>

#define PF_PROTOCOL 2u

/* ---- transport -------------------------------------------------------------------------------------------------
 * A SOCK_SEQPACKET socketpair made by the keeper for each supervisor it starts, inherited by it as PF_SUPERVISOR_FD.
 * One message = one header + `count` entries of the type's size (+ `nfds` descriptors as SCM_RIGHTS).
 * A message is valid only if its length is exact, nfds equals what arrived, and nothing was truncated; otherwise the
 * whole message is refused with PF_REFUSED (EMFILE when descriptors were lost, EPROTO otherwise) and has no effect.
 */
#define PF_SUPERVISOR_FD 3
#define PF_MAX_MESSAGE 32768u /* bytes, header included */
#define PF_MAX_FDS 120u       /* descriptors in one message */

struct pf_header {
  uint16_t type;
  uint16_t count;
  uint32_t nfds;
  uint64_t seq; /* chosen by the sender; PF_REFUSED and answers repeat it */
};

enum pf_request {            /* supervisor -> keeper */
  PF_HELLO = 1,              /* struct pf_hello: answered by PF_WELCOME; then every child is reported again */
  PF_PLAN_PUT = 2,           /* struct pf_plan_ref, one sealed memfd per entry: keep it under this number */
  PF_PLAN_DROP = 3,          /* struct pf_plan_ref: forget it (births under way keep their copy) */
  PF_SPAWN = 4,              /* struct pf_spawn */
  PF_SIGNAL = 5,             /* struct pf_signal: answered by PF_SIGNALLED */
  PF_ACK = 6,                /* struct pf_id: the exit is recorded, the entry may be freed (once it is also EMPTY) */
  PF_HOLD = 7,               /* struct pf_hold, one descriptor per entry: keep it open beyond this supervisor */
  PF_UNHOLD = 8,             /* struct pf_hold (key only): close it */
  PF_FETCH = 9,              /* struct pf_hold (key, 0 = all): answered by PF_HELD …, then PF_FETCHED */
  PF_PIDFD = 10,             /* struct pf_id: answered by PF_PIDFD_IS with a pidfd of the main process */
  PF_ADOPT = 11,             /* struct pf_adopt: a survivor of an earlier keeper */
  PF_ROLE = 12,              /* struct pf_role: what the keeper does when this supervisor ends */
  PF_ROTATE = 13,            /* struct pf_rotate: start a new segment now */
  PF_STATS = 14,             /* struct pf_hello (ignored): answered by PF_STATS_ARE */
};

enum pf_event {              /* keeper -> supervisor */
  PF_WELCOME = 101,          /* struct pf_welcome */
  PF_CHILD = 102,            /* struct pf_child: full snapshot of one birth, sent whenever it changed */
  PF_SIGNALLED = 103,        /* struct pf_signalled */
  PF_HELD = 104,             /* struct pf_hold, one descriptor per entry */
  PF_FETCHED = 105,          /* no entry: end of the answer to PF_FETCH */
  PF_PIDFD_IS = 106,         /* struct pf_id, one descriptor; nfds 0 when the process is gone */
  PF_LOG = 107,              /* struct pf_log */
  PF_SHUTDOWN = 108,         /* struct pf_signal (sig only): the keeper was asked to end by this signal */
  PF_REFUSED = 109,          /* struct pf_refused */
  PF_STATS_ARE = 110,        /* struct pf_stats */
};

struct pf_hello {
  uint32_t protocol;
  uint32_t flags;
};

struct pf_id {
  uint8_t id[16]; /* birth id: a UUID chosen by the supervisor, big-endian as in its text form */
};

struct pf_plan_ref {
  uint64_t plan;
  uint64_t size; /* bytes of the memfd */
};

#define PF_LOG_PATH 192
#define PF_CGROUP_PATH 160
#define PF_MAX_HELD 8

enum pf_spawn_flag {
  PF_WARDEN = 1,  /* contain by a small subreaper of its own (no cgroup can be had) */
  PF_CGROUP = 2,  /* contain by the cgroup `cgroup` below the keeper's cgroup root; the plan joins it */
  PF_MERGE = 4,   /* stderr goes into the stream of stdout */
  PF_NO_LOG = 8,  /* no pipes: slots OUT and ERR are not set, the plan places received descriptors */
  PF_DISCARD = 16, /* pipes are drained and dropped */
  PF_TTY = 32     /* slots OUT and ERR are a terminal, which the warden holds and whose output it passes on as OUT; with
                   * PF_WARDEN, without PF_NO_LOG */
};

/* Descriptors of a warden with PF_TTY, opened anew through /proc/<warden_pid>/fd. A write of at most PIPE_BUF bytes to
 * the first is typed as a whole; window sizes are set on the second. */
#define PF_WARDEN_TYPE 8
#define PF_WARDEN_TTY 9

struct pf_spawn {
  uint8_t id[16];
  uint64_t plan;
  uint32_t flags;
  uint32_t deadline_ms;   /* from fork to exec; 0 = 10 s. Exceeded: killed, FAIL with ETIMEDOUT */
  uint64_t segment_bytes; /* a log segment is closed at the first line end beyond this; 0 = never */
  uint32_t run;           /* the slot's run number, from 1; goes into the log index */
  uint16_t nfds;          /* how many of the message's descriptors are this entry's, in order */
  uint16_t nheld;
  uint64_t held[PF_MAX_HELD]; /* keys of held descriptors that the child gets too */
  char log[PF_LOG_PATH];      /* path prefix below the log directory, e.g. "shop/api/1"; NUL-padded */
  char cgroup[PF_CGROUP_PATH];
};

enum pf_scope {
  PF_MAIN = 1,  /* the main process */
  PF_GROUP = 2, /* its process group (it leads one) */
  PF_ALL = 3    /* every process contained in the birth: cgroup or descendants; KILL repeats until none is left */
};

struct pf_signal {
  uint8_t id[16];
  int32_t sig;
  uint32_t scope;
};

struct pf_signalled {
  uint8_t id[16];
  int32_t sig;
  uint32_t scope;
  int32_t err;    /* 0 or errno (ESRCH: nobody was there) */
  uint32_t count; /* processes signalled, where known */
};

enum pf_hold_flag {
  PF_ACTIVATE = 1 /* a listening socket: start the supervisor when it becomes readable and none runs */
};

#define PF_HOLD_NAME 104
struct pf_hold {
  uint64_t key; /* chosen by the supervisor, never 0; holding a key again replaces it */
  uint32_t flags;
  uint32_t reserved;
  char name[PF_HOLD_NAME]; /* for the next supervisor */
};

struct pf_adopt {
  uint8_t id[16];
  int32_t pid; /* main process, or 0 when only the containment is left */
  int32_t warden_pid;
  uint64_t start_ticks; /* identities are checked before anything is believed; mismatch: CHILD with EXIT|LOST|EMPTY */
  uint64_t warden_start_ticks;
  uint32_t flags;
  uint32_t run;
  uint64_t segment_bytes;
  uint64_t out_pipe_ino; /* to find the pipes again through /proc/<pid>/fd */
  uint64_t err_pipe_ino;
  char log[PF_LOG_PATH];
  char cgroup[PF_CGROUP_PATH];
};

enum pf_role_is {
  PF_RESTART = 0, /* start it again (back-off 100 ms … 5 s; at once after a change of command, which is taken back when its
                   * supervisor ends by itself within 10 s); the default */
  PF_STANDBY = 1, /* leave it until a held PF_ACTIVATE socket becomes readable */
  PF_END = 2      /* end the keeper as soon as no contained process is left */
};

#define PF_COMMAND 4096
struct pf_role {
  uint32_t role;
  uint32_t argc;            /* 0 = keep the command; else the command of the next supervisor (upgrade) */
  char command[PF_COMMAND]; /* argc NUL-terminated strings, absolute path first */
};

struct pf_rotate {
  uint32_t stream; /* 0 stdout, 1 stderr */
  uint32_t reserved;
  char log[PF_LOG_PATH];
};

struct pf_welcome {
  uint32_t protocol;
  uint32_t flags; /* 1: PF_SHUTDOWN was asked and not yet obeyed */
  int32_t pid;
  uint32_t children;
  uint64_t started_ns; /* CLOCK_REALTIME at the keeper's start */
  uint64_t generation; /* supervisors started so far, this one included */
};

enum pf_child_state {
  PF_BORN = 1,   /* identity known and journalled, gate opened */
  PF_EXEC = 2,   /* the service's own program runs */
  PF_FAIL = 4,   /* the plan failed at fail_step with fail_errno; the process is gone or going */
  PF_EXIT = 8,   /* the main process ended: wait_status, unless LOST */
  PF_EMPTY = 16, /* no contained process is left */
  PF_LOST = 32   /* the status of the main process is not known */
};
/* fail_step: the keeper itself could not (fork, pipe, unknown plan, deadline), or, with ECANCELED, the child was killed
 * before its program ran (wait_status says how) */
#define PF_STEP_KEEPER 0xffffffffu

struct pf_child {
  uint8_t id[16];
  uint64_t plan;
  uint32_t state;
  int32_t pid;
  uint64_t start_ticks; /* field 22 of /proc/<pid>/stat */
  uint64_t pidfs_ino;   /* 0 where the kernel has none */
  int32_t warden_pid;   /* 0 = none */
  int32_t wait_status;  /* as wait(2) gives it */
  uint64_t warden_start_ticks;
  uint64_t out_pipe_ino;
  uint64_t err_pipe_ino;
  uint32_t fail_step;
  int32_t fail_errno;
  uint64_t born_ns; /* CLOCK_REALTIME; 0 = not yet */
  uint64_t exec_ns;
  uint64_t exit_ns;
  uint64_t user_ns; /* CPU of the main process and its awaited children, at exit */
  uint64_t system_ns;
  uint64_t max_rss_bytes;
  uint32_t run;
  uint32_t flags; /* of its spawn */
};

enum pf_log_kind {
  PF_LOG_FULL = 1,    /* the file cannot grow (err): bytes are dropped from now on */
  PF_LOG_RESUMED = 2, /* it can again: `bytes` were dropped in all */
  PF_LOG_ROTATED = 3, /* a segment was closed */
  PF_LOG_FAILED = 4   /* cannot open or write for another reason (err) */
};

struct pf_log {
  uint8_t id[16];
  uint32_t stream;
  uint32_t kind;
  int32_t err;
  uint32_t reserved;
  uint64_t bytes;
};

struct pf_refused {
  int32_t err;
  uint32_t entry; /* index of the offending entry, 0xffffffff = the message as such */
};

struct pf_stats {
  uint64_t births, exits, wakeups, log_bytes, log_dropped, supervisors;
  uint32_t children, streams, held, plans;
};

/* ---- spawn plan -------------------------------------------------------------------------------------------------
 * A sealed memfd (F_SEAL_WRITE|SHRINK|GROW|SEAL): header, calls, relocations, data. The keeper checks sizes and
 * offsets once (PF_PLAN_PUT) and maps it private; the child walks it. `walk` performs nothing but the calls.
 */
#define PF_PLAN_MAGIC 0x314e4c5044494650ull /* "PFIDPLN1" */
#define PF_PLAN_MAX 1048576u
#define PF_PLAN_CALLS 4096u

struct pf_plan {
  uint64_t magic;
  uint32_t size;  /* of the whole */
  uint32_t calls; /* struct pf_call[calls] follows this header */
  uint32_t reloc_offset; /* uint32_t[relocs]: offsets into data of 64-bit words to which the data's address is added */
  uint32_t relocs;
  uint32_t data_offset; /* 16-byte aligned */
  uint32_t data_size;
  uint32_t id_offset;  /* in data: 36 bytes where the child writes the birth id as text; 0 = none */
  uint32_t pid_offset; /* in data: 11 bytes where it writes its own pid in decimal, NUL-terminated; 0 = none */
};

enum pf_mode {
  PF_MUST = 0,    /* result >= 0, else fail */
  PF_MAY = 1,     /* any result */
  PF_EQUAL = 2,   /* result == expected, else fail (errno, or 0 when it merely differs) */
  PF_SKIP_ZERO = 3, /* any result; when it is 0 the next `skip` calls are left out */
  PF_SKIP_ERROR = 4 /* any result; when it is negative the next `skip` calls are left out */
};

enum pf_reloc {
  PF_LITERAL = 0,
  PF_DATA = 1,  /* arg is an offset into data: its address */
  PF_SLOT = 2,  /* arg is a slot: the descriptor in it */
  PF_RESULT = 3 /* arg is a result cell: its value */
};

enum pf_slot { /* descriptors that the child is born with: all close-on-exec, all numbered PF_SLOT_MIN or higher, so
                * that a plan may dup3 them to their places in any order and mark the rest close-on-exec; REPORT has to
                * stay open until exec; a slot that this birth has not is -1 */
  PF_SLOT_REPORT = 0,
  PF_SLOT_GATE = 1, /* one byte is read here: the keeper has journalled the birth */
  PF_SLOT_OUT = 2,  /* pipe, open for reading and writing: the service outlives its readers; or the terminal */
  PF_SLOT_ERR = 3,
  PF_SLOT_FIRST = 4 /* received descriptors in order, then held ones */
};
#define PF_SLOTS 64
#define PF_SLOT_MIN 256
#define PF_RESULTS 16

struct pf_call {
  uint32_t nr; /* system call number of this machine */
  uint8_t mode;
  uint8_t store; /* 0 = nowhere, n = result cell n-1 */
  uint16_t skip;
  uint8_t reloc[6];
  uint8_t reserved[2];
  uint64_t arg[6];
  int64_t expected;
};

/* What the child writes to PF_SLOT_REPORT: nothing (it died in the plan), or one of these. "About to exec" is an
 * ordinary write call of the plan, just before execve. */
struct pf_report {
  uint32_t step; /* index of the failing call, or PF_STEP_EXEC */
  int32_t err;
};
#define PF_STEP_EXEC 0xfffffffeu

/* ---- log files --------------------------------------------------------------------------------------------------
 * Per stream: "<log>.stdout" or "<log>.stderr" (raw bytes) and the same name + ".idx" (struct pf_index, append only).
 * Both appear at the first byte. A closed segment is renamed to "<name>.<time>" and "<name>.<time>.idx", <time> the
 * realtime nanoseconds of its first byte as 16 lower-case hex digits, or 1 more than those of the newest closed segment
 * where that is not less: names are in the order of the segments, also where the clock was set back.
 */
enum pf_index_flag {
  PF_INDEX_BIRTH = 1,    /* a run begins here (length 0) */
  PF_INDEX_DROPPED = 2,  /* `length` bytes were lost here; the file has none of them */
  PF_INDEX_RECOVERED = 4 /* bytes whose time was not recorded (a keeper died between write and record) */
};

struct pf_index {
  uint64_t time_ns; /* CLOCK_REALTIME when the bytes were moved */
  uint64_t offset;
  uint64_t length;
  uint32_t run;
  uint32_t flags;
};

/* ---- journal ----------------------------------------------------------------------------------------------------
 * "keeper.<pid>.journal" in the run directory, append only, rewritten (temp + rename) when it exceeds 1 MiB. A record
 * whose checksum (FNV-1a 64 over the bytes before it) is wrong ends the journal: it was torn.
 */
enum pf_journal_kind { PF_J_KEEPER = 1, PF_J_BORN = 2, PF_J_EXIT = 3, PF_J_EMPTY = 4, PF_J_ACK = 5 };
#define PF_J_LOST 0x80000000u /* in the flags of PF_J_EXIT: wait_status says nothing, nobody saw how it ended */

struct pf_journal {
  uint32_t kind;
  int32_t pid;
  uint8_t id[16];
  uint64_t start_ticks;
  uint64_t time_ns;
  int32_t warden_pid;
  int32_t wait_status;
  uint64_t warden_start_ticks;
  uint64_t out_pipe_ino;
  uint64_t err_pipe_ino;
  uint32_t run;
  uint32_t flags;
  uint64_t checksum;
};

#endif
