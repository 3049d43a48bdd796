/* SPDX-License-Identifier: Apache-2.0 */
#include "plan.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

static bool within(uint64_t offset, uint64_t length, uint64_t size) {
  return offset <= size && length <= size - offset;
}

static bool call_valid(const struct pf_call *call, uint32_t index, const struct pf_plan *plan) {
  if (call->mode > PF_SKIP_ERROR || call->store > PF_RESULTS) return false;
  bool skips = call->mode == PF_SKIP_ZERO || call->mode == PF_SKIP_ERROR;
  if (skips ? call->skip > plan->calls - 1 - index : call->skip != 0) return false;
  for (int i = 0; i < 6; i++) {
    uint64_t arg = call->arg[i];
    switch (call->reloc[i]) {
      case PF_LITERAL: break;
      case PF_DATA:
        if (arg > plan->data_size) return false;
        break;
      case PF_SLOT:
        if (arg >= PF_SLOTS) return false;
        break;
      case PF_RESULT:
        if (arg >= PF_RESULTS) return false;
        break;
      default: return false;
    }
  }
  return call->reserved[0] == 0 && call->reserved[1] == 0;
}

bool plan_valid(const void *bytes, size_t size) {
  const struct pf_plan *plan = bytes;
  if (size < sizeof *plan || size > PF_PLAN_MAX || plan->magic != PF_PLAN_MAGIC || plan->size != size) return false;
  if (plan->calls == 0 || plan->calls > PF_PLAN_CALLS) return false;
  if (!within(sizeof *plan, plan->calls * sizeof(struct pf_call), size)) return false;
  if (plan->reloc_offset % 4 != 0 || !within(plan->reloc_offset, (uint64_t)plan->relocs * 4, size)) return false;
  if (plan->data_offset % 16 != 0 || !within(plan->data_offset, plan->data_size, size)) return false;
  uint64_t calls_end = sizeof *plan + plan->calls * sizeof(struct pf_call);
  /* The child writes into data: it must not be able to change what was checked. */
  if (plan->data_offset < calls_end || plan->reloc_offset < calls_end) return false;
  if (plan->relocs != 0 && plan->data_offset < plan->reloc_offset + plan->relocs * 4ull &&
      plan->reloc_offset < (uint64_t)plan->data_offset + plan->data_size)
    return false;
  if (plan->id_offset != 0 && !within(plan->id_offset, 36, plan->data_size)) return false;
  if (plan->pid_offset != 0 && !within(plan->pid_offset, 11, plan->data_size)) return false;
  const struct pf_call *calls = (const void *)(plan + 1);
  for (uint32_t i = 0; i < plan->calls; i++)
    if (!call_valid(calls + i, i, plan)) return false;
  const uint32_t *relocs = (const void *)((const char *)bytes + plan->reloc_offset);
  for (uint32_t i = 0; i < plan->relocs; i++)
    if (relocs[i] % 8 != 0 || !within(relocs[i], 8, plan->data_size)) return false;
  return true;
}

struct pf_plan *plan_map(int memfd, uint64_t size) {
  struct stat st;
  int seals = fcntl(memfd, F_GET_SEALS);
  int wanted = F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL;
  errno = EINVAL;
  if (seals < 0 || (seals & wanted) != wanted) return NULL;
  if (size > PF_PLAN_MAX || fstat(memfd, &st) != 0 || (uint64_t)st.st_size != size || size == 0) return NULL;
  void *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE, memfd, 0);
  if (at == MAP_FAILED) return NULL;
  if (plan_valid(at, size)) return at;
  munmap(at, size);
  errno = EINVAL;
  return NULL;
}
