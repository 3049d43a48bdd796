/* SPDX-License-Identifier: Apache-2.0
 * pinfold-keeper STATE_DIR RUN_DIR LOG_DIR CGROUP_DIR|- daemon|foreground COMMAND…
 * Parent of every service of one owner. Holds no policy, reads no text; see ARCHITECTURE.md, "The keeper". */
#include "keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#define LOCK_TRIES 30
#define KEYCTL_JOIN_SESSION_KEYRING 1 /* linux/keyctl.h, which musl's compiler does not see */

/* A child places what it is born with at PF_SLOT_MIN and above; below this limit nothing could ever be born. */
#define NOFILE_LEAST (PF_SLOT_MIN + 32u)

struct keeper keeper = {.state_lock = -1, .run_dir = -1, .log_dir = -1, .cgroup_dir = -1, .null = -1, .epoll = -1};

static _Noreturn void cannot(const char *what, const char *object, int err, int code) {
  dprintf(2, "pinfold-keeper: cannot %s %s: %s\n", what, object, strerror(err));
  _exit(code);
}

static int open_directory(const char *path) {
  int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) cannot("open", path, errno, EX_OSERR);
  return fd;
}

static void take_lock(const char *state_dir) {
  int dir = open_directory(state_dir);
  keeper.state_lock = openat(dir, "lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (keeper.state_lock < 0) cannot("open the lock in", state_dir, errno, EX_OSERR);
  close(dir);
  /* A keeper that was just killed lets go of its sockets, which starts the next one, before it lets go of the lock. */
  for (int tries = 0; flock(keeper.state_lock, LOCK_EX | LOCK_NB) != 0; tries++) {
    if (errno != EWOULDBLOCK || tries == LOCK_TRIES) break;
    nanosleep(&(struct timespec){.tv_nsec = 10 * NS_PER_MS}, NULL);
  }
  if (flock(keeper.state_lock, LOCK_EX | LOCK_NB) == 0) return;
  if (errno == EWOULDBLOCK) cannot("lock", state_dir, errno, EX_TEMPFAIL);
  cannot("lock", state_dir, errno, EX_OSERR);
}

static void raise_nofile(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_max >= NOFILE_LEAST) return;
  dprintf(2, "pinfold-keeper: the hard limit of descriptors (ulimit -Hn) is %u, at least %u are needed\n",
          (unsigned)limit.rlim_max, (unsigned)NOFILE_LEAST);
  _exit(EX_OSERR);
}

/* The first process goes on here until the keeper's first supervisor is forked; returns in the keeper, with the
 * descriptor to say so. */
static int detach(void) {
  int ready[2];
  char code = 0;
  if (pipe2(ready, O_CLOEXEC) != 0) cannot("make", "a pipe", errno, EX_OSERR);
  pid_t pid = fork();
  if (pid < 0) cannot("fork", "the keeper", errno, EX_OSERR);
  if (pid > 0) {
    close(ready[1]);
    waitpid(pid, NULL, 0);
    _exit(read(ready[0], &code, 1) == 1 ? code : EX_SOFTWARE);
  }
  setsid();
  pid = fork();
  if (pid < 0) cannot("fork", "the keeper", errno, EX_OSERR);
  if (pid > 0) _exit(0);
  close(ready[0]);
  return ready[1];
}

static void start(char **command) {
  int r = journal_open();
  if (r < 0) cannot("write", "the journal", -r, EX_CANTCREAT);
  r = loop_open();
  if (r == 0) r = streams_open();
  if (r < 0) cannot("wait for", "events", -r, EX_OSERR);
  r = supervisor_prepare(command);
  if (r < 0) cannot("use the command", command[0], -r, EX_USAGE);
  supervisor_start();
  if (supervisor_pid() == 0) cannot("fork", "the supervisor", errno, EX_OSERR);
}

int main(int argc, char **argv) {
  if (argc < 7 || (strcmp(argv[5], "daemon") != 0 && strcmp(argv[5], "foreground") != 0)) {
    dprintf(2, "usage: pinfold-keeper STATE_DIR RUN_DIR LOG_DIR CGROUP_DIR|- daemon|foreground COMMAND...\n");
    return EX_USAGE;
  }
  umask(077);
  /* 0, 1, 2 may be closed: nothing of ours may get their numbers. */
  for (int fd = open("/dev/null", O_RDWR); fd >= 0 && fd < 3;) fd = open("/dev/null", O_RDWR);
  os_close_range(3, ~0u);
  keeper.foreground = strcmp(argv[5], "foreground") == 0;
  keeper.started_ns = os_realtime();
  keeper.null = open("/dev/null", O_RDWR | O_CLOEXEC);
  if (keeper.null < 0) cannot("open", "/dev/null", errno, EX_OSERR);
  if (!arena_enter()) cannot("have", "memory", errno, EX_OSERR);
  take_lock(argv[1]);
  keeper.run_dir = open_directory(argv[2]);
  keeper.log_dir = open_directory(argv[3]);
  if (strcmp(argv[4], "-") != 0) keeper.cgroup_dir = open_directory(argv[4]);
  raise_nofile();
  /* The caller's may hold secrets and is revoked when they log out; one for all services costs one key of the quota. */
  syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL);

  int ready = keeper.foreground ? -1 : detach();
  start(argv + 6);
  if (ready >= 0) {
    (void)!write(ready, "", 1);
    close(ready);
    for (int fd = 0; fd < 3; fd++) dup2(keeper.null, fd);
    (void)!chdir("/");
  }
  int code = loop_run();
  journal_close();
  return code;
}
