/* SPDX-License-Identifier: Apache-2.0
 * From fork to the gate: what a child is born with. */
#include "keeper.h"
#include "plan.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEADLINE_MS 10000u

/* Nothing was forked: the birth ends here. */
static void fail_unborn(struct birth *b, int err) {
  birth_fail(b, PF_STEP_KEEPER, err);
  birth_emptied(b);
}

struct newborn {
  struct pf_plan *plan;
  const uint8_t *id;
  int keeper_end;
  int pipes[2]; /* read ends, -1 = none */
  int slots[PF_SLOTS];
};

static _Noreturn void newborn_fails(const struct newborn *n) {
  struct pf_report report = {PF_STEP_KEEPER, errno};
  (void)!write(n->slots[PF_SLOT_REPORT], &report, sizeof report);
  _exit(127);
}

static _Noreturn void newborn_walks(void *context) {
  struct newborn *n = context;
  char path[40];
  close(keeper.state_lock);
  close(n->keeper_end); /* or the gate would never see that the keeper died */
  for (int i = 0; i < 2; i++) {
    if (n->pipes[i] < 0 || n->slots[PF_SLOT_OUT + i] >= 0) continue;
    os_number(path, "/proc/self/fd/", (uint64_t)n->pipes[i]);
    int fd = open(path, O_RDWR | O_CLOEXEC);
    if (fd < 0) newborn_fails(n);
    n->slots[PF_SLOT_OUT + i] = fd;
  }
  if (n->slots[PF_SLOT_ERR] == -2) n->slots[PF_SLOT_ERR] = n->slots[PF_SLOT_OUT];
  for (int i = 0; i < PF_SLOTS; i++) {
    if (n->slots[i] < 0 || n->slots[i] >= PF_SLOT_MIN) continue;
    int fd = fcntl(n->slots[i], F_DUPFD_CLOEXEC, PF_SLOT_MIN);
    if (fd < 0) newborn_fails(n);
    n->slots[i] = fd;
  }
  walk(n->plan, n->slots, n->id);
}

/* The identity is known: journal it, then let the child pass its gate. */
void birth_born(struct birth *b) {
  struct identity who;
  int pidfd = os_pidfd_open(b->c.pid);
  if (pidfd >= 0) {
    if (os_identity(b->c.pid, &who) == 0 && (b->c.start_ticks == 0 || who.start_ticks == b->c.start_ticks)) {
      b->c.start_ticks = who.start_ticks;
      b->c.pidfs_ino = os_pidfs_ino(pidfd);
    }
    close(pidfd);
  }
  b->c.born_ns = os_realtime();
  int r = journal_birth(PF_J_BORN, b);
  if (r < 0) {
    birth_fail(b, PF_STEP_KEEPER, -r);
    contain_kill(b);
    return;
  }
  b->c.state |= PF_BORN;
  birth_dirty(b);
  send(b->report, "", 1, MSG_DONTWAIT | MSG_NOSIGNAL);
}

static int open_pipe(struct birth *b, const struct pf_spawn *s, uint32_t which, struct newborn *n) {
  int ends[2];
  struct stat st;
  if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) return errno;
  close(ends[1]); /* the child opens the read end once more, for both directions */
  fstat(ends[0], &st);
  *(which == 0 ? &b->c.out_pipe_ino : &b->c.err_pipe_ino) = st.st_ino;
  const char *log = (s->flags & PF_DISCARD) != 0 ? NULL : s->log;
  b->tap[which] = tap_open(ends[0], log, which, s->segment_bytes, s->run, s->id);
  if (b->tap[which] == NONE) return ENFILE;
  n->pipes[which] = ends[0];
  return 0;
}

static int prepare(struct birth *b, const struct pf_spawn *s, const int *fds, struct newborn *n) {
  n->plan = plans_find(s->plan);
  if (n->plan == NULL) return ENOENT;
  for (uint32_t i = 0; i < s->nfds; i++) n->slots[PF_SLOT_FIRST + i] = fds[i];
  for (uint32_t i = 0; i < s->nheld; i++) {
    int fd = held_fd(s->held[i]);
    if (fd < 0) return ENOENT;
    n->slots[PF_SLOT_FIRST + s->nfds + i] = fd;
  }
  if ((s->flags & PF_CGROUP) != 0) {
    if (keeper.cgroup_dir < 0) return ENOTSUP;
    b->cgroup = os_open_beneath(keeper.cgroup_dir, s->cgroup, O_RDONLY | O_DIRECTORY, 0);
    if (b->cgroup < 0) return -b->cgroup;
  }
  if ((s->flags & PF_NO_LOG) != 0) return 0;
  int err = open_pipe(b, s, 0, n);
  if ((s->flags & (PF_MERGE | PF_TTY)) != 0) n->slots[PF_SLOT_ERR] = -2;
  else if (err == 0) err = open_pipe(b, s, 1, n);
  return err;
}

static _Noreturn void warden_begins(struct newborn *n, int socket, bool with_terminal) {
  struct terminal tty;
  if (with_terminal) {
    errno = terminal_open(&tty, n->pipes[0]);
    if (errno != 0) newborn_fails(n);
    n->slots[PF_SLOT_OUT] = tty.slave;
  }
  warden_run(socket, n->pipes, with_terminal ? &tty : NULL, newborn_walks, n);
}

static int give_birth(struct birth *b, struct newborn *n, uint32_t flags) {
  bool with_warden = (flags & PF_WARDEN) != 0;
  int report[2], warden[2] = {-1, -1};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, report) != 0) return errno;
  if (with_warden && socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, warden) != 0) {
    int err = errno;
    close(report[0]);
    close(report[1]);
    return err;
  }
  n->keeper_end = report[0];
  n->slots[PF_SLOT_REPORT] = n->slots[PF_SLOT_GATE] = report[1];
  pid_t pid = fork();
  if (pid == 0) {
    if (!with_warden) newborn_walks(n);
    close(warden[0]);
    warden_begins(n, warden[1], (flags & PF_TTY) != 0);
  }
  int err = errno;
  close(report[1]);
  close_fd(&warden[1]);
  b->report = report[0];
  b->warden = warden[0];
  if (pid < 0) {
    close_fd(&b->report);
    close_fd(&b->warden);
    return err;
  }
  birth_own(b, pid);
  return 0;
}

int birth_spawn(const struct pf_spawn *s, const int *fds) {
  static const uint8_t no_id[16];
  const uint32_t known = PF_WARDEN | PF_CGROUP | PF_MERGE | PF_NO_LOG | PF_DISCARD | PF_TTY;
  if (memcmp(s->id, no_id, 16) == 0 || (s->flags & ~known) != 0 || s->nheld > PF_MAX_HELD) return EINVAL;
  if (s->nfds + s->nheld > PF_SLOTS - PF_SLOT_FIRST) return EINVAL;
  if ((s->flags & PF_WARDEN) != 0 && (s->flags & PF_CGROUP) != 0) return EINVAL;
  if ((s->flags & PF_TTY) != 0 && (s->flags & (PF_WARDEN | PF_NO_LOG)) != PF_WARDEN) return EINVAL;
  if ((s->flags & (PF_NO_LOG | PF_DISCARD)) == 0 && !parse_path(s->log, sizeof s->log)) return EINVAL;
  if ((s->flags & PF_CGROUP) != 0 && !parse_path(s->cgroup, sizeof s->cgroup)) return EINVAL;
  if (birth_by_id(s->id) != NULL) return EEXIST;
  struct birth *b = birth_enter(s->id, s->flags, s->run);
  if (b == NULL) return ENOSPC;
  b->c.plan = s->plan;
  struct newborn n = {.id = s->id, .pipes = {-1, -1}};
  for (int i = 0; i < PF_SLOTS; i++) n.slots[i] = -1;
  bool with_warden = (s->flags & PF_WARDEN) != 0;
  int err = prepare(b, s, fds, &n);
  if (err == 0) err = give_birth(b, &n, s->flags);
  if (err != 0) {
    fail_unborn(b, err);
    return 0;
  }
  b->marks |= UNREAPED;
  uint64_t ms = s->deadline_ms != 0 ? s->deadline_ms : DEADLINE_MS;
  birth_deadline(b, os_monotonic() + ms * NS_PER_MS);
  /* Hang-up alone is waited for; epoll always reports that. */
  int r = watch(b->report, 0, ON_REPORT, birth_index(b));
  if (r == 0 && with_warden) r = watch(b->warden, EPOLLIN, ON_WARDEN, birth_index(b));
  if (with_warden) {
    struct identity who;
    b->c.warden_pid = b->child;
    if (os_identity(b->child, &who) == 0) b->c.warden_start_ticks = who.start_ticks;
  } else {
    b->c.pid = b->child;
    birth_born(b);
  }
  if (r != 0) {
    birth_fail(b, PF_STEP_KEEPER, -r);
    contain_kill(b);
  }
  return 0;
}
