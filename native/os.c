/* SPDX-License-Identifier: Apache-2.0 */
#include "os.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

/* Of the kernel's headers, which musl's compiler does not see. linux/openat2.h: */
struct open_how {
  uint64_t flags, mode, resolve;
};
#define RESOLVE_NO_MAGICLINKS 0x02
#define RESOLVE_NO_SYMLINKS 0x04
#define RESOLVE_BENEATH 0x08
/* linux/magic.h */
#define PID_FS_MAGIC 0x50494446
/* linux/fs.h */
#define RENAME_NOREPLACE_FLAG 1u
/* linux/pidfd.h: PIDFD_GET_INFO (6.13), PIDFD_INFO_EXIT (6.15) */
struct pidfd_info {
  uint64_t mask, cgroupid;
  uint32_t pid, tgid, ppid, ruid, rgid, euid, egid, suid, sgid, fsuid, fsgid;
  int32_t exit_code;
};
#define PIDFD_GET_INFO _IOWR(0xff, 11, struct pidfd_info)
#define PIDFD_INFO_EXIT 8u

static uint64_t clock_ns(clockid_t which) {
  struct timespec t;
  clock_gettime(which, &t);
  return (uint64_t)t.tv_sec * NS_PER_S + (uint64_t)t.tv_nsec;
}

uint64_t os_monotonic(void) { return clock_ns(CLOCK_MONOTONIC); }

uint64_t os_realtime(void) { return clock_ns(CLOCK_REALTIME); }

static int result(long r) { return r < 0 ? -errno : (int)r; }

char *os_number(char *out, const char *prefix, uint64_t number) {
  char digits[20];
  size_t n = 0;
  while (*prefix != '\0') *out++ = *prefix++;
  do digits[n++] = (char)('0' + number % 10);
  while ((number /= 10) != 0);
  while (n > 0) *out++ = digits[--n];
  *out = '\0';
  return out;
}

static uint64_t parse_number(const char **at) {
  uint64_t n = 0;
  while (**at >= '0' && **at <= '9') n = n * 10 + (uint64_t)(*(*at)++ - '0');
  return n;
}

int os_parse_stat(char *text, struct identity *who) {
  /* The name may hold spaces and parentheses; what follows the last ')' is: state ppid pgrp session … */
  const char *at = strrchr(text, ')');
  if (at == NULL || at[1] != ' ') return -EINVAL;
  at += 2;
  *who = (struct identity){.state = *at};
  for (int field = 3; field < 22; field++) {
    at = strchr(at, ' ');
    if (at == NULL) return -EINVAL;
    at++;
    const char *digits = at;
    uint64_t n = parse_number(&digits);
    if (field == 3) who->ppid = (pid_t)n;
    if (field == 4) who->pgrp = (pid_t)n;
    if (field == 5) who->session = (pid_t)n;
    if (field == 21) who->start_ticks = n;
  }
  return 0;
}

int os_identity(pid_t pid, struct identity *who) {
  char path[40], text[1024];
  strcpy(os_number(path, "/proc/", (uint64_t)pid), "/stat");
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return -errno;
  ssize_t n = read(fd, text, sizeof text - 1);
  int err = errno;
  close(fd);
  if (n <= 0) return n == 0 ? -ESRCH : -err;
  text[n] = '\0';
  return os_parse_stat(text, who);
}

int os_pidfd_open(pid_t pid) { return result(syscall(SYS_pidfd_open, pid, 0)); }

int os_pidfd_signal(int pidfd, int sig) { return result(syscall(SYS_pidfd_send_signal, pidfd, sig, NULL, 0)); }

uint64_t os_pidfs_ino(int pidfd) {
  struct statfs fs;
  struct stat st;
  if (fstatfs(pidfd, &fs) != 0 || (uint64_t)fs.f_type != PID_FS_MAGIC || fstat(pidfd, &st) != 0) return 0;
  return st.st_ino;
}

int os_pidfd_status(int pidfd, int *status) {
  struct pidfd_info info = {.mask = PIDFD_INFO_EXIT};
  if (syscall(SYS_ioctl, pidfd, PIDFD_GET_INFO, &info) != 0) return errno == ESRCH ? 0 : -errno;
  if ((info.mask & PIDFD_INFO_EXIT) == 0) return 0;
  *status = info.exit_code;
  return 1;
}

int os_open_beneath(int dir, const char *path, int flags, mode_t mode) {
  struct open_how how = {.flags = (uint64_t)(unsigned)(flags | O_CLOEXEC),
                         .mode = (flags & O_CREAT) != 0 ? mode : 0,
                         .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_SYMLINKS};
  return result(syscall(SYS_openat2, dir, path, &how, sizeof how));
}

int os_rename_new(int dir, const char *from, const char *to) {
  long r = syscall(SYS_renameat2, dir, from, dir, to, RENAME_NOREPLACE_FLAG);
  if (r != 0 && errno == EINVAL && faccessat(dir, to, F_OK, 0) != 0) /* a file system without the flag */
    r = renameat(dir, from, dir, to);
  return result(r);
}

int os_close_range(unsigned first, unsigned last) { return result(syscall(SYS_close_range, first, last, 0)); }

int os_epoll_wait(int ep, struct epoll_event *events, int count, uint64_t until) {
  struct timespec span = {0}, *timeout = NULL;
  if (until != FOREVER) {
    uint64_t now = os_monotonic();
    uint64_t left = until > now ? until - now : 0;
    span.tv_sec = (time_t)(left / NS_PER_S);
    span.tv_nsec = (long)(left % NS_PER_S);
    timeout = &span;
  }
  static bool coarse; /* a sandbox that does not know the newer call */
  if (!coarse) {
    int r = result(syscall(SYS_epoll_pwait2, ep, events, count, timeout, NULL, 8));
    if (r != -ENOSYS) return r;
    coarse = true;
  }
  int ms = timeout == NULL ? -1 : (int)(span.tv_sec * 1000 + (span.tv_nsec + (long)NS_PER_MS - 1) / (long)NS_PER_MS);
  return result(epoll_wait(ep, events, count, ms));
}

/* One thread's children; true: go on. The list may be longer than a page: numbers are cut at any place. */
static bool children_of_thread(int tasks, const char *tid, bool (*each)(void *, pid_t), void *context) {
  char path[64], text[512];
  strcpy(stpcpy(path, tid), "/children");
  int fd = openat(tasks, path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return true;
  pid_t pid = 0;
  bool more = true;
  for (ssize_t n; more && (n = read(fd, text, sizeof text)) > 0;) {
    for (ssize_t i = 0; i < n && more; i++) {
      if (text[i] >= '0' && text[i] <= '9') {
        pid = pid * 10 + (text[i] - '0');
      } else if (pid != 0) {
        more = each(context, pid);
        pid = 0;
      }
    }
  }
  close(fd);
  return more;
}

struct dirent64_of_kernel {
  uint64_t ino;
  int64_t off;
  uint16_t length;
  uint8_t type;
  char name[];
};

/* readdir(3) allocates; this does not. Calls `each` with every name but the dotted ones until it returns false. */
static int each_name(int dir, bool (*each)(void *, int, const char *), void *context) {
  _Alignas(uint64_t) char buffer[2048];
  for (;;) {
    long n = syscall(SYS_getdents64, dir, buffer, sizeof buffer);
    if (n <= 0) return result(n);
    for (long at = 0; at < n;) {
      const struct dirent64_of_kernel *d = (const void *)(buffer + at);
      at += d->length;
      if (d->name[0] != '.' && !each(context, dir, d->name)) return 0;
    }
  }
}

struct visit {
  bool (*each)(void *, pid_t);
  void *context;
};

static bool visit_thread(void *context, int dir, const char *tid) {
  const struct visit *v = context;
  return children_of_thread(dir, tid, v->each, v->context);
}

int os_children(pid_t pid, bool (*each)(void *, pid_t), void *context) {
  char path[40];
  strcpy(os_number(path, "/proc/", (uint64_t)pid), "/task");
  int tasks = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (tasks < 0) return -errno;
  struct visit v = {each, context};
  int r = each_name(tasks, visit_thread, &v);
  close(tasks);
  return r;
}

struct pipe_wanted {
  char target[40];
  int found;
};

static bool match_pipe(void *context, int dir, const char *name) {
  struct pipe_wanted *want = context;
  char target[40];
  ssize_t n = readlinkat(dir, name, target, sizeof target - 1);
  if (n < 0) return true;
  target[n] = '\0';
  if (strcmp(target, want->target) != 0) return true;
  int fd = openat(dir, name, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) return true;
  want->found = fd;
  return false;
}

int os_open_pipe_of(pid_t pid, uint64_t ino) {
  char path[40];
  strcpy(os_number(path, "/proc/", (uint64_t)pid), "/fd");
  int dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (dir < 0) return -errno;
  struct pipe_wanted want = {.found = -ENOENT};
  strcpy(os_number(want.target, "pipe:[", ino), "]");
  int r = each_name(dir, match_pipe, &want);
  close(dir);
  return want.found >= 0 || r == 0 ? want.found : r;
}
