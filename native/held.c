/* SPDX-License-Identifier: Apache-2.0
 * Descriptors kept beyond the supervisor that opened them. */
#include "keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

struct held {
  uint32_t link;
  struct pf_hold hold; /* key 0 = free */
  int fd;
};
static struct pool table = {.item = sizeof(struct held), .cap = HELD};

static struct held *find(uint64_t key) {
  for (uint32_t i = 0; key != 0 && i < table.high; i++) {
    struct held *h = pool_at(&table, i);
    if (h->hold.key == key) return h;
  }
  return NULL;
}

int held_put(const struct pf_hold *hold, int fd) {
  if (hold->key == 0 || hold->name[PF_HOLD_NAME - 1] != '\0') return EINVAL;
  int own = fcntl(fd, F_DUPFD_CLOEXEC, 3);
  if (own < 0) return errno;
  struct held *h = find(hold->key);
  if (h != NULL) {
    unwatch_close(&h->fd);
  } else {
    uint32_t index = pool_take(&table);
    if (index == NONE) {
      close(own);
      return ENOSPC;
    }
    h = pool_at(&table, index);
    keeper.stats.held++;
  }
  h->hold = *hold;
  h->fd = own;
  return 0;
}

void held_drop(uint64_t key) {
  struct held *h = find(key);
  if (h == NULL) return;
  unwatch_close(&h->fd);
  h->hold.key = 0;
  pool_give(&table, (uint32_t)((size_t)((char *)h - table.base) / sizeof *h));
  keeper.stats.held--;
}

int held_fd(uint64_t key) {
  struct held *h = find(key);
  return h == NULL ? -1 : h->fd;
}

int held_fetch(uint64_t key, uint64_t seq) {
  for (uint32_t i = 0; i < table.high; i++) {
    struct held *h = pool_at(&table, i);
    if (h->hold.key == 0 || (key != 0 && h->hold.key != key)) continue;
    int fd = fcntl(h->fd, F_DUPFD_CLOEXEC, 3); /* it may be dropped before the answer has left */
    if (fd < 0) return errno;
    answer(PF_HELD, seq, &h->hold, sizeof h->hold, fd);
  }
  answer(PF_FETCHED, seq, NULL, 0, -1);
  return 0;
}

void held_arm(bool armed) {
  for (uint32_t i = 0; i < table.high; i++) {
    struct held *h = pool_at(&table, i);
    if (h->hold.key == 0 || (h->hold.flags & PF_ACTIVATE) == 0) continue;
    if (armed) watch(h->fd, EPOLLIN, ON_HELD, i);
    else epoll_ctl(keeper.epoll, EPOLL_CTL_DEL, h->fd, NULL);
  }
}
