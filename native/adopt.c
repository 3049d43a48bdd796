/* SPDX-License-Identifier: Apache-2.0
 * Survivors of an earlier keeper: not our children, so watched by pidfd. */
#include "keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/* How long an ended process may stay unreaped by a parent that is not us before its status counts as lost. */
#define ZOMBIE_GRACE (1 * NS_PER_S)

static int adopt_process(pid_t pid, uint64_t start_ticks) {
  struct identity who;
  if (pid <= 0) return -ESRCH;
  int pidfd = os_pidfd_open(pid);
  if (pidfd < 0) return pidfd;
  /* Asked after it was opened: whoever has the number now is whom the descriptor means. */
  if (os_identity(pid, &who) == 0 && who.start_ticks == start_ticks) return pidfd;
  close(pidfd);
  return -ESRCH;
}

static void adopt_pipe(struct birth *b, const struct pf_adopt *a, uint32_t which, uint64_t ino) {
  *(which == 0 ? &b->c.out_pipe_ino : &b->c.err_pipe_ino) = ino;
  if (ino == 0) return;
  int fd = b->warden_pidfd >= 0 ? os_open_pipe_of(a->warden_pid, ino) : -ENOENT;
  if (fd < 0 && b->pidfd >= 0) fd = os_open_pipe_of(a->pid, ino);
  if (fd < 0) return;
  const char *log = (a->flags & PF_DISCARD) != 0 ? NULL : a->log;
  b->tap[which] = tap_open(fd, log, which, a->segment_bytes, a->run, a->id);
  tap_listen(b->tap[which]);
}

int birth_adopt(const struct pf_adopt *a) {
  if ((a->flags & (PF_NO_LOG | PF_DISCARD)) == 0 && !parse_path(a->log, sizeof a->log)) return EINVAL;
  if ((a->flags & PF_CGROUP) != 0 && !parse_path(a->cgroup, sizeof a->cgroup)) return EINVAL;
  if (birth_by_id(a->id) != NULL) return EEXIST;
  struct birth *b = birth_enter(a->id, a->flags, a->run);
  if (b == NULL) return ENOSPC;
  b->marks |= ADOPTED;
  b->c.state = PF_BORN | PF_EXEC;
  b->c.start_ticks = a->start_ticks;
  b->pidfd = adopt_process(a->pid, a->start_ticks);
  if (b->pidfd >= 0) {
    b->c.pid = a->pid;
    b->c.pidfs_ino = os_pidfs_ino(b->pidfd);
    b->marks |= UNREAPED;
  }
  b->warden_pidfd = adopt_process(a->warden_pid, a->warden_start_ticks);
  if (b->warden_pidfd >= 0) {
    b->c.warden_pid = a->warden_pid;
    b->c.warden_start_ticks = a->warden_start_ticks;
  }
  if ((a->flags & PF_CGROUP) != 0 && keeper.cgroup_dir >= 0)
    b->cgroup = os_open_beneath(keeper.cgroup_dir, a->cgroup, O_RDONLY | O_DIRECTORY, 0);
  if ((a->flags & PF_NO_LOG) == 0) {
    adopt_pipe(b, a, 0, a->out_pipe_ino);
    adopt_pipe(b, a, 1, a->err_pipe_ino);
  }
  journal_birth(PF_J_BORN, b);
  /* Level-triggered, an ended process would report without end until its parent has reaped it. */
  if (b->pidfd >= 0) watch(b->pidfd, EPOLLIN | EPOLLET, ON_MAIN, birth_index(b));
  if (b->warden_pidfd >= 0) watch(b->warden_pidfd, EPOLLIN | EPOLLET, ON_ADOPTED_WARDEN, birth_index(b));
  if (b->pidfd < 0) birth_lost(b);
  birth_check_empty(b);
  return 0;
}

void birth_main_event(uint32_t index) {
  struct birth *b = birth_at(index);
  struct identity who;
  if (b->pidfd < 0) return;
  int status, r = os_pidfd_status(b->pidfd, &status);
  if (r == 1) birth_ended(b, status, NULL);
  else if (r == 0 && os_identity(b->c.pid, &who) == 0 && who.start_ticks == b->c.start_ticks)
    birth_deadline(b, os_monotonic() + ZOMBIE_GRACE); /* its parent has yet to reap it: another event comes then */
  else birth_lost(b);
  birth_check_empty(b);
}

void birth_warden_gone(uint32_t index) {
  struct birth *b = birth_at(index);
  if (b->warden_pidfd < 0) return;
  unwatch_close(&b->warden_pidfd);
  birth_check_empty(b);
}
