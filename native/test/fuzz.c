/* SPDX-License-Identifier: Apache-2.0
 * What comes from the other side of the socket, mutated: the form of messages, plans, and lines of /proc. For libFuzzer
 * as it is; with -DSEEDED a deterministic driver of its own. */
#include "../keeper.h"
#include "../plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A plan that passes has to be safe to walk: every access that walk makes is repeated here. */
static void walk_dry(char *bytes) {
  struct pf_plan *plan = (void *)bytes;
  const struct pf_call *calls = (const void *)(plan + 1);
  char *at = bytes + plan->data_offset;
  const uint32_t *relocs = (const void *)(bytes + plan->reloc_offset);
  struct pf_call last;
  for (uint32_t i = 0; i < plan->relocs; i++) memset(at + relocs[i], 1, 8);
  if (plan->id_offset != 0) memset(at + plan->id_offset, 2, 36);
  if (plan->pid_offset != 0) memset(at + plan->pid_offset, 3, 11);
  for (uint32_t i = 0; i < plan->calls; i++) {
    memcpy(&last, calls + i, sizeof last);
    if (i + last.skip >= plan->calls && last.skip != 0) abort();
    for (int k = 0; k < 6; k++) {
      if (last.reloc[k] == PF_SLOT && last.arg[k] >= PF_SLOTS) abort();
      if (last.reloc[k] == PF_RESULT && last.arg[k] >= PF_RESULTS) abort();
      if (last.reloc[k] == PF_DATA && last.arg[k] > plan->data_size) abort();
    }
    if (last.store > PF_RESULTS) abort();
  }
  if (!plan_valid(bytes, plan->size)) abort(); /* writing to data changed what was checked */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size == 0) return 0;
  uint8_t kind = data[0];
  data++;
  size--;
  char *copy = aligned_alloc(16, (size + 16) & ~(size_t)15);
  if (copy == NULL) abort();
  memcpy(copy, data, size);
  if (kind % 3 == 0) {
    if (plan_valid(copy, size)) walk_dry(copy);
  } else if (kind % 3 == 1) {
    size_t entry = 0;
    struct pf_header h;
    if (parse_message(copy, size, kind / 3 % 5, kind > 128, &entry) == 0) {
      memcpy(&h, copy, sizeof h);
      if (sizeof h + h.count * entry != size || entry == 0) abort();
      for (uint32_t i = 0; i < h.count && h.type == PF_SPAWN; i++) {
        struct pf_spawn s;
        memcpy(&s, copy + sizeof h + i * entry, sizeof s);
        if (parse_path(s.log, sizeof s.log) && strlen(s.log) >= sizeof s.log) abort();
      }
    }
  } else {
    struct identity who;
    char text[1024];
    size_t length = size < sizeof text - 1 ? size : sizeof text - 1;
    memcpy(text, copy, length);
    text[length] = '\0';
    os_parse_stat(text, &who);
  }
  free(copy);
  return 0;
}

#ifdef SEEDED
static uint64_t state;

static uint64_t next(void) { /* xorshift64* */
  state ^= state >> 12;
  state ^= state << 25;
  state ^= state >> 27;
  return state * 2685821657736338717ull;
}

static size_t good_plan(uint8_t *out) {
  struct pf_plan h = {.magic = PF_PLAN_MAGIC, .calls = 3, .relocs = 2, .id_offset = 8, .pid_offset = 48};
  struct pf_call calls[3] = {{.mode = PF_SKIP_ZERO, .skip = 1, .reloc = {PF_DATA}, .arg = {16}}, {.store = 2}, {.nr = 1}};
  uint32_t relocs[2] = {64, 72};
  h.reloc_offset = sizeof h + sizeof calls;
  h.data_offset = (h.reloc_offset + 8 + 15) & ~15u;
  h.data_size = 96;
  h.size = h.data_offset + h.data_size;
  memset(out, 0, h.size);
  memcpy(out, &h, sizeof h);
  memcpy(out + sizeof h, calls, sizeof calls);
  memcpy(out + h.reloc_offset, relocs, sizeof relocs);
  return h.size;
}

static size_t good_message(uint8_t *out) {
  static const size_t sizes[] = {0, sizeof(struct pf_hello), sizeof(struct pf_plan_ref), sizeof(struct pf_plan_ref),
                                 sizeof(struct pf_spawn), sizeof(struct pf_signal), sizeof(struct pf_id),
                                 sizeof(struct pf_hold), sizeof(struct pf_hold), sizeof(struct pf_hold),
                                 sizeof(struct pf_id), sizeof(struct pf_adopt), sizeof(struct pf_role),
                                 sizeof(struct pf_rotate), sizeof(struct pf_hello)};
  struct pf_header h = {.type = (uint16_t)(1 + next() % 14), .count = (uint16_t)(1 + next() % 3)};
  size_t size = sizeof h + h.count * sizes[h.type];
  memset(out, (int)(next() % 3), size);
  memcpy(out, &h, sizeof h);
  return size;
}

int main(int argc, char **argv) {
  static uint8_t input[65536];
  uint64_t seed = argc > 1 ? strtoull(argv[1], NULL, 0) : 20260101, runs = argc > 2 ? strtoull(argv[2], NULL, 0) : 400000;
  state = seed;
  for (uint64_t run = 0; run < runs; run++) {
    input[0] = (uint8_t)next();
    size_t size;
    if (input[0] % 3 == 0) {
      size = good_plan(input + 1);
      _Alignas(16) static uint8_t aligned[1024];
      memcpy(aligned, input + 1, size);
      if (!plan_valid(aligned, size)) abort(); /* the mutations below have to start from something that passes */
    } else if (input[0] % 3 == 1) {
      size = good_message(input + 1);
    } else {
      size = (size_t)sprintf((char *)input + 1, "%llu (a) b) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21",
                             (unsigned long long)next());
    }
    for (uint64_t changes = next() % 6; changes > 0; changes--) {
      size_t at = 1 + next() % size;
      if (next() % 4 == 0) memset(input + at, (int)(next() % 2 * 255), size - at < 4 ? size - at : 4);
      else input[at] = (uint8_t)next();
    }
    if (next() % 8 == 0) size = next() % (size + 1);
    LLVMFuzzerTestOneInput(input, size + 1);
  }
  printf("fuzz: seed %llu, %llu inputs\n", (unsigned long long)seed, (unsigned long long)runs);
  return 0;
}
#endif
