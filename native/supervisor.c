/* SPDX-License-Identifier: Apache-2.0
 * The supervisor's life: started, started again, left alone, or the last one. */
#include "keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define BACKOFF_FIRST (100 * NS_PER_MS)
#define BACKOFF_LAST (5 * NS_PER_S)
#define CALM (10 * NS_PER_S)
#define ARGUMENTS 256

static struct pf_role *command; /* of the next one */
static struct pf_role *before;  /* what gave way to it, until it has shown that it lives */
static pid_t pid;
static uint64_t started_at, start_due = FOREVER, backoff = BACKOFF_FIRST, generation;
static uint32_t role, tap[2] = {NONE, NONE};
static int shutdown_sig, end_code;
static bool ended, renewed, greeted, on_trial;
static int writing[2] = {-1, -1}; /* kept open, so that its pipes never look abandoned */

static bool set_command(const struct pf_role *r) {
  size_t at = 0;
  if (r->argc > ARGUMENTS || r->command[0] != '/') return false;
  for (uint32_t i = 0; i < r->argc; i++) {
    size_t length = strnlen(r->command + at, PF_COMMAND - at);
    if (length == PF_COMMAND - at) return false;
    at += length + 1;
  }
  *before = *command;
  *command = *r;
  return true;
}

int supervisor_prepare(char **words) {
  static struct pf_role first;
  size_t at = 0;
  command = arena_part(sizeof *command);
  before = arena_part(sizeof *before);
  for (; *words != NULL; words++) {
    size_t size = strlen(*words) + 1;
    if (first.argc == ARGUMENTS || size > PF_COMMAND - at) return -E2BIG;
    memcpy(first.command + at, *words, size);
    at += size;
    first.argc++;
  }
  if (!set_command(&first)) return -EINVAL;
  if (mkdirat(keeper.log_dir, "_supervisor", 0700) != 0 && errno != EEXIST) return -errno;
  return 0;
}

static _Noreturn void become(int socket, const int pipes[2]) {
  char *words[ARGUMENTS + 1], path[40];
  char *at = command->command;
  sigset_t none;
  setsid();
  int in = open("/dev/null", O_RDONLY | O_CLOEXEC), streams[2];
  for (int i = 0; i < 2; i++) {
    os_number(path, "/proc/self/fd/", (uint64_t)pipes[i]);
    streams[i] = open(path, O_RDWR | O_CLOEXEC); /* it, too, outlives its readers */
  }
  /* Out of the way of the places first. */
  socket = fcntl(socket, F_DUPFD_CLOEXEC, 16);
  if (in < 0 || streams[0] < 0 || streams[1] < 0 || socket < 0) _exit(71);
  streams[0] = fcntl(streams[0], F_DUPFD_CLOEXEC, 16);
  streams[1] = fcntl(streams[1], F_DUPFD_CLOEXEC, 16);
  dup2(in, 0);
  dup2(streams[0], 1);
  dup2(streams[1], 2);
  dup2(socket, PF_SUPERVISOR_FD);
  os_close_range(PF_SUPERVISOR_FD + 1, ~0u);
  for (int sig = 1; sig <= 64; sig++) signal(sig, SIG_DFL);
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  for (uint32_t i = 0; i < command->argc; i++) {
    words[i] = at;
    at += strlen(at) + 1;
  }
  words[command->argc] = NULL;
  execv(words[0], words);
  const char *why = strerror(errno);
  static const char said[] = "pinfold-keeper: cannot execute ";
  struct {
    const char *text;
    size_t size;
  } parts[] = {{said, sizeof said - 1}, {words[0], strlen(words[0])}, {": ", 2}, {why, strlen(why)}, {"\n", 1}};
  for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) (void)!write(2, parts[i].text, parts[i].size);
  _exit(127);
}

static void end(int code) {
  ended = true;
  shutdown_sig = 0;
  end_code = code;
}

/* To start it again serves nobody: the keeper is to end, and there is nothing that only a supervisor can end. */
static bool in_vain(void) { return shutdown_sig != 0 && !greeted && births_all_empty(); }

static void later(void) {
  start_due = os_monotonic() + backoff;
  backoff = backoff * 2 < BACKOFF_LAST ? backoff * 2 : BACKOFF_LAST;
}

/* A supervisor ended by itself. One that was named by the one before it and could not live gives way to that again;
 * where neither can, they take turns. */
static void fell(bool calm) {
  struct pf_role *next = before;
  if (on_trial && calm) on_trial = false;
  if (on_trial) {
    before = command;
    command = next;
  }
  later();
}

static void close_streams(void) {
  for (int i = 0; i < 2; i++) {
    tap_close(&tap[i]);
    close_fd(&writing[i]);
  }
}

void supervisor_start(void) {
  static const uint8_t no_id[16];
  int sockets[2] = {-1, -1}, pipes[2] = {-1, -1}, ends[2];
  bool ready = socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets) == 0;
  start_due = FOREVER;
  for (uint32_t i = 0; i < 2 && ready; i++) {
    ready = pipe2(ends, O_CLOEXEC | O_NONBLOCK) == 0;
    if (!ready) break;
    writing[i] = ends[1];
    pipes[i] = ends[0];
    tap[i] = tap_open(ends[0], "_supervisor/supervisor", i, 16u << 20, (uint32_t)generation + 1, no_id);
    ready = tap[i] != NONE;
  }
  if (ready) {
    pid = fork();
    if (pid == 0) become(sockets[1], pipes);
    ready = pid > 0;
  }
  close_fd(&sockets[1]);
  if (!ready) {
    pid = 0;
    close_fd(&sockets[0]);
    close_streams();
    later();
    return;
  }
  for (int i = 0; i < 2; i++) tap_listen(tap[i]);
  held_arm(false);
  generation++;
  started_at = os_monotonic();
  role = PF_RESTART;
  ended = renewed = greeted = false;
  wire_attach(sockets[0]);
}

void supervisor_wake(void) {
  if (pid == 0 && (start_due == FOREVER || ended)) supervisor_start();
}

bool supervisor_reaped(pid_t which, int status) {
  if (pid == 0 || which != pid) return false;
  pid = 0;
  wire_last_words(); /* PF_ROLE may be among them */
  for (int i = 0; i < 2; i++) tap_drain_all(tap[i]);
  close_streams();
  int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  uint64_t now = os_monotonic();
  bool calm = now - started_at >= CALM;
  if (calm) backoff = BACKOFF_FIRST;
  switch (role) {
    case PF_STANDBY: held_arm(true); break;
    case PF_END: end(code); break;
    default:
      if (in_vain()) {
        end(code);
      } else if (renewed) {
        backoff = BACKOFF_FIRST;
        start_due = now;
      } else {
        fell(calm && greeted);
      }
  }
  return true;
}

void supervisor_shutdown(int sig) {
  shutdown_sig = sig;
  struct pf_signal s = {.sig = sig};
  if (wire_greeted()) answer(PF_SHUTDOWN, 0, &s, sizeof s, -1); /* else PF_WELCOME says it */
  supervisor_wake();
}

int supervisor_role(const struct pf_role *r) {
  if (r->role > PF_END) return EINVAL;
  if (r->argc != 0) {
    if (!set_command(r)) return EINVAL;
    renewed = on_trial = true;
  }
  role = r->role;
  return 0;
}

void supervisor_greeted(void) { greeted = true; }

pid_t supervisor_pid(void) { return pid; }

bool supervisor_shutdown_asked(void) { return shutdown_sig != 0; }

uint64_t supervisor_generation(void) { return generation; }

bool supervisor_done(int *code) {
  *code = end_code;
  return ended && pid == 0 && births_all_empty();
}

uint64_t supervisor_next(void) { return start_due; }

void supervisor_timers(uint64_t now) {
  if (now >= start_due) supervisor_start();
}
