/* SPDX-License-Identifier: Apache-2.0
 * One thread, one epoll set. With nothing to do there is no timer at all. */
#include "keeper.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#define EVENTS 64

static int signals = -1;

static struct epoll_event event_of(uint32_t events, enum source source, uint32_t index) {
  return (struct epoll_event){.events = events, .data.u64 = (uint64_t)source << 32 | index};
}

int watch(int fd, uint32_t events, enum source source, uint32_t index) {
  struct epoll_event e = event_of(events, source, index);
  return epoll_ctl(keeper.epoll, EPOLL_CTL_ADD, fd, &e) == 0 ? 0 : -errno;
}

void rewatch(int fd, uint32_t events, enum source source, uint32_t index) {
  struct epoll_event e = event_of(events, source, index);
  epoll_ctl(keeper.epoll, EPOLL_CTL_MOD, fd, &e);
}

void close_fd(int *fd) {
  if (*fd >= 0) close(*fd);
  *fd = -1;
}

void unwatch_close(int *fd) {
  if (*fd >= 0) epoll_ctl(keeper.epoll, EPOLL_CTL_DEL, *fd, NULL);
  close_fd(fd);
}

int loop_open(void) {
  sigset_t wanted;
  static const int ignored[] = {SIGHUP, SIGQUIT, SIGPIPE, SIGTSTP, SIGTTIN, SIGTTOU, SIGUSR1, SIGUSR2};
  for (size_t i = 0; i < sizeof ignored / sizeof ignored[0]; i++) signal(ignored[i], SIG_IGN);
  signal(SIGCHLD, SIG_DFL); /* inherited as ignored, children would vanish without a status */
  sigemptyset(&wanted);
  sigaddset(&wanted, SIGCHLD);
  sigaddset(&wanted, SIGTERM);
  if (keeper.foreground) sigaddset(&wanted, SIGINT);
  else signal(SIGINT, SIG_IGN);
  sigprocmask(SIG_SETMASK, &wanted, NULL);
  signals = signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK);
  keeper.epoll = epoll_create1(EPOLL_CLOEXEC);
  if (signals < 0 || keeper.epoll < 0) return -errno;
  if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0) return -errno;
  return watch(signals, EPOLLIN, ON_SIGNAL, 0);
}

static void reap(void) {
  bool any = false;
  for (;;) {
    int status;
    struct rusage usage;
    pid_t pid = wait4(-1, &status, WNOHANG, &usage);
    if (pid < 0 && errno == EINTR) continue;
    if (pid <= 0) break;
    any = true;
    reaped(pid, status, &usage);
  }
  if (any) birth_recheck();
}

static void on_signals(void) {
  struct signalfd_siginfo info;
  bool children = false;
  while (read(signals, &info, sizeof info) == (ssize_t)sizeof info) {
    if (info.ssi_signo == SIGCHLD) children = true;
    else supervisor_shutdown((int)info.ssi_signo);
  }
  if (children) reap();
}

static void on_event(const struct epoll_event *e) {
  uint32_t index = (uint32_t)e->data.u64;
  switch ((enum source)(e->data.u64 >> 32)) {
    case ON_SIGNAL: on_signals(); break;
    case ON_SUPERVISOR: wire_event(e->events); break;
    case ON_QUIET: streams_quiet_event(); break;
    case ON_REPORT: birth_report(index); break;
    case ON_WARDEN: birth_warden_says(index); break;
    case ON_MAIN: birth_main_event(index); break;
    case ON_ADOPTED_WARDEN: birth_warden_gone(index); break;
    case ON_CGROUP: birth_check_empty(birth_at(index)); break;
    case ON_HELD: supervisor_wake(); break;
  }
}

static uint64_t earliest(void) {
  uint64_t due[] = {births_next(), streams_next(), supervisor_next(), wire_next()};
  uint64_t first = FOREVER;
  for (size_t i = 0; i < sizeof due / sizeof due[0]; i++)
    if (due[i] < first) first = due[i];
  return first;
}

int loop_run(void) {
  struct epoll_event events[EVENTS];
  int code;
  while (!supervisor_done(&code)) {
    wire_flush();
    int n = os_epoll_wait(keeper.epoll, events, EVENTS, earliest());
    keeper.stats.wakeups++;
    for (int i = 0; i < n; i++) on_event(events + i);
    uint64_t now = os_monotonic();
    streams_timers(now);
    births_timers(now);
    supervisor_timers(now);
  }
  taps_drain_every();
  return code;
}
