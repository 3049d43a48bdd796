/* SPDX-License-Identifier: Apache-2.0 */
#include "keeper.h"

#include <string.h>
#include <sys/mman.h>

#define ARENA (48u << 20)

static char *arena;
static size_t arena_used;

bool arena_enter(void) {
  void *at = mmap(NULL, ARENA, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (at == MAP_FAILED) return false;
  /* A huge page would make 2 MiB of the first byte. */
  (void)madvise(at, ARENA, MADV_NOHUGEPAGE);
  arena = at;
  return true;
}

void arena_leave(void) { munmap(arena, ARENA); }

void *arena_part(size_t size) {
  size = (size + 4095) & ~(size_t)4095;
  if (size > ARENA - arena_used) __builtin_trap(); /* a constant of this program is wrong */
  void *part = arena + arena_used;
  arena_used += size;
  return part;
}

uint32_t pool_take(struct pool *pool) {
  if (pool->base == NULL) {
    pool->base = arena_part((size_t)pool->item * pool->cap);
    pool->free = NONE;
  }
  uint32_t index = pool->free;
  if (index != NONE) {
    memcpy(&pool->free, pool_at(pool, index), sizeof pool->free);
    memset(pool_at(pool, index), 0, pool->item);
  } else if (pool->high < pool->cap) {
    index = pool->high++;
  } else {
    return NONE;
  }
  pool->used++;
  return index;
}

void pool_give(struct pool *pool, uint32_t index) {
  memset(pool_at(pool, index), 0, pool->item);
  memcpy(pool_at(pool, index), &pool->free, sizeof pool->free);
  pool->free = index;
  pool->used--;
}

uint32_t hash_bytes(const void *bytes, size_t size) {
  const unsigned char *b = bytes;
  uint64_t h = 0xcbf29ce484222325ull;
  for (size_t i = 0; i < size; i++) h = (h ^ b[i]) * 0x100000001b3ull;
  return (uint32_t)(h ^ (h >> 32));
}
