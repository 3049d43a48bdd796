/* SPDX-License-Identifier: Apache-2.0
 * The table of births: what is known of each, and who has to hear it. The table is the queue to the supervisor. */
#include "keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define BUCKETS 4096u
#define SWEEP (2 * NS_PER_MS)

struct pool births = {.item = sizeof(struct birth), .cap = BIRTHS};

static uint32_t *by_id, *by_child;
static uint32_t dirty_first = NONE, dirty_last = NONE;
static uint32_t waiting; /* births marked WAITING */
static uint64_t next_deadline = FOREVER, next_sweep = FOREVER;
static uint32_t limited; /* births with a deadline */

struct birth *birth_at(uint32_t index) { return pool_at(&births, index); }

uint32_t birth_index(const struct birth *b) {
  return (uint32_t)((size_t)((const char *)b - births.base) / sizeof *b);
}

/* Chains hold index + 1, so that untouched pages are empty chains; the chain by id ends with NONE. */
static bool in_use(const struct birth *b) { return b->next_id != 0; }

static uint32_t *chain_of_id(const uint8_t id[16]) {
  if (by_id == NULL) by_id = arena_part(BUCKETS * sizeof *by_id);
  return by_id + hash_bytes(id, 16) % BUCKETS;
}

static uint32_t *chain_of_child(pid_t pid) {
  if (by_child == NULL) by_child = arena_part(BUCKETS * sizeof *by_child);
  return by_child + (uint32_t)pid % BUCKETS;
}

struct birth *birth_by_id(const uint8_t id[16]) {
  for (uint32_t i = *chain_of_id(id); i != NONE && i != 0; i = birth_at(i - 1)->next_id)
    if (memcmp(birth_at(i - 1)->c.id, id, 16) == 0) return birth_at(i - 1);
  return NULL;
}

struct birth *birth_by_child(pid_t pid) {
  for (uint32_t i = *chain_of_child(pid); i != NONE && i != 0; i = birth_at(i - 1)->next_pid)
    if (birth_at(i - 1)->child == pid) return birth_at(i - 1);
  return NULL;
}

static void disown(struct birth *b) {
  if (b->child == 0) return;
  uint32_t *at = chain_of_child(b->child);
  while (*at != birth_index(b) + 1) at = &birth_at(*at - 1)->next_pid;
  *at = b->next_pid;
  b->child = 0;
}

void birth_own(struct birth *b, pid_t child) {
  disown(b);
  uint32_t *chain = chain_of_child(child);
  b->child = child;
  b->next_pid = *chain;
  *chain = birth_index(b) + 1;
}

void birth_dirty(struct birth *b) {
  if ((b->marks & DIRTY) != 0) return;
  b->marks |= DIRTY;
  b->next_dirty = NONE;
  if (dirty_last == NONE) dirty_first = birth_index(b);
  else birth_at(dirty_last)->next_dirty = birth_index(b);
  dirty_last = birth_index(b);
}

void birth_all_dirty(void) {
  for (uint32_t i = 0; i < births.high; i++)
    if (in_use(birth_at(i))) birth_dirty(birth_at(i));
}

static bool over(const struct birth *b) {
  return (b->c.state & (PF_EXIT | PF_FAIL)) != 0 && (b->c.state & PF_EMPTY) != 0 && b->child == 0;
}

static void set_waiting(struct birth *b, bool wait) {
  if (wait == ((b->marks & WAITING) != 0)) return;
  b->marks ^= WAITING;
  waiting += wait ? 1 : -1u;
}

static void forget_if_done(struct birth *b) {
  if ((b->marks & (DIRTY | ACKED)) != ACKED || !over(b)) return;
  journal_birth(PF_J_ACK, b);
  uint32_t *at = chain_of_id(b->c.id);
  while (*at != birth_index(b) + 1) at = &birth_at(*at - 1)->next_id;
  *at = b->next_id;
  set_waiting(b, false);
  pool_give(&births, birth_index(b));
}

uint32_t birth_changes(struct pf_child *out, uint32_t max) {
  uint32_t n = 0;
  for (uint32_t i = dirty_first; i != NONE && n < max; i = birth_at(i)->next_dirty) out[n++] = birth_at(i)->c;
  return n;
}

void birth_sent(uint32_t count) {
  while (count-- > 0) {
    struct birth *b = birth_at(dirty_first);
    dirty_first = b->next_dirty;
    if (dirty_first == NONE) dirty_last = NONE;
    b->marks &= ~(uint32_t)DIRTY;
    forget_if_done(b);
  }
}

int birth_ack(const uint8_t id[16]) {
  struct birth *b = birth_by_id(id);
  if (b == NULL) return 0; /* said twice: the first one was enough */
  if ((b->c.state & (PF_EXIT | PF_FAIL)) == 0) return EBUSY;
  b->marks |= ACKED;
  forget_if_done(b);
  return 0;
}

struct birth *birth_enter(const uint8_t id[16], uint32_t flags, uint32_t run) {
  uint32_t index = pool_take(&births);
  if (index == NONE) return NULL;
  struct birth *b = birth_at(index);
  memcpy(b->c.id, id, 16);
  b->c.flags = flags;
  b->c.run = run;
  b->report = b->warden = b->cgroup = b->cgroup_events = b->pidfd = b->warden_pidfd = -1;
  b->tap[0] = b->tap[1] = NONE;
  uint32_t *chain = chain_of_id(id);
  b->next_id = *chain == 0 ? NONE : *chain;
  *chain = index + 1;
  keeper.stats.births++;
  birth_dirty(b);
  return b;
}

/* Its deadline is of no more interest; without any, nothing wakes the keeper for them. */
static void in_time(struct birth *b) {
  if (b->deadline == 0) return;
  b->deadline = 0;
  if (--limited == 0) next_deadline = FOREVER;
}

void birth_fail(struct birth *b, uint32_t step, int err) {
  if ((b->c.state & (PF_FAIL | PF_EXEC)) != 0) return;
  b->c.state |= PF_FAIL;
  b->c.fail_step = step;
  b->c.fail_errno = err;
  in_time(b);
  birth_dirty(b);
}

void birth_emptied(struct birth *b) {
  if ((b->c.state & PF_EMPTY) != 0) return;
  for (int i = 0; i < 2; i++) {
    tap_drain_all(b->tap[i]);
    tap_close(&b->tap[i]);
  }
  unwatch_close(&b->report);
  unwatch_close(&b->cgroup_events);
  close_fd(&b->cgroup);
  unwatch_close(&b->warden_pidfd);
  b->c.state |= PF_EMPTY;
  b->marks &= ~(uint32_t)KILLING;
  in_time(b);
  set_waiting(b, false);
  if ((b->c.state & PF_BORN) != 0) journal_birth(PF_J_EMPTY, b);
  birth_dirty(b);
}

void birth_ended(struct birth *b, int status, const struct rusage *usage) {
  if ((b->c.state & PF_EXIT) != 0) return;
  if (b->report >= 0) birth_report(birth_index(b));
  for (int i = 0; i < 2; i++) tap_drain_all(b->tap[i]);
  b->c.wait_status = status;
  if (usage != NULL) {
    b->c.user_ns = (uint64_t)usage->ru_utime.tv_sec * NS_PER_S + (uint64_t)usage->ru_utime.tv_usec * 1000;
    b->c.system_ns = (uint64_t)usage->ru_stime.tv_sec * NS_PER_S + (uint64_t)usage->ru_stime.tv_usec * 1000;
    b->c.max_rss_bytes = (uint64_t)usage->ru_maxrss * 1024;
  }
  b->c.exit_ns = os_realtime();
  b->c.state |= PF_EXIT;
  b->marks &= ~(uint32_t)UNREAPED;
  in_time(b);
  unwatch_close(&b->pidfd);
  keeper.stats.exits++;
  if ((b->c.state & PF_BORN) != 0) journal_birth(PF_J_EXIT, b);
  birth_dirty(b);
  if ((b->c.state & PF_EMPTY) == 0) set_waiting(b, true);
}

void birth_lost(struct birth *b) {
  if ((b->c.state & PF_EXIT) != 0) return;
  b->c.state |= PF_LOST;
  birth_ended(b, 0, NULL);
}

void birth_check_empty(struct birth *b) {
  if ((b->marks & UNREAPED) != 0 || (b->c.state & PF_EMPTY) != 0 || b->child != 0 || b->warden_pidfd >= 0) return;
  if (!contain_populated(b)) birth_emptied(b);
  else if (b->cgroup >= 0 && b->cgroup_events < 0) {
    /* The kernel may say "empty" a moment after the last exit: it notifies of that. */
    b->cgroup_events = openat(b->cgroup, "cgroup.events", O_RDONLY | O_CLOEXEC);
    if (b->cgroup_events >= 0) watch(b->cgroup_events, EPOLLPRI, ON_CGROUP, birth_index(b));
    if (!contain_populated(b)) birth_emptied(b);
  }
}

void birth_recheck(void) {
  uint32_t left = waiting;
  for (uint32_t i = 0; i < births.high && left > 0; i++) {
    struct birth *b = birth_at(i);
    if (!in_use(b) || (b->marks & WAITING) == 0) continue;
    left--;
    birth_check_empty(b);
  }
}

bool births_all_empty(void) {
  for (uint32_t i = 0; i < births.high; i++)
    if (in_use(birth_at(i)) && (birth_at(i)->c.state & PF_EMPTY) == 0) return false;
  return true;
}

void birth_deadline(struct birth *b, uint64_t at) {
  if (b->deadline == 0) limited++;
  b->deadline = at;
  if (at < next_deadline) next_deadline = at;
}

void birth_report(uint32_t index) {
  struct birth *b = birth_at(index);
  struct pf_report reports[8];
  if (b->report < 0) return;
  ssize_t n = recv(b->report, reports, sizeof reports, MSG_DONTWAIT);
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) return; /* of an earlier birth in this place */
  unwatch_close(&b->report);
  for (int i = 0; i < 2; i++) tap_listen(b->tap[i]);
  size_t count = n < 0 ? 0 : (size_t)n / sizeof reports[0];
  if (count == 0) {
    birth_fail(b, PF_STEP_KEEPER, ECANCELED);
    return;
  }
  const struct pf_report *last = reports + count - 1;
  if (last->step != PF_STEP_EXEC) {
    birth_fail(b, last->step, last->err);
  } else if ((b->c.state & PF_FAIL) == 0) {
    b->c.state |= PF_EXEC;
    b->c.exec_ns = os_realtime();
    in_time(b);
    birth_dirty(b);
  }
}

static void warden_state(struct birth *b, const struct warden_word *w) {
  if ((w->state & PF_BORN) == 0) { /* it could not fork */
    birth_fail(b, PF_STEP_KEEPER, w->err);
    b->marks &= ~(uint32_t)UNREAPED;
  } else if (b->c.pid == 0) {
    b->c.pid = w->pid;
    b->c.start_ticks = w->start_ticks;
    birth_born(b);
  }
  if ((w->state & PF_EXIT) != 0) {
    struct rusage usage = {.ru_utime = w->user, .ru_stime = w->system, .ru_maxrss = w->max_rss_kib};
    birth_ended(b, w->status, &usage);
  }
  if ((w->state & PF_EMPTY) != 0) birth_emptied(b);
}

void birth_warden_says(uint32_t index) {
  struct birth *b = birth_at(index);
  while (b->warden >= 0) {
    struct warden_word w;
    ssize_t n = recv(b->warden, &w, sizeof w, MSG_DONTWAIT);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (n != (ssize_t)sizeof w) {
      unwatch_close(&b->warden);
    } else if (w.kind == WARDEN_STATE) {
      warden_state(b, &w);
    } else {
      contain_answered(b, &w);
    }
  }
}

/* Our child, the warden, ended: either nobody is left below it, or it was killed and they are below us now. */
static void warden_reaped(struct birth *b) {
  birth_warden_says(birth_index(b));
  unwatch_close(&b->warden);
  contain_unanswered(b);
  disown(b);
  if ((b->c.state & PF_EMPTY) != 0) return;
  b->marks |= WARDEN_LOST;
  strays_collect(b); /* the main process, too, if it lives */
  if (b->child == 0) {
    if (b->c.pid == 0) birth_fail(b, PF_STEP_KEEPER, ECANCELED);
    birth_lost(b);
  }
  if ((b->c.state & PF_FAIL) != 0) contain_kill(b);
  birth_check_empty(b);
}

void reaped(pid_t pid, int status, const struct rusage *usage) {
  if (supervisor_reaped(pid, status) || stray_reaped(pid)) return;
  struct birth *b = birth_by_child(pid);
  if (b == NULL) return; /* a double-forked process of somebody: ours to bury, nobody's to report */
  if (pid == b->c.warden_pid && pid != b->c.pid) {
    warden_reaped(b);
  } else {
    disown(b);
    birth_ended(b, status, usage);
    if ((b->marks & WARDEN_LOST) != 0) strays_collect(b);
    birth_check_empty(b);
  }
  forget_if_done(b);
}

static void sweep(void) {
  next_sweep = FOREVER;
  for (uint32_t i = 0; i < births.high; i++) {
    struct birth *b = birth_at(i);
    if (!in_use(b) || (b->marks & KILLING) == 0) continue;
    contain_kill(b);
    birth_check_empty(b);
  }
}

void births_timers(uint64_t now) {
  if (now >= next_sweep) sweep();
  if (now < next_deadline) return;
  next_deadline = FOREVER;
  for (uint32_t i = 0; i < births.high; i++) {
    struct birth *b = birth_at(i);
    if (!in_use(b) || b->deadline == 0) continue;
    if (now < b->deadline) {
      birth_deadline(b, b->deadline);
    } else if ((b->marks & ADOPTED) != 0) {
      birth_lost(b);
      birth_check_empty(b);
    } else {
      birth_fail(b, PF_STEP_KEEPER, ETIMEDOUT);
      contain_kill(b);
    }
  }
}

uint64_t births_next(void) { return next_sweep < next_deadline ? next_sweep : next_deadline; }

void births_sweep_soon(void) {
  uint64_t at = os_monotonic() + SWEEP;
  if (at < next_sweep) next_sweep = at;
}
