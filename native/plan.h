/* SPDX-License-Identifier: Apache-2.0
 * Plans kept for the supervisor: checked once, mapped private, walked by forked children. */
#ifndef PINFOLD_PLAN_H
#define PINFOLD_PLAN_H

#include "protocol.h"

#include <stdbool.h>
#include <stddef.h>

/* True if every offset, count and kind in the `size` bytes (16-byte aligned) is in range. Reads nothing outside. */
bool plan_valid(const void *bytes, size_t size);
/* Maps a sealed memfd; NULL with errno. The descriptor stays the caller's. */
struct pf_plan *plan_map(int memfd, uint64_t size);

/* Runs in the child, alone in its memory: performs the calls of a checked plan. A failing one is reported to
 * PF_SLOT_REPORT and ends the process. Allocates nothing, takes no lock. */
_Noreturn void walk(struct pf_plan *plan, const int slots[PF_SLOTS], const uint8_t id[16]);
#endif
