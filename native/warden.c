/* SPDX-License-Identifier: Apache-2.0
 * A service's own subreaper where no cgroup can be had: whatever the service forks, however often it calls setsid,
 * stays below this process. A fork of the keeper that never execs; it keeps the read ends of the service's pipes, so
 * that no writer meets a broken pipe and a new keeper finds them, holds its terminal if it has one, and touches as
 * little memory as it can. */
#include "keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define SWEEP_MS 2

/* SOCKET, the two pipes, MASTER, INPUT, PF_WARDEN_TYPE, PF_WARDEN_TTY, LOG */
enum { SOCKET = 3, MASTER = 6, INPUT = 7, LOG = 10, KEPT = 8, SIGNALS = 11, UNUSED = 12 };

struct warden {
  struct warden_word state;
  bool unsaid;  /* the keeper does not have `state` yet */
  bool alone;   /* the keeper is gone */
  bool killing; /* until nobody is left */
  bool main_alive;
  struct terminal *tty; /* NULL = none */
};

static void say(struct warden *w, const struct warden_word *word) {
  if (w->alone) return;
  ssize_t n = send(SOCKET, word, sizeof *word, MSG_DONTWAIT | MSG_NOSIGNAL);
  if (word == &w->state) w->unsaid = n < 0 && errno == EAGAIN;
  if (n < 0 && errno != EAGAIN && errno != EINTR) w->alone = true;
}

static void obey(struct warden *w, const struct warden_order *order) {
  pid_t main = w->state.pid;
  int r = 0;
  unsigned count = 0;
  if (order->scope == PF_ALL || !w->main_alive) {
    /* Without its leader a group is signalled one by one: the number may belong to others by now. */
    if (order->scope != PF_MAIN) count = descend_signal(getpid(), order->sig, order->scope == PF_GROUP ? main : 0);
    if (count == 0) r = ESRCH;
    if (order->scope == PF_ALL && order->sig == SIGKILL) w->killing = true;
  } else {
    r = kill(order->scope == PF_GROUP ? -main : main, order->sig) == 0 ? 0 : errno;
    count = r == 0;
  }
  struct warden_word answer = {.kind = WARDEN_SIGNALLED, .seq = order->seq, .sig = order->sig, .scope = order->scope,
                               .err = r, .count = count};
  say(w, &answer);
}

/* Reaps what ended; false when nobody is left. */
static bool reap(struct warden *w) {
  for (;;) {
    int status;
    struct rusage usage;
    pid_t pid = wait4(-1, &status, WNOHANG, &usage);
    if (pid < 0 && errno == EINTR) continue;
    if (pid < 0) return false;
    if (pid == 0) return true;
    if (pid != w->state.pid || !w->main_alive) continue;
    w->main_alive = false;
    w->state.state |= PF_EXIT;
    w->state.status = status;
    w->state.user = usage.ru_utime;
    w->state.system = usage.ru_stime;
    w->state.max_rss_kib = usage.ru_maxrss;
    if (w->tty != NULL) terminal_last_words(w->tty);
    say(w, &w->state);
  }
}

static void listen_to_keeper(struct warden *w) {
  struct warden_order order;
  ssize_t n = recv(SOCKET, &order, sizeof order, MSG_DONTWAIT);
  if (n == (ssize_t)sizeof order) obey(w, &order);
  if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) w->alone = true;
}

/* Everything else goes, the lock of the state directory first of all. The kept ones move to low numbers, from places
 * that are out of the way. */
static void keep_only(int keeper_socket, const int pipes[2], struct terminal *t) {
  int from[KEPT] = {keeper_socket, pipes[0], pipes[1], -1, -1, -1, -1, -1};
  if (t != NULL) memcpy(from + 3, (int[]){t->master, t->input[0], t->input[1], t->slave, t->log}, 5 * sizeof(int));
  for (int fd = 0; fd < 3; fd++) dup2(keeper.null, fd);
  /* The others first: the keeper may have had all that there are. */
  for (unsigned first = 3; first != ~0u;) {
    unsigned kept = ~0u;
    for (int i = 0; i < KEPT; i++)
      if (from[i] >= (int)first && (unsigned)from[i] < kept) kept = (unsigned)from[i];
    if (kept > first) os_close_range(first, kept - 1);
    first = kept == ~0u ? kept : kept + 1;
  }
  for (int i = 0; i < KEPT; i++)
    if (from[i] >= 0 && from[i] < PF_SLOT_MIN) from[i] = fcntl(from[i], F_DUPFD_CLOEXEC, PF_SLOT_MIN);
  for (int i = 0; i < KEPT; i++) {
    if (from[i] >= 0) dup3(from[i], SOCKET + i, O_CLOEXEC);
    else close(SOCKET + i);
  }
  if (t != NULL) {
    t->master = MASTER;
    t->input[0] = INPUT;
    t->input[1] = PF_WARDEN_TYPE;
    t->slave = PF_WARDEN_TTY;
    t->log = LOG;
  }
  sigset_t child;
  sigemptyset(&child);
  sigaddset(&child, SIGCHLD);
  close(SIGNALS);
  int fd = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
  if (fd != SIGNALS && fd >= 0) {
    dup3(fd, SIGNALS, O_CLOEXEC);
    close(fd);
  }
  os_close_range(UNUSED, ~0u);
}

_Noreturn void warden_run(int keeper_socket, const int pipes[2], struct terminal *tty, void (*child)(void *),
                          void *context) {
  prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
  prctl(PR_SET_NAME, "pinfold-warden", 0, 0, 0);
  setsid();
  sigset_t all, before;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, &before);
  struct warden w = {.state = {.kind = WARDEN_STATE}, .main_alive = true, .tty = tty};
  pid_t pid = fork();
  if (pid == 0) {
    sigprocmask(SIG_SETMASK, &before, NULL);
    close(keeper_socket);
    child(context);
  }
  arena_leave();
  keep_only(keeper_socket, pipes, tty);
  w.state.pid = pid;
  if (pid > 0) {
    struct identity who; /* not reaped yet, so the number is still its own */
    w.state.state = PF_BORN;
    if (os_identity(pid, &who) == 0) w.state.start_ticks = who.start_ticks;
  } else {
    w.state.err = errno;
    w.main_alive = false;
  }
  say(&w, &w.state);

  while (reap(&w)) {
    if (w.killing) descend_signal(getpid(), SIGKILL, 0);
    struct pollfd on[5] = {{.fd = SIGNALS, .events = POLLIN},
                           {.fd = w.alone ? -1 : SOCKET, .events = (short)(POLLIN | (w.unsaid ? POLLOUT : 0))}};
    if (tty != NULL) terminal_polls(tty, on + 2);
    poll(on, tty != NULL ? 5 : 2, w.killing ? SWEEP_MS : -1);
    struct signalfd_siginfo info;
    while (read(SIGNALS, &info, sizeof info) > 0) continue;
    if (on[1].revents != 0) listen_to_keeper(&w);
    if (w.unsaid) say(&w, &w.state);
    if (tty != NULL) terminal_carry(tty);
  }
  if (tty != NULL) terminal_last_words(tty);
  w.state.state |= PF_EMPTY;
  w.unsaid = true;
  while (w.unsaid && !w.alone) { /* the keeper may be stopped: its queue is full, its end will come */
    say(&w, &w.state);
    struct pollfd on = {.fd = SOCKET, .events = POLLOUT};
    if (w.unsaid) poll(&on, 1, -1);
  }
  _exit(0);
}
