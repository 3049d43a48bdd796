/* SPDX-License-Identifier: Apache-2.0
 * Every descendant of a process, by /proc/<pid>/task/<tid>/children (proc_pid_task(5)). */
#include "keeper.h"

#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#define DESCENDANTS 65536u
#define STOP_PASSES 8

struct found {
  uint32_t count;
  uint32_t capacity;
  struct {
    pid_t pid, parent;
  } at[];
};

struct collect {
  struct found *found;
  pid_t parent;
};

static bool add(void *context, pid_t child) {
  struct collect *c = context;
  if (c->found->count >= c->found->capacity) return false;
  c->found->at[c->found->count].pid = child;
  c->found->at[c->found->count++].parent = c->parent;
  return true;
}

static void find(struct found *found, pid_t root) {
  found->count = 0;
  struct collect c = {found, root};
  os_children(root, add, &c);
  for (uint32_t i = 0; i < found->count; i++) {
    c.parent = found->at[i].pid;
    os_children(c.parent, add, &c);
  }
}

/* Between the list and the signal the number may have gone to another process: the pidfd pins whoever has it now, and
 * it is ours if it still has the parent under which it was found. */
static bool signal_one(pid_t pid, pid_t parent, int sig, pid_t pgrp) {
  int fd = os_pidfd_open(pid);
  if (fd < 0) return false;
  struct identity who;
  bool ours = os_identity(pid, &who) == 0 && who.ppid == parent && who.state != 'Z' && (pgrp == 0 || who.pgrp == pgrp);
  bool sent = ours && os_pidfd_signal(fd, sig) == 0;
  close(fd);
  return sent;
}

/* Children before their parents: who loses its parent first would not be known again. */
static unsigned signal_all(const struct found *found, int sig, pid_t pgrp) {
  unsigned sent = 0;
  for (uint32_t i = found->count; i-- > 0;) sent += signal_one(found->at[i].pid, found->at[i].parent, sig, pgrp);
  return sent;
}

unsigned descend_signal(pid_t root, int sig, pid_t pgrp) {
  size_t size = sizeof(struct found) + DESCENDANTS * sizeof(((struct found *)NULL)->at[0]);
  struct found *found = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (found == MAP_FAILED) return 0;
  found->capacity = DESCENDANTS;
  find(found, root);
  if (sig == SIGKILL && pgrp == 0 && found->count > 1) {
    /* A bomb forks faster than it can be killed: stop first, until a pass finds nobody new. */
    for (int pass = 0; pass < STOP_PASSES; pass++) {
      uint32_t before = found->count;
      signal_all(found, SIGSTOP, 0);
      find(found, root);
      if (found->count == before) break;
    }
  }
  unsigned sent = signal_all(found, sig, pgrp);
  munmap(found, size);
  return sent;
}
