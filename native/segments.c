/* SPDX-License-Identifier: Apache-2.0
 * Log files: a slot has one file per stream, "<log>.stdout" and "<log>.stderr", and their indexes. Bytes go from pipe
 * to file by splice(2) at an offset of our own (O_APPEND is refused by it), so nobody else's memory holds them. */
#include "keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define SLOTS BIRTHS
#define BUCKETS 4096u
#define OPEN_FILES 1024u /* more are closed, least recently used first */
#define RETRY NS_PER_S

struct file {
  uint32_t link;
  int fd, index; /* -1 = closed; `file` of a slot NONE = never opened */
  uint64_t end;       /* where the next byte goes */
  uint64_t noted;     /* bytes before this are in the index */
  uint64_t index_end;
  uint64_t first_ns;  /* of the first record: the name of the segment when it is closed */
  uint64_t used_ns;
  uint64_t retry;     /* != 0: the file cannot be written; next try then */
  uint64_t dropped;   /* not yet told to the index */
  uint64_t dropped_all;
  uint64_t keep_until; /* the switch failed: not tried before then */
  uint32_t last_run;
  uint32_t changes; /* bits of 1 << pf_log_kind, to be told */
  int32_t err;
};

struct slot {
  uint32_t link;
  uint32_t next, refs; /* refs 0 and no changes: free */
  uint32_t file[2];
  uint64_t segment_bytes;
  uint8_t id[16];
  uint8_t length;
  char log[]; /* SLOT_ITEM - sizeof(struct slot) */
};

/* Paths are short as a rule; a table for each of two lengths keeps a thousand services in a hundred KiB. */
#define SHORT_ITEM 104u
#define LONG_ITEM 264u
#define IS_LONG 0x80000000u
_Static_assert(sizeof(struct slot) + PF_LOG_PATH <= LONG_ITEM, "a path of the longest kind has to fit");

static struct pool short_slots = {.item = SHORT_ITEM, .cap = SLOTS};
static struct pool long_slots = {.item = LONG_ITEM, .cap = SLOTS};
static struct pool files = {.item = sizeof(struct file), .cap = 2 * SLOTS};
static uint32_t *buckets;
static uint32_t open_files;
static uint32_t changed; /* files with changes to tell */
static int scratch[2] = {-1, -1};

static struct slot *slot_at(uint32_t index) {
  return (index & IS_LONG) != 0 ? pool_at(&long_slots, index & ~IS_LONG) : pool_at(&short_slots, index);
}

static struct file *file_at(uint32_t index) { return pool_at(&files, index); }

uint32_t slot_take(const char *log, uint64_t segment_bytes) {
  size_t length = strlen(log);
  if (buckets == NULL) buckets = arena_part(BUCKETS * sizeof *buckets);
  uint32_t *bucket = buckets + hash_bytes(log, length) % BUCKETS;
  for (uint32_t i = *bucket; i != 0; i = slot_at(i - 1)->next) {
    struct slot *s = slot_at(i - 1);
    if (strcmp(s->log, log) != 0) continue;
    s->refs++;
    s->segment_bytes = segment_bytes;
    return i - 1;
  }
  bool is_long = sizeof(struct slot) + length + 1 > SHORT_ITEM;
  uint32_t index = pool_take(is_long ? &long_slots : &short_slots);
  if (index == NONE) return NONE;
  if (is_long) index |= IS_LONG;
  struct slot *s = slot_at(index);
  s->next = *bucket;
  s->refs = 1;
  s->file[0] = s->file[1] = NONE;
  s->segment_bytes = segment_bytes;
  s->length = (uint8_t)length;
  memcpy(s->log, log, length + 1);
  *bucket = index + 1;
  return index;
}

void slot_birth(uint32_t slot, const uint8_t id[16]) { memcpy(slot_at(slot)->id, id, 16); }

static void tell(struct file *f, enum pf_log_kind kind, int err) {
  if (f->changes == 0) changed++;
  f->changes |= 1u << kind;
  f->err = err;
}

static void file_close(struct file *f) {
  if (f->fd < 0) return;
  close(f->fd);
  close(f->index);
  f->fd = f->index = -1;
  open_files--;
}

static bool close_oldest(void) {
  struct file *oldest = NULL;
  for (uint32_t i = 0; i < files.high; i++) {
    struct file *f = file_at(i);
    if (f->fd > 0 && (oldest == NULL || f->used_ns < oldest->used_ns)) oldest = f;
  }
  if (oldest == NULL) return false;
  file_close(oldest);
  return true;
}

static void slot_free(uint32_t index) {
  struct slot *s = slot_at(index);
  uint32_t *at = buckets + hash_bytes(s->log, s->length) % BUCKETS;
  while (*at != index + 1) at = &slot_at(*at - 1)->next;
  *at = s->next;
  for (int i = 0; i < 2; i++)
    if (s->file[i] != NONE) pool_give(&files, s->file[i]);
  pool_give((index & IS_LONG) != 0 ? &long_slots : &short_slots, index & ~IS_LONG);
}

static bool nothing_to_tell(const struct slot *s) {
  for (int i = 0; i < 2; i++)
    if (s->file[i] != NONE && file_at(s->file[i])->changes != 0) return false;
  return true;
}

/* ---- the index ---- */

/* Appends records; what could not be written is made up for by RECOVERED, since `noted` stays behind. */
static bool note(struct file *f, const struct pf_index *records, size_t count) {
  struct pf_index all[4];
  size_t n = 0;
  if (f->noted < records[count - 1].offset)
    all[n++] = (struct pf_index){.time_ns = records[0].time_ns, .offset = f->noted,
                                 .length = records[count - 1].offset - f->noted, .run = f->last_run,
                                 .flags = PF_INDEX_RECOVERED};
  memcpy(all + n, records, count * sizeof *records);
  n += count;
  if (pwrite(f->index, all, n * sizeof *all, (off_t)f->index_end) != (ssize_t)(n * sizeof *all)) {
    (void)!ftruncate(f->index, (off_t)f->index_end);
    return false;
  }
  f->index_end += n * sizeof *all;
  f->noted = records[count - 1].offset + records[count - 1].length;
  f->last_run = records[count - 1].run;
  return true;
}

static void note_moved(struct file *f, uint64_t at, uint64_t length, uint32_t run, uint8_t *marked) {
  struct pf_index records[3];
  size_t n = 0;
  uint64_t now = os_realtime();
  bool mark = !*marked && f->last_run != run;
  if (f->dropped != 0)
    records[n++] = (struct pf_index){now, at, f->dropped, run, PF_INDEX_DROPPED};
  if (mark) records[n++] = (struct pf_index){now, at, 0, run, PF_INDEX_BIRTH};
  records[n++] = (struct pf_index){now, at, length, run, 0};
  if (f->first_ns == 0) f->first_ns = now;
  f->used_ns = now;
  if (!note(f, records, n)) return;
  f->dropped = 0;
  *marked = 1;
}

/* What the index of an existing file says; it may be torn, missing, or of a file that was renamed or cut. */
static void index_read(struct file *f) {
  struct stat st;
  struct pf_index first = {0}, last = {0};
  const off_t record = (off_t)sizeof first;
  f->noted = f->first_ns = f->last_run = 0;
  f->index_end = 0;
  if (fstat(f->index, &st) != 0) return;
  off_t whole = st.st_size - st.st_size % record;
  bool read_all = whole > 0 && pread(f->index, &first, sizeof first, 0) == record &&
                  pread(f->index, &last, sizeof last, whole - record) == record;
  uint64_t covered = last.offset + ((last.flags & PF_INDEX_DROPPED) != 0 ? 0 : last.length);
  if (!read_all || covered > f->end || covered < last.offset) whole = 0;
  if (whole != st.st_size && ftruncate(f->index, whole) != 0) return;
  f->index_end = (uint64_t)whole;
  if (whole == 0) return;
  f->first_ns = first.time_ns;
  f->noted = covered;
  f->last_run = last.run;
}

static void index_recover(struct file *f) {
  struct pf_index gap = {os_realtime(), f->noted, f->end - f->noted, f->last_run, PF_INDEX_RECOVERED};
  if (gap.length == 0) return;
  if (f->first_ns == 0) f->first_ns = gap.time_ns;
  note(f, &gap, 1);
}

/* ---- opening ---- */

/* As getdents64(2) gives it. */
struct dirent64_head {
  uint64_t inode;
  int64_t next;
  uint16_t length;
  uint8_t type;
  char name[];
};

struct name {
  int dir;
  char base[PF_LOG_PATH + 32], index[PF_LOG_PATH + 40];
};

static int name_open(struct name *n, const struct slot *s, uint32_t which) {
  char parent[PF_LOG_PATH];
  const char *slash = strrchr(s->log, '/');
  size_t length = slash == NULL ? 0 : (size_t)(slash - s->log);
  memcpy(parent, s->log, length);
  parent[length] = '\0';
  stpcpy(stpcpy(n->base, slash == NULL ? s->log : slash + 1), which == 0 ? ".stdout" : ".stderr");
  stpcpy(stpcpy(n->index, n->base), ".idx");
  n->dir = os_open_beneath(keeper.log_dir, length == 0 ? "." : parent, O_PATH | O_DIRECTORY, 0);
  return n->dir < 0 ? n->dir : 0;
}

/* The time that a file name has behind `base`: that of a closed segment, packed or not, or of its index; else 0. */
static uint64_t segment_time(const char *name, const char *base) {
  size_t length = strlen(base);
  uint64_t time = 0;
  if (strncmp(name, base, length) != 0 || name[length] != '.') return 0;
  for (const char *p = name + length + 1; p < name + length + 17; p++) {
    int digit = *p >= '0' && *p <= '9' ? *p - '0' : *p >= 'a' && *p <= 'f' ? *p - 'a' + 10 : -1;
    if (digit < 0) return 0;
    time = time << 4 | (uint64_t)digit;
  }
  return time;
}

/* The name of the newest closed segment as a time; 0 when there is none. */
static uint64_t newest_segment(const struct name *n) {
  char entries[4096] __attribute__((aligned(8)));
  uint64_t newest = 0;
  int fd = openat(n->dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return 0;
  for (long got; (got = syscall(SYS_getdents64, fd, entries, sizeof entries)) > 0;) {
    for (long at = 0; at < got;) {
      const struct dirent64_head *entry = (const void *)(entries + at);
      uint64_t time = segment_time(entry->name, n->base);
      if (time > newest) newest = time;
      at += entry->length;
    }
  }
  close(fd);
  return newest;
}

/* A keeper died between the renaming of a file and of its index: completes it. */
static void finish_switch(const struct name *n) {
  char segment[PF_LOG_PATH + 64], index[PF_LOG_PATH + 72];
  if (faccessat(n->dir, n->base, F_OK, 0) == 0 || faccessat(n->dir, n->index, F_OK, 0) != 0) return;
  uint64_t time = newest_segment(n);
  if (time == 0) return;
  snprintf(segment, sizeof segment, "%s.%016llx", n->base, (unsigned long long)time);
  snprintf(index, sizeof index, "%s.idx", segment);
  if (faccessat(n->dir, segment, F_OK, 0) == 0) os_rename_new(n->dir, n->index, index);
}

static int file_open(struct file *f, const struct slot *s, uint32_t which) {
  struct name n;
  struct stat st;
  if (open_files >= OPEN_FILES) close_oldest();
  int r = name_open(&n, s, which);
  if (r < 0) return r;
  finish_switch(&n);
  const int flags = O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
  f->fd = openat(n.dir, n.base, flags, 0600);
  r = f->fd < 0 ? -errno : 0;
  if (r == 0) {
    f->index = openat(n.dir, n.index, flags, 0600);
    if (f->index < 0 || fstat(f->fd, &st) != 0) r = -errno;
    else if (!S_ISREG(st.st_mode)) r = -EINVAL;
  }
  close(n.dir);
  if (r < 0) {
    close_fd(&f->fd);
    close_fd(&f->index);
    return r;
  }
  open_files++;
  f->end = (uint64_t)st.st_size;
  index_read(f);
  index_recover(f);
  return 0;
}

/* The file may have been deleted (a new one is begun), cut or written to by others. */
static int file_ready(struct file *f, const struct slot *s, uint32_t which) {
  struct stat st;
  if (f->fd >= 0) {
    if (fstat(f->fd, &st) != 0) return -errno;
    if (st.st_nlink == 0) {
      file_close(f);
    } else if ((uint64_t)st.st_size != f->end) {
      f->end = (uint64_t)st.st_size;
      if (f->end < f->noted) index_read(f); /* begins anew: its records are of bytes that are gone */
      index_recover(f);
    }
  }
  if (f->fd >= 0) return 0;
  int r = file_open(f, s, which);
  if ((r == -EMFILE || r == -ENFILE) && close_oldest()) r = file_open(f, s, which);
  return r;
}

/* ---- segments ---- */

static int file_switch(struct file *f, const struct slot *s, uint32_t which) {
  struct name n;
  char segment[PF_LOG_PATH + 64], index[PF_LOG_PATH + 72];
  int r = name_open(&n, s, which);
  if (r < 0) return r;
  /* Segments are read in the order of their names, whatever the clock did. */
  uint64_t time = f->first_ns, newest = newest_segment(&n);
  if (time <= newest) time = newest + 1;
  do {
    snprintf(segment, sizeof segment, "%s.%016llx", n.base, (unsigned long long)time++);
    r = os_rename_new(n.dir, n.base, segment);
  } while (r == -EEXIST);
  if (r == 0) {
    snprintf(index, sizeof index, "%s.idx", segment);
    os_rename_new(n.dir, n.index, index);
    file_close(f);
    f->end = f->noted = 0;
    tell(f, PF_LOG_ROTATED, 0);
  }
  close(n.dir);
  return r;
}

/* How many bytes of the pipe belong to the present segment: up to its first line end, or all that is there. The bytes
 * stay where they are (tee(2)), so a death in between loses and doubles nothing. */
static size_t line_in_pipe(int pipe) {
  char text[4096];
  size_t passed = 0;
  if (scratch[0] < 0 && pipe2(scratch, O_CLOEXEC | O_NONBLOCK) != 0) scratch[0] = -1;
  bool found = false;
  if (scratch[0] < 0 || tee(pipe, scratch[1], 65536, SPLICE_F_NONBLOCK) <= 0) return SIZE_MAX;
  for (ssize_t n; (n = read(scratch[0], text, sizeof text)) > 0;) {
    const char *end = found ? NULL : memchr(text, '\n', (size_t)n);
    if (end != NULL) {
      found = true;
      passed += (size_t)(end - text) + 1;
    } else if (!found) {
      passed += (size_t)n;
    }
  }
  return passed;
}

static bool ends_with_line(const struct file *f) {
  char last;
  return pread(f->fd, &last, 1, (off_t)f->end - 1) == 1 && last == '\n';
}

ssize_t pipe_drop(int pipe, size_t max) {
  ssize_t n = splice(pipe, NULL, keeper.null, NULL, max, SPLICE_F_NONBLOCK);
  return n < 0 ? -errno : n;
}

static ssize_t drop(struct file *f, int pipe, size_t max, int err) {
  ssize_t n = pipe_drop(pipe, max);
  if (n <= 0) return n;
  if (err != 0) {
    if (f->retry == 0) tell(f, err == ENOSPC || err == EDQUOT || err == EFBIG ? PF_LOG_FULL : PF_LOG_FAILED, err);
    f->retry = os_monotonic() + RETRY;
  }
  f->dropped += (uint64_t)n;
  f->dropped_all += (uint64_t)n;
  keeper.stats.log_dropped += (uint64_t)n;
  return n;
}

static bool transient(int err) { return err == EAGAIN || err == EINTR; }

/* 1: there are bytes; 0: no writer is left; -EAGAIN: not now. Asked before a file is made, which appears at its first
 * byte. */
static ssize_t pipe_has(int pipe) {
  struct pollfd on = {.fd = pipe, .events = POLLIN};
  if (poll(&on, 1, 0) <= 0) return -EAGAIN;
  return (on.revents & POLLIN) != 0 ? 1 : 0;
}

/* One step: within one segment. */
static ssize_t move_some(struct file *f, struct slot *s, uint32_t which, int pipe, uint32_t run, uint8_t *marked,
                         size_t max) {
  if (f->retry != 0 && os_monotonic() < f->retry) return drop(f, pipe, max, 0);
  ssize_t has = f->fd < 0 ? pipe_has(pipe) : 1;
  if (has <= 0) return has;
  int r = file_ready(f, s, which);
  if (r < 0) return drop(f, pipe, max, -r);
  uint64_t limit = s->segment_bytes;
  if (limit != 0 && f->end >= limit && (f->keep_until == 0 || os_monotonic() >= f->keep_until)) {
    if (ends_with_line(f) || f->end >= limit + limit / 4) {
      has = pipe_has(pipe);
      if (has <= 0) return has;
      r = file_switch(f, s, which);
      f->keep_until = r < 0 ? os_monotonic() + RETRY : 0;
      if (r == 0) r = file_ready(f, s, which);
      if (r < 0 && f->fd < 0) return drop(f, pipe, max, -r);
    } else {
      size_t here = line_in_pipe(pipe);
      if (here < max) max = here;
      if (max > limit + limit / 4 - f->end) max = limit + limit / 4 - f->end;
    }
  }
  if (limit != 0 && f->end < limit && max > limit - f->end) max = limit - f->end;
  off_t at = (off_t)f->end;
  ssize_t n = splice(pipe, NULL, f->fd, &at, max, SPLICE_F_NONBLOCK | SPLICE_F_MOVE);
  if (n < 0) return transient(errno) ? -EAGAIN : drop(f, pipe, max, errno);
  if (n == 0) return 0;
  uint64_t from = f->end;
  f->end += (uint64_t)n;
  if (f->retry != 0) {
    f->retry = 0;
    tell(f, PF_LOG_RESUMED, 0);
  }
  note_moved(f, from, (uint64_t)n, run, marked);
  return n;
}

ssize_t slot_move(uint32_t slot, uint32_t which, int pipe, uint32_t run, uint8_t *marked, size_t max) {
  struct slot *s = slot_at(slot);
  if (s->file[which] == NONE) {
    uint32_t index = pool_take(&files);
    if (index == NONE) return pipe_drop(pipe, max);
    *file_at(index) = (struct file){.fd = -1, .index = -1};
    s->file[which] = index;
  }
  struct file *f = file_at(s->file[which]);
  size_t moved = 0;
  for (;;) {
    uint64_t end = f->end;
    ssize_t n = move_some(f, s, which, pipe, run, marked, max - moved);
    if (n <= 0) return moved > 0 ? (ssize_t)moved : n;
    moved += (size_t)n;
    /* Cut short only by the end of a segment or by a file that could take no more: then there is more to do. */
    bool cut = (s->segment_bytes != 0 && end + (size_t)n >= s->segment_bytes) || f->retry != 0;
    if (!cut || moved >= max) return (ssize_t)moved;
  }
}

void slot_give(uint32_t slot) {
  struct slot *s = slot_at(slot);
  if (--s->refs > 0) return;
  for (int i = 0; i < 2; i++) {
    if (s->file[i] == NONE) continue;
    struct file *f = file_at(s->file[i]);
    if (f->dropped != 0 && f->fd >= 0) {
      struct pf_index lost = {os_realtime(), f->end, f->dropped, f->last_run, PF_INDEX_DROPPED};
      if (pwrite(f->index, &lost, sizeof lost, (off_t)f->index_end) == (ssize_t)sizeof lost) f->dropped = 0;
    }
    file_close(f);
  }
  if (nothing_to_tell(s)) slot_free(slot);
}

int slot_rotate(const struct pf_rotate *rotate) {
  if (rotate->stream > 1 || !parse_path(rotate->log, sizeof rotate->log)) return EINVAL;
  for (uint32_t i = buckets == NULL ? 0 : buckets[hash_bytes(rotate->log, strlen(rotate->log)) % BUCKETS]; i != 0;
       i = slot_at(i - 1)->next) {
    struct slot *s = slot_at(i - 1);
    if (strcmp(s->log, rotate->log) != 0 || s->file[rotate->stream] == NONE) continue;
    struct file *f = file_at(s->file[rotate->stream]);
    int r = file_ready(f, s, rotate->stream);
    if (r == 0 && f->end > 0) r = file_switch(f, s, rotate->stream);
    return -r;
  }
  return ENOENT;
}

/* ---- what the supervisor hears of it ---- */

static uint32_t cursor; /* the slot whose change was taken last */
static struct file *told;
static uint32_t told_kind;

static bool take_from(uint32_t index, struct pf_log *out) {
  struct slot *s = slot_at(index);
  for (uint32_t i = 0; i < 2; i++) {
    if (s->file[i] == NONE || file_at(s->file[i])->changes == 0) continue;
    told = file_at(s->file[i]);
    told_kind = (uint32_t)__builtin_ctz(told->changes);
    cursor = index;
    *out = (struct pf_log){.stream = i, .kind = told_kind, .err = told->err, .bytes = told->dropped_all};
    memcpy(out->id, s->id, 16);
    return true;
  }
  return false;
}

bool slot_log_event(struct pf_log *out) {
  if (changed == 0) return false;
  for (uint32_t i = 0; i < short_slots.high; i++)
    if (slot_at(i)->log[0] != '\0' && take_from(i, out)) return true;
  for (uint32_t i = 0; i < long_slots.high; i++)
    if (slot_at(i | IS_LONG)->log[0] != '\0' && take_from(i | IS_LONG, out)) return true;
  return false;
}

void slot_log_sent(void) {
  told->changes &= ~(1u << told_kind);
  if (told_kind == PF_LOG_RESUMED) told->dropped_all = 0;
  if (told->changes == 0) changed--;
  if (slot_at(cursor)->refs == 0 && nothing_to_tell(slot_at(cursor))) slot_free(cursor);
}

/* A new supervisor does not know which files are full. */
void slots_full_again(void) {
  for (uint32_t i = 0; i < files.high; i++)
    if (file_at(i)->retry != 0) tell(file_at(i), PF_LOG_FULL, file_at(i)->err);
}
