/* The service of the benchmarks: it stamps its own clock, so that no poll's grain is in the figures.
 *
 *   stamp FILE                 appends "<ns> <pid>" to FILE and waits for ever
 *   stamp FILE crash MS        the same, lives MS milliseconds, appends "<ns> <pid> 0" to FILE.end and ends with 1
 *   stamp FILE lines MS        waits two seconds, appends a second stamp, writes numbered lines of 100 bytes for MS
 *                              milliseconds, appends "<ns> <pid> <lines>" to FILE.end and waits for ever
 *   stamp FILE blocks MS       the same with blocks of 64 KiB of such lines by one write each; counts blocks
 *   stamp FILE writes US       writes a numbered line every US microseconds for ever; FILE.<pid> is a 64-bit number,
 *                              how many of them were written whole, true at any moment
 *
 * Stamps are of one width, so that their number is the file's size over 31 (44 for FILE.end).
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

enum { LINE = 100, BLOCK = 65536 };

static long long now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static void append(const char *file, const char *text, int length) {
  int fd = open(file, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
  if (fd < 0 || write(fd, text, (size_t)length) != length) _exit(99);
  close(fd);
}

static void begun(const char *file) {
  char line[64];
  append(file, line, snprintf(line, sizeof line, "%019lld %010d\n", now(), getpid()));
}

static void ended(const char *file, long count) {
  char name[4096], line[64];
  snprintf(name, sizeof name, "%s.end", file);
  append(name, line, snprintf(line, sizeof line, "%019lld %010d %012ld\n", now(), getpid(), count));
}

static void whole(const char *text, size_t length) {
  for (size_t done = 0; done < length;) {
    ssize_t count = write(1, text + done, length - done);
    if (count < 0) _exit(98);
    done += (size_t)count;
  }
}

static void fill(char *line, long number) {
  memset(line, '.', LINE);
  line[snprintf(line, LINE, "%ld %d ", number, getpid())] = '.';
  line[LINE - 1] = '\n';
}

static long lines(long long until) {
  char line[LINE];
  long number = 0;
  while (number % 256 != 0 || now() < until) {
    fill(line, ++number);
    whole(line, LINE);
  }
  return number;
}

static long blocks(long long until) {
  static char block[BLOCK];
  long number = 0;
  for (int at = 0; at + LINE <= BLOCK; at += LINE) fill(block + at, 1 + at / LINE);
  memset(block + BLOCK - BLOCK % LINE, '.', BLOCK % LINE);
  block[BLOCK - 1] = '\n';
  for (; number % 16 != 0 || now() < until; number++) whole(block, BLOCK);
  return number;
}

static void writes(const char *file, useconds_t pause) {
  char name[4096], line[LINE];
  snprintf(name, sizeof name, "%s.%d", file, getpid());
  int fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (fd < 0 || ftruncate(fd, sizeof(long)) != 0) _exit(97);
  volatile long *written = mmap(NULL, sizeof(long), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (written == MAP_FAILED) _exit(96);
  for (long number = 1;; number++) {
    fill(line, number);
    whole(line, LINE);
    *written = number;
    usleep(pause);
  }
}

int main(int argc, char **argv) {
  if (argc < 2) return 64;
  const char *what = argc > 2 ? argv[2] : "wait";
  long number = argc > 3 ? atol(argv[3]) : 0;
  begun(argv[1]);
  if (strcmp(what, "crash") == 0) {
    usleep((useconds_t)number * 1000);
    ended(argv[1], 0);
    return 1;
  }
  if (strcmp(what, "lines") == 0 || strcmp(what, "blocks") == 0) {
    usleep(2000000); // whatever started this has come to rest
    begun(argv[1]);
  }
  long long until = now() + number * 1000000LL;
  if (strcmp(what, "lines") == 0) ended(argv[1], lines(until));
  if (strcmp(what, "blocks") == 0) ended(argv[1], blocks(until));
  if (strcmp(what, "writes") == 0) writes(argv[1], (useconds_t)number);
  for (;;) pause();
}
