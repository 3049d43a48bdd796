/* SPDX-License-Identifier: Apache-2.0
 * A plan's calls, made one after the other. System call numbers come from the plan, so this file is the same on every
 * architecture. */
#include "plan.h"

#include <errno.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static void write_id(char *text, const uint8_t id[16]) {
  static const char hex[] = "0123456789abcdef";
  for (int i = 0; i < 16; i++) {
    if (i == 4 || i == 6 || i == 8 || i == 10) *text++ = '-';
    *text++ = hex[id[i] >> 4];
    *text++ = hex[id[i] & 15];
  }
}

static void write_pid(char *text, long pid) {
  char digits[10];
  int n = 0;
  for (; pid != 0 && n < 10; pid /= 10) digits[n++] = (char)('0' + pid % 10);
  while (n > 0) *text++ = digits[--n];
  *text = '\0';
}

static int64_t perform(const struct pf_call *call, char *data, const int *slots, const int64_t *results) {
  long arg[6];
  for (int i = 0; i < 6; i++) {
    switch (call->reloc[i]) {
      case PF_DATA: arg[i] = (long)(data + call->arg[i]); break;
      case PF_SLOT: arg[i] = slots[call->arg[i]]; break;
      case PF_RESULT: arg[i] = (long)results[call->arg[i]]; break;
      default: arg[i] = (long)call->arg[i]; break;
    }
  }
  long r = syscall((long)call->nr, arg[0], arg[1], arg[2], arg[3], arg[4], arg[5]);
  return r == -1 ? -(int64_t)errno : r;
}

static bool met(const struct pf_call *call, int64_t r) {
  switch (call->mode) {
    case PF_MUST: return r >= 0;
    case PF_EQUAL: return r == call->expected;
    default: return true;
  }
}

_Noreturn void walk(struct pf_plan *plan, const int slots[PF_SLOTS], const uint8_t id[16]) {
  const struct pf_call *calls = (const void *)(plan + 1);
  char *data = (char *)plan + plan->data_offset;
  const uint32_t *relocs = (const void *)((const char *)plan + plan->reloc_offset);
  for (uint32_t i = 0; i < plan->relocs; i++) {
    uint64_t word;
    memcpy(&word, data + relocs[i], sizeof word);
    word += (uint64_t)(uintptr_t)data;
    memcpy(data + relocs[i], &word, sizeof word);
  }
  if (plan->id_offset != 0) write_id(data + plan->id_offset, id);
  if (plan->pid_offset != 0) write_pid(data + plan->pid_offset, syscall(SYS_getpid));

  int64_t results[PF_RESULTS] = {0};
  struct pf_report report = {.step = plan->calls};
  for (uint32_t i = 0; i < plan->calls; i++) {
    const struct pf_call *call = calls + i;
    int64_t r = perform(call, data, slots, results);
    if (call->store != 0) results[call->store - 1] = r;
    if (!met(call, r)) {
      report = (struct pf_report){.step = i, .err = r < 0 ? (int32_t)-r : 0};
      break;
    }
    if ((call->mode == PF_SKIP_ZERO && r == 0) || (call->mode == PF_SKIP_ERROR && r < 0)) i += call->skip;
  }
  /* A plan that comes to its end did not exec: that, too, is a failure, at the step after the last. */
  (void)!write(slots[PF_SLOT_REPORT], &report, sizeof report);
  _exit(127);
}
