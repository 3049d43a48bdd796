/* SPDX-License-Identifier: Apache-2.0
 * When to drain which pipe. Quiet ones sit in an epoll set of their own; its first event is served at once, then the
 * set is left alone for a while and drained in one pass, so that a hundred chatty services cost ten wake-ups a second.
 * A pipe that gave much is hot: out of the set, drained by a timer that is steered to find it about 40 % full. */
#include "keeper.h"

#include <errno.h>
#include <unistd.h>

#define HOLD (100 * NS_PER_MS)
#define HOT_BYTES 4096
#define HOT_TARGET 26214u /* 40 % of a pipe */
#define HOT_MIN 30000u
#define HOT_START 1000000u
#define AT_ONCE (4u << 20)
#define BATCH 64
#define PASSES 64

struct tap {
  uint32_t link;
  int fd;        /* -1 = free */
  uint32_t slot; /* NONE: dropped */
  uint32_t run;
  uint64_t due;
  uint32_t interval; /* 0 = quiet */
  uint8_t which, marked;
};

static struct pool taps = {.item = sizeof(struct tap), .cap = TAPS};
static int quiet = -1;
static uint64_t quiet_due = FOREVER; /* the set is disarmed until then */
static uint32_t *hot;
static uint32_t hot_count;

int streams_open(void) {
  hot = arena_part(TAPS * sizeof *hot);
  quiet = epoll_create1(EPOLL_CLOEXEC);
  if (quiet < 0) return -errno;
  return watch(quiet, EPOLLIN, ON_QUIET, 0);
}

static struct tap *tap_at(uint32_t index) { return pool_at(&taps, index); }

static uint32_t tap_index(const struct tap *t) {
  return (uint32_t)((size_t)((const char *)t - taps.base) / sizeof *t);
}

static void listen_quietly(struct tap *t) {
  struct epoll_event e = {.events = EPOLLIN, .data.u32 = tap_index(t)};
  t->interval = 0;
  epoll_ctl(quiet, EPOLL_CTL_ADD, t->fd, &e);
}

uint32_t tap_open(int fd, const char *log, uint32_t which, uint64_t segment_bytes, uint32_t run, const uint8_t id[16]) {
  uint32_t index = pool_take(&taps);
  if (index == NONE) {
    close(fd);
    return NONE;
  }
  struct tap *t = tap_at(index);
  *t = (struct tap){.fd = fd, .slot = NONE, .run = run, .which = (uint8_t)which};
  if (log != NULL) {
    t->slot = slot_take(log, segment_bytes);
    if (t->slot != NONE) slot_birth(t->slot, id);
  }
  keeper.stats.streams++;
  if (log == NULL || t->slot != NONE) return index;
  tap_close(&index);
  return NONE;
}

void tap_listen(uint32_t tap) {
  if (tap != NONE) listen_quietly(tap_at(tap));
}

static void leave_hot(struct tap *t) {
  for (uint32_t i = 0; i < hot_count; i++) {
    if (hot[i] != tap_index(t)) continue;
    hot[i] = hot[--hot_count];
    return;
  }
}

void tap_close(uint32_t *tap) {
  if (*tap == NONE) return;
  struct tap *t = tap_at(*tap);
  if (t->interval != 0) leave_hot(t);
  else epoll_ctl(quiet, EPOLL_CTL_DEL, t->fd, NULL);
  close(t->fd);
  if (t->slot != NONE) slot_give(t->slot);
  t->fd = -1;
  pool_give(&taps, *tap);
  keeper.stats.streams--;
  *tap = NONE;
}

static ssize_t drain(struct tap *t, size_t max) {
  ssize_t n = t->slot == NONE ? pipe_drop(t->fd, max) : slot_move(t->slot, t->which, t->fd, t->run, &t->marked, max);
  if (n > 0) keeper.stats.log_bytes += (uint64_t)n;
  return n;
}

void tap_drain_all(uint32_t tap) {
  if (tap == NONE) return;
  /* Bounded: others may write for ever. A pipe holds at most 1 MiB. */
  for (size_t moved = 0; moved < AT_ONCE;) {
    ssize_t n = drain(tap_at(tap), AT_ONCE);
    if (n <= 0) return;
    moved += (size_t)n;
  }
}

void taps_drain_every(void) {
  for (uint32_t i = 0; i < taps.high; i++)
    if (taps.used > 0 && tap_at(i)->fd > 0) tap_drain_all(i);
}

/* No process has the writing side any more: nothing will come, and the set would report it without end. */
static void rest(struct tap *t) { epoll_ctl(quiet, EPOLL_CTL_DEL, t->fd, NULL); }

static void drain_quiet(struct tap *t) {
  ssize_t n = drain(t, AT_ONCE);
  if (n == 0) {
    rest(t);
  } else if (n >= HOT_BYTES) {
    epoll_ctl(quiet, EPOLL_CTL_DEL, t->fd, NULL);
    t->interval = HOT_START;
    t->due = os_monotonic() + t->interval;
    hot[hot_count++] = tap_index(t);
  }
}

static bool quiet_pass(void) {
  struct epoll_event events[BATCH];
  bool any = false;
  for (int pass = 0; pass < PASSES; pass++) {
    int n = epoll_wait(quiet, events, BATCH, 0);
    for (int i = 0; i < n; i++) drain_quiet(tap_at(events[i].data.u32));
    any |= n > 0;
    if (n < BATCH) break;
  }
  return any;
}

void streams_quiet_event(void) {
  if (!quiet_pass()) return;
  rewatch(quiet, 0, ON_QUIET, 0);
  quiet_due = os_monotonic() + HOLD;
}

static void drain_hot(struct tap *t, uint64_t now) {
  ssize_t n = drain(t, AT_ONCE);
  uint64_t moved = n > 0 ? (uint64_t)n : 0;
  uint64_t low = t->interval / 4, high = t->interval * 2ull;
  uint64_t wanted = moved == 0 ? high : t->interval * (uint64_t)HOT_TARGET / moved;
  if (wanted < low) wanted = low;
  if (wanted > high) wanted = high;
  if (wanted < HOT_MIN) wanted = HOT_MIN;
  if (n == 0 || (wanted >= HOLD && moved < HOT_BYTES)) {
    leave_hot(t);
    t->interval = 0;
    if (n != 0) listen_quietly(t);
    return;
  }
  t->interval = (uint32_t)(wanted < HOLD ? wanted : HOLD);
  t->due = now + t->interval;
}

void streams_timers(uint64_t now) {
  for (uint32_t i = hot_count; i-- > 0;) /* backwards: leaving moves the last one into the gap */
    if (now >= tap_at(hot[i])->due) drain_hot(tap_at(hot[i]), now);
  if (now < quiet_due) return;
  if (quiet_pass()) {
    quiet_due = now + HOLD;
  } else {
    quiet_due = FOREVER;
    rewatch(quiet, EPOLLIN, ON_QUIET, 0);
  }
}

uint64_t streams_next(void) {
  uint64_t next = quiet_due;
  for (uint32_t i = 0; i < hot_count; i++)
    if (tap_at(hot[i])->due < next) next = tap_at(hot[i])->due;
  return next;
}
