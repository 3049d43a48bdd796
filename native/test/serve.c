/* SPDX-License-Identifier: Apache-2.0
 * What the keeper under test starts: small programs with one habit each. */
#include "check.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/keyctl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t asked;

static void on_term(int sig) { asked = sig; }

static void rest(long micros) {
  struct timespec t = {micros / 1000000, micros % 1000000 * 1000};
  nanosleep(&t, NULL);
}

/* Numbered lines, so that a lost or doubled byte shows. */
size_t numbered(char *line, unsigned long n, size_t spread) {
  size_t size = (size_t)sprintf(line, "%lu", n), wanted = spread == 0 ? size : n * 7919 % spread;
  for (; size < wanted; size++) line[size] = (char)('a' + size % 26);
  line[size++] = '\n';
  return size;
}

static void put(int fd, const char *bytes, size_t size) {
  while (size > 0) {
    ssize_t n = write(fd, bytes, size);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) _exit(errno == EPIPE ? 90 : 91);
    bytes += n;
    size -= (size_t)n;
  }
}

static int lines(unsigned long count, size_t spread) {
  static char buffer[70000];
  size_t at = 0;
  for (unsigned long n = 0; n < count; n++) {
    at += numbered(buffer + at, n, spread);
    if (at < 40000 && n + 1 < count) continue;
    put(1, buffer, at);
    at = 0;
  }
  return 0;
}

/* One line after the other, each a write of its own, until TERM. */
static int produce(long micros) {
  char line[300];
  signal(SIGTERM, on_term);
  unsigned long n = 0;
  for (; !asked; n++) {
    put(1, line, numbered(line, n, 200));
    if (micros > 0) rest(micros);
  }
  put(1, line, numbered(line, n, 0));
  put(2, "end\n", 4);
  return 7;
}

static void linger(void) {
  for (;;) pause();
}

/* A grandchild in a session of its own, twice removed; then this one waits or leaves. */
static int tree(bool stay) {
  for (int i = 0; i < 2; i++) {
    if (fork() == 0) {
      setsid();
      if (fork() == 0) {
        setsid();
        signal(SIGTERM, SIG_IGN);
        if (fork() == 0) linger();
        put(1, "leaf\n", 5);
        linger();
      }
      if (i == 0) _exit(0);
      linger();
    }
  }
  if (stay) linger();
  return 0;
}

static int bomb(void) {
  /* Each forks as long as it can; a limit keeps the machine alive if the test fails. */
  for (int i = 0; i < 6; i++) {
    pid_t pid = fork();
    if (pid == 0 && i % 2 == 0) setsid();
  }
  for (;;) {
    pid_t pid = fork();
    if (pid == 0) {
      rest(3000);
      _exit(0);
    }
    rest(1000);
    while (waitpid(-1, NULL, WNOHANG) > 0) continue;
  }
}

/* Was this birth in the journal before its program ran? */
static int journalled(const char *journal) {
  struct pf_journal j;
  FILE *f = fopen(journal, "r");
  while (f != NULL && fread(&j, sizeof j, 1, f) == 1)
    if (j.kind == PF_J_BORN && j.pid == getpid()) return 0;
  return 1;
}

/* What was inherited, as text. */
static int inside(void) {
  for (int fd = 0; fd < 4096; fd++) {
    if (fcntl(fd, F_GETFD) < 0) continue;
    char link[40], target[80];
    sprintf(link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, target, sizeof target - 1);
    target[n < 0 ? 0 : n] = '\0';
    *strchrnul(target, ':') = '\0';
    dprintf(1, "%d %s %s\n", fd, target, (fcntl(fd, F_GETFL) & O_ACCMODE) == O_RDWR ? "rw" : "ro");
  }
  const char *id = getenv("ID");
  dprintf(1, "id %s\n", id == NULL ? "" : id);
  return 0;
}

/* Says what is typed, how large the window is whenever that changes, and its last words. */
static int at_terminal(void) {
  struct sigaction told = {.sa_handler = on_term};
  struct winsize size;
  char line[300];
  sigaction(SIGWINCH, &told, NULL);
  sigaction(SIGHUP, &told, NULL);
  dprintf(1, "terminal %d%d%d%d\n", isatty(0), isatty(1), isatty(2), open("/dev/tty", O_RDWR) >= 0);
  for (;;) {
    ioctl(0, TIOCGWINSZ, &size);
    dprintf(1, "size %d %d\n", size.ws_row, size.ws_col);
    ssize_t n = read(0, line, sizeof line - 1);
    if (n < 0 && asked == SIGWINCH) continue;
    if (n <= 0) break;
    line[n] = '\0';
    dprintf(1, "got %s", line);
    if (strcmp(line, "bye\n") == 0) return lines(500, 0) + 7;
  }
  dprintf(1, "hung up %d\n", asked);
  return 3;
}

/* Whose keys these are. */
static int keyring(void) {
  char text[200] = "none";
  syscall(SYS_keyctl, KEYCTL_DESCRIBE, KEY_SPEC_SESSION_KEYRING, text, sizeof text);
  put(1, text, strlen(text));
  return 0;
}

static int receive_connection(int fd) {
  int c = accept(fd, NULL, NULL);
  return c >= 0 && write(c, "!", 1) == 1 ? 0 : 1;
}

int serve(int argc, char **argv) {
  const char *what = argv[0];
  long number = argc > 1 ? strtol(argv[1], NULL, 10) : 0;
  if (strcmp(what, "exit") == 0) return (int)number;
  if (strcmp(what, "say") == 0) {
    put(1, argv[1], strlen(argv[1]));
    put(2, argv[1], strlen(argv[1]));
    return 0;
  }
  if (strcmp(what, "linger") == 0) linger();
  if (strcmp(what, "lines") == 0) return lines((unsigned long)number, (size_t)strtol(argv[2], NULL, 10));
  if (strcmp(what, "produce") == 0) return produce(number);
  if (strcmp(what, "tree") == 0) return tree(number != 0);
  if (strcmp(what, "bomb") == 0) return bomb();
  if (strcmp(what, "journalled") == 0) return journalled(argv[1]);
  if (strcmp(what, "inside") == 0) return inside();
  if (strcmp(what, "terminal") == 0) return at_terminal();
  if (strcmp(what, "keyring") == 0) return keyring();
  if (strcmp(what, "accept") == 0) return receive_connection(3);
  if (strcmp(what, "crash") == 0) {
    static char last[60000];
    memset(last, 'x', sizeof last);
    put(1, last, sizeof last);
    kill(getpid(), SIGKILL);
  }
  return 99;
}
