/* What the benchmarks are held against: the same work by the plainest loop.
 *
 *   bare start COUNT COMMAND…     forks and executes COMMAND so many times, then waits for ever
 *   bare restart COMMAND…         runs COMMAND again whenever it ends
 *   bare log FILE COMMAND…        runs COMMAND and copies its output to FILE by read and write
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t start(char **command, int out) {
  pid_t pid = fork();
  if (pid == 0) {
    if (out >= 0) dup2(out, 1);
    execv(command[0], command);
    _exit(127);
  }
  return pid;
}

int main(int argc, char **argv) {
  if (argc > 3 && strcmp(argv[1], "start") == 0) {
    for (long i = atol(argv[2]); i > 0; i--) start(argv + 3, -1);
    for (;;) pause();
  }
  if (argc > 2 && strcmp(argv[1], "restart") == 0) {
    for (;;) waitpid(start(argv + 2, -1), NULL, 0);
  }
  if (argc > 3 && strcmp(argv[1], "log") == 0) {
    static char buffer[65536];
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return 1;
    int file = open(argv[2], O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    start(argv + 3, ends[1]);
    for (;;) {
      ssize_t count = read(ends[0], buffer, sizeof buffer);
      if (count <= 0 || write(file, buffer, (size_t)count) != count) return 1;
    }
  }
  return 64;
}
