/* SPDX-License-Identifier: Apache-2.0
 * The form of a message, before anything of it is believed. Pure: fuzzed as it stands. */
#include "keeper.h"

#include <errno.h>
#include <string.h>

enum fds { NO_FDS, ONE_EACH, OWN_COUNT };

static const struct {
  size_t size;
  enum fds fds;
  uint32_t max;
} shapes[] = {
    [PF_HELLO] = {sizeof(struct pf_hello), NO_FDS, 1},
    [PF_PLAN_PUT] = {sizeof(struct pf_plan_ref), ONE_EACH, PF_MAX_FDS},
    [PF_PLAN_DROP] = {sizeof(struct pf_plan_ref), NO_FDS, 1024},
    [PF_SPAWN] = {sizeof(struct pf_spawn), OWN_COUNT, 120},
    [PF_SIGNAL] = {sizeof(struct pf_signal), NO_FDS, 1024},
    [PF_ACK] = {sizeof(struct pf_id), NO_FDS, 2048},
    [PF_HOLD] = {sizeof(struct pf_hold), ONE_EACH, PF_MAX_FDS},
    [PF_UNHOLD] = {sizeof(struct pf_hold), NO_FDS, 1024},
    [PF_FETCH] = {sizeof(struct pf_hold), NO_FDS, 1},
    [PF_PIDFD] = {sizeof(struct pf_id), NO_FDS, 128},
    [PF_ADOPT] = {sizeof(struct pf_adopt), NO_FDS, 128},
    [PF_ROLE] = {sizeof(struct pf_role), NO_FDS, 1},
    [PF_ROTATE] = {sizeof(struct pf_rotate), NO_FDS, 128},
    [PF_STATS] = {sizeof(struct pf_hello), NO_FDS, 1},
};

static uint64_t fds_wanted(const struct pf_header *h, const char *entries) {
  uint64_t sum = 0;
  switch (shapes[h->type].fds) {
    case NO_FDS: return 0;
    case ONE_EACH: return h->count;
    case OWN_COUNT: break;
  }
  for (uint32_t i = 0; i < h->count; i++) {
    struct pf_spawn spawn;
    memcpy(&spawn, entries + i * sizeof spawn, sizeof spawn);
    sum += spawn.nfds;
  }
  return sum;
}

int parse_message(const void *bytes, size_t size, uint32_t fds_arrived, bool truncated, size_t *entry_size) {
  struct pf_header h;
  if (size < sizeof h) return EPROTO;
  memcpy(&h, bytes, sizeof h);
  if (h.type == 0 || h.type >= sizeof shapes / sizeof shapes[0]) return EPROTO;
  size_t entry = shapes[h.type].size;
  if (h.count == 0 || h.count > shapes[h.type].max || size != sizeof h + h.count * entry) return EPROTO;
  if (h.nfds > PF_MAX_FDS || h.nfds != fds_wanted(&h, (const char *)bytes + sizeof h)) return EPROTO;
  if (truncated || fds_arrived < h.nfds) return EMFILE; /* a table that is full delivers a part of them */
  if (fds_arrived != h.nfds) return EPROTO;
  *entry_size = entry;
  return 0;
}

bool parse_path(const char *path, size_t size) {
  size_t length = strnlen(path, size);
  if (length == 0 || length == size || path[0] == '/' || path[length - 1] == '/') return false;
  for (size_t i = length; i < size; i++)
    if (path[i] != '\0') return false;
  return true;
}
