/* The service of the benchmarks: it stamps its own clock, so that no poll's grain is in the figures.
 *
 *   stamp FILE                 appends "S <ns> <pid>" and waits for ever
 *   stamp FILE crash MS        the same, lives MS milliseconds, appends "E <ns> <pid>" and ends with 1
 *   stamp FILE lines COUNT     writes COUNT numbered lines of 100 bytes, appends "E …" and waits for ever
 *   stamp FILE writes US       writes a numbered line every US microseconds for ever
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static void stamp(const char *file, char kind) {
  struct timespec now;
  char line[64];
  int fd = open(file, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
  clock_gettime(CLOCK_MONOTONIC, &now);
  int length = snprintf(line, sizeof line, "%c %lld%09ld %d\n", kind, (long long)now.tv_sec, now.tv_nsec, getpid());
  if (fd < 0 || write(fd, line, (size_t)length) != length) _exit(99);
  close(fd);
}

static void numbered(long number) {
  char line[101];
  memset(line, '.', 99);
  line[99] = '\n';
  int digits = snprintf(line, sizeof line, "%ld", number);
  line[digits] = ' ';
  line[99] = '\n';
  for (size_t done = 0; done < 100;) {
    ssize_t count = write(1, line + done, 100 - done);
    if (count < 0) _exit(98);
    done += (size_t)count;
  }
}

int main(int argc, char **argv) {
  const char *what = argc > 2 ? argv[2] : "wait";
  long number = argc > 3 ? atol(argv[3]) : 0;
  stamp(argv[1], 'S');
  if (strcmp(what, "crash") == 0) {
    usleep((useconds_t)number * 1000);
    stamp(argv[1], 'E');
    return 1;
  }
  if (strcmp(what, "lines") == 0) {
    for (long i = 1; i <= number; i++) numbered(i);
    stamp(argv[1], 'E');
  }
  if (strcmp(what, "writes") == 0) {
    for (long i = 1;; i++) {
      numbered(i);
      usleep((useconds_t)number);
    }
  }
  for (;;) pause();
}
