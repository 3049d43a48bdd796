/* SPDX-License-Identifier: Apache-2.0 */
#include "keeper.h"
#include "plan.h"

#include <errno.h>
#include <sys/mman.h>

struct kept {
  uint32_t link;
  uint64_t number;
  struct pf_plan *plan; /* NULL = free */
};
static struct pool plans = {.item = sizeof(struct kept), .cap = PLANS};

static struct kept *find(uint64_t number) {
  for (uint32_t i = 0; i < plans.high; i++) {
    struct kept *k = pool_at(&plans, i);
    if (k->plan != NULL && k->number == number) return k;
  }
  return NULL;
}

int plans_put(const struct pf_plan_ref *ref, int memfd) {
  struct pf_plan *plan = plan_map(memfd, ref->size);
  if (plan == NULL) return errno;
  struct kept *k = find(ref->plan);
  if (k == NULL) {
    uint32_t index = pool_take(&plans);
    if (index == NONE) {
      munmap(plan, ref->size);
      return ENOSPC;
    }
    k = pool_at(&plans, index);
    keeper.stats.plans++;
  } else {
    munmap(k->plan, k->plan->size);
  }
  k->number = ref->plan;
  k->plan = plan;
  return 0;
}

void plans_drop(uint64_t number) {
  struct kept *k = find(number);
  if (k == NULL) return;
  munmap(k->plan, k->plan->size);
  k->plan = NULL;
  pool_give(&plans, (uint32_t)((size_t)((char *)k - plans.base) / sizeof *k));
  keeper.stats.plans--;
}

struct pf_plan *plans_find(uint64_t number) {
  struct kept *k = find(number);
  return k == NULL ? NULL : k->plan;
}
