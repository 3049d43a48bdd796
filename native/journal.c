/* SPDX-License-Identifier: Apache-2.0
 * What a next keeper has to know, should this one die: who was born, and what ended. */
#include "keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define REWRITE (1u << 20)
#define RESERVE (256u << 10) /* so that a full disk does not prevent a birth */

static int fd = -1;
static uint64_t end, rewrite_at = REWRITE;
static char name[48], fresh[56];
static struct pf_journal self;

static void seal(struct pf_journal *j) {
  const unsigned char *b = (const void *)j;
  uint64_t h = 0xcbf29ce484222325ull;
  for (size_t i = 0; i < offsetof(struct pf_journal, checksum); i++) h = (h ^ b[i]) * 0x100000001b3ull;
  j->checksum = h;
}

/* A torn record would end the journal for its readers: the next one is written over it. */
static int append(struct pf_journal *j) {
  seal(j);
  ssize_t n = pwrite(fd, j, sizeof *j, (off_t)end);
  if (n != (ssize_t)sizeof *j) return n < 0 ? -errno : -ENOSPC;
  end += sizeof *j;
  return 0;
}

static int create(const char *path) {
  int made = openat(keeper.run_dir, path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (made < 0) return -errno;
  (void)fallocate(made, FALLOC_FL_KEEP_SIZE, 0, RESERVE);
  return made;
}

static int publish_self(void) {
  int made = create("keeper.new");
  if (made < 0) return made;
  int r = write(made, &self, sizeof self) == (ssize_t)sizeof self ? 0 : -EIO;
  close(made);
  if (r == 0 && renameat(keeper.run_dir, "keeper.new", keeper.run_dir, "keeper") != 0) r = -errno;
  return r;
}

int journal_open(void) {
  struct identity who;
  int r = os_identity(getpid(), &who);
  if (r < 0) return r;
  self = (struct pf_journal){
      .kind = PF_J_KEEPER, .pid = getpid(), .start_ticks = who.start_ticks, .time_ns = keeper.started_ns};
  seal(&self);
  strcpy(os_number(name, "keeper.", (uint64_t)getpid()), ".journal");
  strcpy(stpcpy(fresh, name), ".new");
  fd = create(name);
  if (fd < 0) return fd;
  r = append(&self);
  return r < 0 ? r : publish_self();
}

static struct pf_journal record_of(uint32_t kind, const struct birth *b) {
  struct pf_journal j = {.kind = kind,
                         .pid = b->c.pid,
                         .start_ticks = b->c.start_ticks,
                         .time_ns = os_realtime(),
                         .warden_pid = b->c.warden_pid,
                         .wait_status = b->c.wait_status,
                         .warden_start_ticks = b->c.warden_start_ticks,
                         .out_pipe_ino = b->c.out_pipe_ino,
                         .err_pipe_ino = b->c.err_pipe_ino,
                         .run = b->c.run,
                         .flags = b->c.flags | ((b->c.state & PF_LOST) != 0 ? PF_J_LOST : 0)};
  memcpy(j.id, b->c.id, 16);
  return j;
}

/* Only what is still in the table is worth keeping. */
static void rewrite(void) {
  int old = fd;
  uint64_t old_end = end;
  int made = create(fresh);
  if (made < 0) return;
  fd = made;
  end = 0;
  int r = append(&self);
  for (uint32_t i = 0; i < births.high && r == 0; i++) {
    const struct birth *b = birth_at(i);
    static const uint32_t kinds[3][2] = {{PF_BORN, PF_J_BORN}, {PF_EXIT, PF_J_EXIT}, {PF_EMPTY, PF_J_EMPTY}};
    for (int k = 0; k < 3 && r == 0 && (b->c.state & PF_BORN) != 0; k++) {
      if ((b->c.state & kinds[k][0]) == 0) continue;
      struct pf_journal j = record_of(kinds[k][1], b);
      r = append(&j);
    }
  }
  if (r == 0 && renameat(keeper.run_dir, fresh, keeper.run_dir, name) == 0) {
    close(old);
    rewrite_at = end + REWRITE;
    return;
  }
  close(made);
  unlinkat(keeper.run_dir, fresh, 0);
  fd = old;
  end = old_end;
  rewrite_at = end + REWRITE;
}

int journal_birth(uint32_t kind, const struct birth *b) {
  if (end >= rewrite_at) rewrite();
  struct pf_journal j = record_of(kind, b);
  return append(&j);
}

void journal_close(void) {
  unlinkat(keeper.run_dir, "keeper", 0);
  close_fd(&fd);
}
