/* SPDX-License-Identifier: Apache-2.0
 * Who belongs to a birth, and signals to them. */
#include "keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

/* Processes that a killed warden left to us. */
struct stray {
  uint32_t link;
  pid_t pid; /* 0 = free */
  uint32_t birth;
};
static struct pool strays = {.item = sizeof(struct stray), .cap = STRAYS};

static struct stray *stray_find(pid_t pid) {
  for (uint32_t i = 0; strays.used > 0 && i < strays.high; i++) {
    struct stray *s = pool_at(&strays, i);
    if (s->pid == pid) return s;
  }
  return NULL;
}

static uint64_t stream_of(pid_t pid, const char *fd) {
  char path[40];
  struct stat st;
  strcpy(os_number(path, "/proc/", (uint64_t)pid), fd);
  return stat(path, &st) == 0 && S_ISFIFO(st.st_mode) ? st.st_ino : 0;
}

/* Whose is this child of ours, which nobody told us of? By its session, group or pipes if they are a birth's; else of
 * the birth that just lost a process. */
static struct birth *owner_of(pid_t pid, struct birth *otherwise) {
  struct identity who;
  if (os_identity(pid, &who) != 0) return NULL;
  uint64_t out = stream_of(pid, "/fd/1"), err = stream_of(pid, "/fd/2");
  for (uint32_t i = 0; i < births.high; i++) {
    struct birth *b = birth_at(i);
    pid_t main = b->c.pid;
    if (main == 0 || (b->c.state & PF_EMPTY) != 0) continue;
    if (main == pid || main == who.session || main == who.pgrp) return b;
    if ((out != 0 && out == b->c.out_pipe_ino) || (err != 0 && err == b->c.err_pipe_ino)) return b;
  }
  return otherwise;
}

static bool collect(void *context, pid_t pid) {
  if (pid == supervisor_pid() || birth_by_child(pid) != NULL || stray_find(pid) != NULL) return true;
  struct birth *b = owner_of(pid, context);
  if (b == NULL || b->c.warden_pid == 0) return true; /* an uncontained birth's */
  if (b->c.pid == pid && (b->marks & UNREAPED) != 0) {
    if (b->child == 0) birth_own(b, pid);
    return true;
  }
  uint32_t index = pool_take(&strays);
  if (index == NONE) return false;
  struct stray *s = pool_at(&strays, index);
  s->pid = pid;
  s->birth = birth_index(b);
  return true;
}

void strays_collect(struct birth *of) { os_children(getpid(), collect, of); }

bool stray_reaped(pid_t pid) {
  struct stray *s = stray_find(pid);
  if (s == NULL) return false;
  struct birth *b = birth_at(s->birth);
  s->pid = 0;
  pool_give(&strays, (uint32_t)((size_t)((char *)s - strays.base) / sizeof *s));
  strays_collect(b);
  birth_check_empty(b);
  return true;
}

static bool has_strays(const struct birth *b) {
  for (uint32_t i = 0; strays.used > 0 && i < strays.high; i++) {
    const struct stray *s = pool_at(&strays, i);
    if (s->pid != 0 && s->birth == birth_index(b)) return true;
  }
  return false;
}

bool contain_populated(const struct birth *b) {
  if (b->cgroup >= 0) {
    char text[128];
    int fd = openat(b->cgroup, "cgroup.events", O_RDONLY | O_CLOEXEC);
    if (fd < 0) return false; /* the directory was removed: it was empty */
    ssize_t n = read(fd, text, sizeof text - 1);
    close(fd);
    text[n > 0 ? n : 0] = '\0';
    return strstr(text, "populated 1") != NULL;
  }
  if ((b->marks & WARDEN_LOST) != 0) return has_strays(b);
  if (b->c.warden_pid != 0 || b->c.pid == 0) return false;
  return kill(-b->c.pid, 0) == 0 || errno == EPERM;
}

/* Each process of the cgroup itself, one by one. */
static unsigned cgroup_signal(const struct birth *b, int sig) {
  char text[2048];
  size_t kept = 0;
  unsigned count = 0;
  int fd = openat(b->cgroup, "cgroup.procs", O_RDONLY | O_CLOEXEC);
  if (fd < 0) return 0;
  for (ssize_t n; (n = read(fd, text + kept, sizeof text - 1 - kept)) > 0;) {
    text[kept + (size_t)n] = '\0';
    char *at = text, *end;
    for (; (end = strchr(at, '\n')) != NULL; at = end + 1) {
      long pid = strtol(at, NULL, 10);
      if (pid > 1 && kill((pid_t)pid, sig) == 0) count++;
    }
    kept = strlen(at);
    memmove(text, at, kept);
  }
  close(fd);
  return count;
}

static unsigned cgroup_kill(const struct birth *b) {
  unsigned count = 0;
  int fd = openat(b->cgroup, "cgroup.kill", O_WRONLY | O_CLOEXEC);
  if (fd < 0) return cgroup_signal(b, SIGKILL);
  if (contain_populated(b) && write(fd, "1", 1) == 1) count = 1;
  close(fd);
  return count;
}

static bool main_signal(const struct birth *b, int sig) {
  if ((b->marks & UNREAPED) == 0 || b->c.pid == 0) return false;
  if (b->pidfd >= 0) return os_pidfd_signal(b->pidfd, sig) == 0;
  return kill(b->c.pid, sig) == 0;
}

static unsigned strays_signal(const struct birth *b, int sig, pid_t pgrp) {
  unsigned count = 0;
  for (uint32_t i = 0; strays.used > 0 && i < strays.high; i++) {
    const struct stray *s = pool_at(&strays, i);
    if (s->pid == 0 || s->birth != birth_index(b)) continue;
    if (pgrp == 0 || getpgid(s->pid) == pgrp) count += kill(s->pid, sig) == 0;
    count += descend_signal(s->pid, sig, pgrp);
  }
  return count;
}

/* Everyone below the birth (with `pgrp` != 0: of that group), by what contains it. */
static unsigned all_signal(struct birth *b, int sig, pid_t pgrp) {
  if (b->cgroup >= 0) return sig == SIGKILL && pgrp == 0 ? cgroup_kill(b) : cgroup_signal(b, sig);
  if (b->warden_pidfd >= 0) {
    unsigned count = descend_signal(b->c.warden_pid, sig, pgrp);
    /* Its keeper is gone and nobody is below it: it ends by itself, unless it was stopped. */
    if (count == 0 && sig == SIGKILL && pgrp == 0) os_pidfd_signal(b->warden_pidfd, SIGKILL);
    return count;
  }
  if ((b->marks & WARDEN_LOST) != 0) {
    unsigned count = strays_signal(b, sig, pgrp);
    if ((b->marks & UNREAPED) != 0 && b->child != 0) {
      count += descend_signal(b->child, sig, pgrp); /* before it dies: they would come to us unmarked */
      count += main_signal(b, sig);
    }
    return count;
  }
  /* Not contained: its group, and the main process in case it has not made one yet. */
  if (b->c.pid == 0 || (b->c.state & PF_EMPTY) != 0) return 0;
  if (kill(-b->c.pid, sig) == 0) return 1;
  return main_signal(b, sig);
}

void contain_kill(struct birth *b) {
  if (b->warden >= 0) {
    struct warden_order order = {.seq = UNASKED, .sig = SIGKILL, .scope = PF_ALL};
    if (send(b->warden, &order, sizeof order, MSG_DONTWAIT | MSG_NOSIGNAL) == (ssize_t)sizeof order) return;
    descend_signal(b->child, SIGKILL, 0);
  } else {
    all_signal(b, SIGKILL, 0);
  }
  if ((b->c.state & PF_EMPTY) != 0) return;
  b->marks |= KILLING;
  births_sweep_soon();
}

/* ---- orders that a warden has yet to answer: it may end before it reads them ---- */

struct order {
  uint32_t link;
  uint32_t birth; /* index + 1; 0 = free */
  struct pf_signal signal;
  uint64_t seq;
};
static struct pool orders = {.item = sizeof(struct order), .cap = ORDERS};

static void order_done(struct order *o, int err, uint32_t count) {
  struct pf_signalled said = {.sig = o->signal.sig, .scope = o->signal.scope, .err = err, .count = count};
  memcpy(said.id, o->signal.id, 16);
  answer_signalled(&said, o->seq);
  o->birth = 0;
  pool_give(&orders, (uint32_t)((size_t)((char *)o - orders.base) / sizeof *o));
}

void contain_answered(const struct birth *b, const struct warden_word *w) {
  for (uint32_t i = 0; i < orders.high; i++) {
    struct order *o = pool_at(&orders, i);
    if (o->birth != birth_index(b) + 1 || o->seq != w->seq || o->signal.sig != w->sig || o->signal.scope != w->scope)
      continue;
    order_done(o, w->err, w->count);
    return;
  }
}

void contain_unanswered(const struct birth *b) {
  for (uint32_t i = 0; i < orders.high; i++) {
    struct order *o = pool_at(&orders, i);
    if (o->birth == birth_index(b) + 1) order_done(o, ESRCH, 0);
  }
}

void contain_forget_orders(void) {
  for (uint32_t i = 0; orders.used > 0 && i < orders.high; i++) {
    struct order *o = pool_at(&orders, i);
    if (o->birth == 0) continue;
    o->birth = 0;
    pool_give(&orders, i);
  }
}

uint32_t contain_orders(void) { return orders.used; }

/* True if the warden will answer. */
static bool order_warden(const struct birth *b, const struct pf_signal *s, uint64_t seq) {
  struct warden_order order = {.seq = seq, .sig = s->sig, .scope = s->scope};
  if (b->warden < 0) return false;
  uint32_t index = pool_take(&orders);
  if (index == NONE) return false;
  if (send(b->warden, &order, sizeof order, MSG_DONTWAIT | MSG_NOSIGNAL) != (ssize_t)sizeof order) {
    pool_give(&orders, index);
    return false;
  }
  struct order *o = pool_at(&orders, index);
  o->birth = birth_index(b) + 1;
  o->signal = *s;
  o->seq = seq;
  return true;
}

int contain_signal(const struct pf_signal *s, uint64_t seq) {
  if (s->sig < 0 || s->sig > 64 || s->scope < PF_MAIN || s->scope > PF_ALL) return EINVAL;
  struct pf_signalled said = {.sig = s->sig, .scope = s->scope, .err = ESRCH};
  memcpy(said.id, s->id, 16);
  struct birth *b = birth_by_id(s->id);
  if (b != NULL && (b->c.state & PF_EMPTY) == 0) {
    if (order_warden(b, s, seq)) return 0;
    bool led = (b->marks & UNREAPED) != 0;
    if (s->scope == PF_MAIN) said.count = main_signal(b, s->sig);
    else if (s->scope == PF_ALL) said.count = all_signal(b, s->sig, 0);
    else if (led && b->c.pid != 0) said.count = kill(-b->c.pid, s->sig) == 0;
    else said.count = all_signal(b, s->sig, b->c.pid);
    said.err = said.count > 0 ? 0 : ESRCH;
    if (s->scope == PF_ALL && s->sig == SIGKILL) {
      b->marks |= KILLING;
      births_sweep_soon();
    }
  }
  answer_signalled(&said, seq);
  return 0;
}
