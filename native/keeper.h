/* SPDX-License-Identifier: Apache-2.0
 * What the parts of the keeper know of each other. One thread; all tables live in one mapping made at start, of which
 * only touched pages exist. */
#ifndef PINFOLD_KEEPER_H
#define PINFOLD_KEEPER_H

#include "os.h"
#include "protocol.h"

#include <sys/resource.h>

#define NONE UINT32_MAX
#define BIRTHS 16384u
#define TAPS (2 * BIRTHS + 64)
#define HELD 1024u
#define PLANS 4096u
#define STRAYS 4096u
#define ORDERS 4096u

/* ---- pool.c: tables of fixed-size items ---- */
struct pool {
  char *base;
  uint32_t item, cap;
  uint32_t high, free, used; /* items from `high` on were never touched */
};
/* Index of a zeroed item, or NONE. The first 32 bits of an item belong to the pool while it is free. */
uint32_t pool_take(struct pool *pool);
void pool_give(struct pool *pool, uint32_t index);
static inline void *pool_at(const struct pool *pool, uint32_t index) {
  return pool->base + (size_t)index * pool->item;
}
/* Makes all tables; false without memory. `arena_leave` unmaps them all (in a warden). */
bool arena_enter(void);
void arena_leave(void);
/* Part of the arena, page aligned, zero. */
void *arena_part(size_t size);
uint32_t hash_bytes(const void *bytes, size_t size);

/* ---- keeper.c ---- */
struct keeper {
  int state_lock, run_dir, log_dir, cgroup_dir, null;
  int epoll;
  bool foreground;
  uint64_t started_ns;
  struct pf_stats stats;
};
extern struct keeper keeper;

/* ---- loop.c ---- */
enum source {
  ON_SIGNAL, ON_SUPERVISOR, ON_QUIET, ON_REPORT, ON_WARDEN, ON_MAIN, ON_ADOPTED_WARDEN, ON_CGROUP, ON_HELD
};
int watch(int fd, uint32_t events, enum source source, uint32_t index);
void rewatch(int fd, uint32_t events, enum source source, uint32_t index);
/* Takes `*fd` out of epoll before closing it: a forked child may still hold a copy, which would go on reporting. */
void unwatch_close(int *fd);
void close_fd(int *fd);
int loop_open(void);
int loop_run(void);

/* ---- births.c, spawn.c, adopt.c ---- */
enum birth_mark {
  DIRTY = 1,
  ACKED = 2,
  ADOPTED = 4,
  UNREAPED = 8,     /* the main process is not reaped as far as we know */
  WARDEN_LOST = 16, /* its warden was killed: what was below it are our children now */
  KILLING = 32,     /* kill whatever appears until none is left */
  WAITING = 64      /* main ended, containment not yet empty */
};
struct warden_word;
struct birth {
  uint32_t link;
  uint32_t next_id, next_pid, next_dirty;
  struct pf_child c;
  uint32_t marks;
  pid_t child;              /* our own child of this birth: main or warden; 0 = none */
  int report, warden, cgroup, cgroup_events, pidfd, warden_pidfd;
  uint32_t tap[2];
  uint64_t deadline; /* monotonic; 0 = none */
};
extern struct pool births;
struct birth *birth_at(uint32_t index);
uint32_t birth_index(const struct birth *b);
struct birth *birth_by_id(const uint8_t id[16]);
struct birth *birth_by_child(pid_t pid);
/* 0, or errno with which the entry is refused. */
int birth_spawn(const struct pf_spawn *spawn, const int *fds);
int birth_adopt(const struct pf_adopt *adopt);
int birth_ack(const uint8_t id[16]);
struct birth *birth_enter(const uint8_t id[16], uint32_t flags, uint32_t run);
void birth_born(struct birth *b);
void birth_fail(struct birth *b, uint32_t step, int err);
void birth_deadline(struct birth *b, uint64_t at);
void birth_own(struct birth *b, pid_t child);
void birth_dirty(struct birth *b);
void birth_all_dirty(void);
/* Takes up to `max` changed births into `out`; they stay changed until birth_sent. */
uint32_t birth_changes(struct pf_child *out, uint32_t max);
void birth_sent(uint32_t count);
void birth_report(uint32_t index);
void birth_warden_says(uint32_t index);
void birth_main_event(uint32_t index);
void birth_warden_gone(uint32_t index);
void birth_ended(struct birth *b, int status, const struct rusage *usage);
void birth_lost(struct birth *b);
void birth_check_empty(struct birth *b);
void birth_emptied(struct birth *b);
/* Something was reaped: looks again at those whose containment may have become empty. */
void birth_recheck(void);
void reaped(pid_t pid, int status, const struct rusage *usage);
/* Deadlines and kill sweeps that are due. */
void births_timers(uint64_t now);
uint64_t births_next(void);
bool births_all_empty(void);
void births_sweep_soon(void);

/* ---- contain.c ---- */
/* Answers through `answer_signalled`, at once or when the warden did. */
int contain_signal(const struct pf_signal *signal, uint64_t seq);
void contain_kill(struct birth *b);
void contain_answered(const struct birth *b, const struct warden_word *word);
/* Its warden is gone: what it did not answer any more reached nobody. */
void contain_unanswered(const struct birth *b);
void contain_forget_orders(void);
uint32_t contain_orders(void);
bool contain_populated(const struct birth *b);
/* What was below a killed warden, or below a process of such a birth, came to us. */
void strays_collect(struct birth *of);
bool stray_reaped(pid_t pid);

/* ---- descend.c, also used by wardens ---- */
/* Signals every descendant of `root` (not itself), with `pgrp` != 0 only those of that group; KILL after stopping all
 * of them, so that none can fork away. Returns how many. */
unsigned descend_signal(pid_t root, int sig, pid_t pgrp);

/* ---- warden.c ---- */
struct terminal;
struct warden_order {
  uint64_t seq;
  int32_t sig;
  uint32_t scope;
};
#define UNASKED UINT64_MAX /* seq of the keeper's own orders: nobody waits for the answer */
enum { WARDEN_STATE = 1, WARDEN_SIGNALLED = 2 };
struct warden_word {
  uint32_t kind;
  uint32_t state; /* PF_BORN, PF_EXIT, PF_EMPTY */
  int32_t pid;
  int32_t status;
  uint64_t start_ticks;
  struct timeval user, system;
  int64_t max_rss_kib;
  uint64_t seq; /* of WARDEN_SIGNALLED */
  int32_t sig, err;
  uint32_t scope, count;
};
/* The life of a warden; `child` runs in the process it forks. `tty` is NULL without a terminal. */
_Noreturn void warden_run(int keeper_socket, const int pipes[2], struct terminal *tty, void (*child)(void *),
                          void *context);

/* ---- terminal.c, used by wardens ---- */
struct pollfd;
struct carried {
  size_t at, count;
  char bytes[4096]; /* PIPE_BUF: goes into a pipe as a whole or not at all */
};
struct terminal {
  int master, slave, input[2], log;
  struct carried printed, typed;
};
/* Makes one whose output goes into the pipe of which `log` is an end; 0 or errno. */
int terminal_open(struct terminal *t, int log);
/* Moves what can be moved without waiting, in bounds. */
void terminal_carry(struct terminal *t);
/* Moves all that was printed, for half a second at most. */
void terminal_last_words(struct terminal *t);
/* What to wait for. */
void terminal_polls(const struct terminal *t, struct pollfd *on); /* three */

/* ---- streams.c: pipes, and when to drain them ---- */
int streams_open(void);
/* Takes over the read end `fd` for "<log>.stdout" (which 0) or ".stderr" (1) of a run; log NULL: drained and
 * dropped. */
uint32_t tap_open(int fd, const char *log, uint32_t which, uint64_t segment_bytes, uint32_t run, const uint8_t id[16]);
/* From now on: a writer has it open. Before, an empty pipe would look like one that nobody will write to any more. */
void tap_listen(uint32_t tap);
void tap_drain_all(uint32_t tap);
void tap_close(uint32_t *tap);
void taps_drain_every(void);
void streams_quiet_event(void);
void streams_timers(uint64_t now);
uint64_t streams_next(void);

/* ---- segments.c: the files */
uint32_t slot_take(const char *log, uint64_t segment_bytes);
void slot_give(uint32_t slot);
void slot_birth(uint32_t slot, const uint8_t id[16]);
/* Moves what is in `pipe`, at most `max`, to the file or drops it where the file cannot take it.
 * Bytes moved; 0 = no writer is left; -EAGAIN = nothing there. */
ssize_t slot_move(uint32_t slot, uint32_t which, int pipe, uint32_t run, uint8_t *marked, size_t max);
ssize_t pipe_drop(int pipe, size_t max);
int slot_rotate(const struct pf_rotate *rotate);
bool slot_log_event(struct pf_log *out);
void slot_log_sent(void);
void slots_full_again(void);

/* ---- held.c ---- */
int held_put(const struct pf_hold *hold, int fd);
void held_drop(uint64_t key);
int held_fd(uint64_t key);
/* Calls answer_held for each (key 0) or one. */
int held_fetch(uint64_t key, uint64_t seq);
/* Watches the ACTIVATE sockets, or stops to. */
void held_arm(bool armed);

/* ---- plans.c ---- */
int plans_put(const struct pf_plan_ref *ref, int memfd);
void plans_drop(uint64_t plan);
struct pf_plan *plans_find(uint64_t plan);

/* ---- supervisor.c ---- */
int supervisor_prepare(char **command);
void supervisor_start(void);
void supervisor_wake(void);
bool supervisor_reaped(pid_t pid, int status);
void supervisor_shutdown(int sig);
void supervisor_greeted(void); /* it lives: PF_HELLO */
int supervisor_role(const struct pf_role *role);
pid_t supervisor_pid(void);
bool supervisor_shutdown_asked(void);
uint64_t supervisor_generation(void);
/* The keeper may end, with this exit code. */
bool supervisor_done(int *code);
uint64_t supervisor_next(void);
void supervisor_timers(uint64_t now);

/* ---- wire.c ---- */
void wire_attach(int socket);
void wire_detach(void);
void wire_event(uint32_t events);
void wire_flush(void);
uint64_t wire_next(void);
void answer(uint16_t type, uint64_t seq, const void *entry, size_t size, int fd);
void answer_refused(uint64_t seq, int err, uint32_t entry);
void answer_signalled(const struct pf_signalled *signalled, uint64_t seq);
/* Reads what a dead supervisor had still said, then lets go of its socket. */
void wire_last_words(void);
bool wire_greeted(void);

/* ---- parse.c ---- */
/* Checks one received message: 0, or the errno of its refusal. `entry_size` of its type comes out. */
int parse_message(const void *bytes, size_t size, uint32_t fds_arrived, bool truncated, size_t *entry_size);
bool parse_path(const char *path, size_t size);

/* ---- journal.c ---- */
int journal_open(void);
int journal_birth(uint32_t kind, const struct birth *b);
void journal_close(void);
#endif
