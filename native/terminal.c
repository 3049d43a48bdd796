/* SPDX-License-Identifier: Apache-2.0
 * A service's own terminal, in its warden: what the service prints goes on into the pipe of its log, what somebody
 * writes into the input pipe is typed. The warden outlives supervisors and keepers, so nobody hangs up; it has the
 * service's end open as well, so that a moment without a user of it is no hang-up either. */
#include "keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define TURNS 16 /* others are heard in between */
#define LAST_MS 500

int terminal_open(struct terminal *t, int log) {
  int unlocked = 0;
  char path[40];
  struct winsize size = {.ws_row = 24, .ws_col = 80};
  *t = (struct terminal){.slave = -1, .input = {-1, -1}, .log = -1};
  t->master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (t->master < 0 || ioctl(t->master, TIOCSPTLCK, &unlocked) != 0) return errno;
  t->slave = ioctl(t->master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (t->slave < 0 || ioctl(t->slave, TIOCSWINSZ, &size) != 0) return errno;
  if (pipe2(t->input, O_CLOEXEC | O_NONBLOCK) != 0) return errno;
  os_number(path, "/proc/self/fd/", (uint64_t)log);
  t->log = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
  return t->log < 0 ? errno : 0;
}

/* True while something moves: `from` is read only when all that was read before is gone. */
static bool carry(struct carried *c, int from, int to) {
  if (c->count == 0) {
    ssize_t n = read(from, c->bytes, sizeof c->bytes);
    if (n <= 0) return false;
    c->at = 0;
    c->count = (size_t)n;
  }
  ssize_t n = write(to, c->bytes + c->at, c->count);
  if (n <= 0) return false;
  c->at += (size_t)n;
  c->count -= (size_t)n;
  return true;
}

void terminal_carry(struct terminal *t) {
  for (int i = 0; i < TURNS && carry(&t->printed, t->master, t->log); i++) continue;
  for (int i = 0; i < TURNS && carry(&t->typed, t->input[0], t->master); i++) continue;
}

void terminal_last_words(struct terminal *t) {
  uint64_t end = os_monotonic() + LAST_MS * NS_PER_MS;
  while (os_monotonic() < end) {
    if (carry(&t->printed, t->master, t->log)) continue;
    if (t->printed.count == 0) return;
    struct pollfd on = {.fd = t->log, .events = POLLOUT};
    poll(&on, 1, LAST_MS);
  }
}

void terminal_polls(const struct terminal *t, struct pollfd *on) {
  bool printed = t->printed.count != 0, typed = t->typed.count != 0;
  on[0] = (struct pollfd){.fd = t->master, .events = (short)((printed ? 0 : POLLIN) | (typed ? POLLOUT : 0))};
  on[1] = (struct pollfd){.fd = printed ? t->log : -1, .events = POLLOUT};
  on[2] = (struct pollfd){.fd = typed ? -1 : t->input[0], .events = POLLIN};
}
