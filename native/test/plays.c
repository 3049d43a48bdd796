/* SPDX-License-Identifier: Apache-2.0
 * The tests. Each runs as the supervisor of its own keeper; a name with '/' is a later act of the one before. */
#include "check.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define ENDED (PF_EXIT | PF_EMPTY)
#define UNTIL(met, context) play_until(met, context, __FILE__, __LINE__, #met)

static char *log_of(const char *name, size_t *size) {
  char *text = play_load(play_path("logs/%s", name), size);
  expect(text != NULL);
  return text;
}

static size_t size_of(const char *name) {
  struct stat st;
  return stat(play_path("logs/%s", name), &st) == 0 ? (size_t)st.st_size : 0;
}

/* The index covers `size` bytes without hole or overlap; returns the number of records with `flag`. */
static unsigned index_covers(const char *name, size_t size, uint32_t flag) {
  size_t bytes;
  unsigned count = 0;
  char *text = log_of(name, &bytes);
  uint64_t at = 0;
  expect(bytes % sizeof(struct pf_index) == 0);
  for (size_t i = 0; i < bytes; i += sizeof(struct pf_index)) {
    struct pf_index r;
    memcpy(&r, text + i, sizeof r);
    expect(r.offset == at);
    if ((r.flags & PF_INDEX_DROPPED) == 0) at += r.length;
    if ((r.flags & flag) != 0) count++;
  }
  expect(at == size);
  free(text);
  return count;
}

/* Lines 0 … n-1 of `numbered`, nothing else; returns n. */
static unsigned long check_numbered(const char *text, size_t size, unsigned long first, size_t spread) {
  char line[70000];
  unsigned long n = first;
  for (size_t at = 0; at < size; n++) {
    size_t length = numbered(line, n, spread);
    if (at + length > size || memcmp(text + at, line, length) != 0) {
      fprintf(stderr, "line %lu at %zu of %zu: %.60s\n", n, at, size, text + at);
      play_fail(__FILE__, __LINE__, "a line is lost, doubled or broken");
    }
    at += length;
  }
  return n;
}

/* What `produce` wrote from its beginning to its end: its last line is the number of those before it. */
static void check_produced(const char *text, size_t size) {
  size_t last = size - 1;
  while (last > 0 && text[last - 1] != '\n') last--;
  expect(check_numbered(text, last, 0, 200) == strtoul(text + last, NULL, 10));
}

/* ---- births ---- */

static bool all_forgotten(const void *context) {
  (void)context;
  return play_stats().children == 0;
}

static void births_of(uint32_t flags) {
  play_hello();
  plan_serve(1, "exit", "5", NULL);
  plan_serve(2, "say", "words\n", NULL);
  plan_serve(3, "inside", NULL);
  play_spawn(1, 1, flags, "exit");
  play_spawn(2, 2, flags, "say");
  play_spawn(3, 3, flags, "inside");
  for (uint32_t n = 1; n <= 3; n++) {
    play_wait(n, PF_BORN | PF_EXEC | ENDED);
    const struct pf_child *c = play_child(n);
    expect(c->pid > 0 && c->start_ticks > 0 && c->born_ns > 0 && c->exec_ns >= c->born_ns && c->exit_ns >= c->exec_ns);
    expect((c->state & (PF_FAIL | PF_LOST)) == 0);
    expect(c->max_rss_bytes > 0 && c->out_pipe_ino != 0 && c->plan == n && c->run == n + 1 && c->flags == flags);
    expect(((flags & PF_WARDEN) != 0) == (c->warden_pid > 0));
    expect(((flags & PF_WARDEN) != 0) == (c->warden_start_ticks > 0));
  }
  expect(WIFEXITED(play_child(1)->wait_status) && WEXITSTATUS(play_child(1)->wait_status) == 5);
  expect(play_child(2)->wait_status == 0);
  expect(access(play_path("logs/exit.stdout"), F_OK) != 0); /* nothing was said: there is no file */
  size_t size;
  char *said = log_of("say.stderr", &size);
  expect(strcmp(said, "words\n") == 0);
  expect(index_covers("say.stderr.idx", 6, PF_INDEX_BIRTH) == 1);
  said = log_of("inside.stdout", &size);
  fprintf(stderr, "%s", said);
  expect(strstr(said, "1 pipe rw\n2 pipe rw\nid 03000000-b1b1-b1b1-b1b1-b1b1b1b1b1b1\n") != NULL);
  expect(strncmp(said, "0 /dev/null", 11) == 0);
  for (uint32_t n = 1; n <= 3; n++) play_ack(n);
  UNTIL(all_forgotten, NULL); /* a warden may still be on its way out */
}

static void births(void) {
  births_of(0);
  play_passed(0);
}

static void births_with_warden(void) {
  births_of(PF_WARDEN);
  play_passed(0);
}

static void same_id_twice(void) {
  play_hello();
  plan_serve(1, "linger", NULL);
  play_spawn(1, 1, PF_WARDEN | PF_DISCARD, NULL);
  play_wait(1, PF_EXEC);
  play_spawn(1, 1, PF_WARDEN | PF_DISCARD, NULL);
  play_sync();
  expect(play_refusals == 1 && play_refused.err == EEXIST && play_refused.entry == 0);
  play_ack(1);
  play_sync();
  expect(play_refused.err == EBUSY);
  play_signal(1, SIGKILL, PF_ALL);
  play_wait(1, ENDED);
  play_signal(1, SIGTERM, PF_MAIN);
  expect(play_signalled.err == ESRCH);
  play_passed(0);
}

static bool journal_has(const void *context) {
  struct stat st;
  const unsigned *records = context;
  return stat(play_path("run/keeper.%d.journal", getppid()), &st) == 0 &&
         (size_t)st.st_size >= *records * sizeof(struct pf_journal);
}

static void many_while_asleep(void) {
  enum { MANY = 1000 };
  play_hello();
  plan_serve(1, "exit", "0", NULL);
  for (uint32_t n = 0; n < MANY; n++) play_spawn(n, 1, 0, "many");
  /* Not one message is read until all have ended: the journal says when. */
  unsigned records = 3 * MANY + 1;
  for (uint64_t until = os_monotonic() + BOUND_MS * NS_PER_MS; !journal_has(&records) && os_monotonic() < until;)
    usleep(5000);
  for (uint32_t n = 0; n < MANY; n++) {
    play_wait(n, PF_BORN | PF_EXEC | ENDED);
    expect(play_child(n)->wait_status == 0);
    play_ack(n);
  }
  expect(all_forgotten(NULL) && play_stats().births == MANY);
  play_passed(0);
}

static void journal_is_rewritten(void) {
  enum { ROUNDS = 16, EACH = 200 };
  struct stat st;
  play_hello();
  plan_serve(1, "exit", "0", NULL);
  plan_serve(2, "linger", NULL);
  play_spawn(4000, 2, PF_DISCARD, NULL);
  for (int round = 0; round < ROUNDS; round++) {
    for (uint32_t n = 0; n < EACH; n++) {
      memset(play_child(n), 0, sizeof *play_child(n));
      play_spawn(n, 1, PF_DISCARD, NULL);
    }
    for (uint32_t n = 0; n < EACH; n++) {
      play_wait(n, ENDED);
      play_ack(n);
    }
  }
  play_sync();
  expect(stat(play_path("run/keeper.%d.journal", getppid()), &st) == 0 && st.st_size < 1 << 20);
  struct pf_journal *j = (void *)play_load(play_path("run/keeper.%d.journal", getppid()), &(size_t){0});
  expect(j[0].kind == PF_J_KEEPER && j[0].pid == getppid());
  expect(j[1].kind == PF_J_BORN && j[1].pid == play_child(4000)->pid); /* who lives is still in it */
  play_signal(4000, SIGKILL, PF_MAIN);
  play_wait(4000, ENDED);
  play_passed(0);
}

/* ---- plans ---- */

static void expect_failure(uint32_t n, uint32_t step, int err) {
  play_wait(n, PF_FAIL | PF_EMPTY);
  const struct pf_child *c = play_child(n);
  fprintf(stderr, "birth %u failed at %u with %d\n", n, c->fail_step, c->fail_errno);
  expect(c->fail_step == step && c->fail_errno == err && (c->state & PF_EXEC) == 0);
}

static void plan_failures(void) {
  static char *const missing[] = {(char *)(uintptr_t) "/nonexistent/program", NULL};
  struct planner p;
  play_hello();
  planner_start(&p);
  planner_head(&p);
  planner_exec(&p, missing);
  planner_put(&p, 1);
  uint32_t exec = p.ncalls - 1;
  play_spawn(1, 1, 0, "a");
  play_spawn(2, 1, PF_WARDEN, "a");
  expect_failure(1, exec, ENOENT);
  expect_failure(2, exec, ENOENT);

  planner_start(&p); /* a call that must not fail */
  planner_call(&p, SYS_getpid, PF_MUST, 0);
  planner_call(&p, SYS_close, PF_MUST, 1, LIT(99999));
  planner_put(&p, 2);
  play_spawn(3, 2, 0, "a");
  expect_failure(3, 1, EBADF);

  planner_start(&p); /* a result that must be another */
  planner_call(&p, SYS_getpgid, PF_EQUAL, 1, LIT(0))->expected = 1;
  planner_put(&p, 3);
  play_spawn(4, 3, 0, "a");
  expect_failure(4, 0, 0);

  planner_start(&p); /* results carried on, skipping, and a plan without exec */
  planner_call(&p, SYS_getpid, PF_MUST, 0)->store = 3;
  planner_call(&p, SYS_close, PF_SKIP_ERROR, 1, LIT(99999))->skip = 1;
  planner_call(&p, SYS_close, PF_MUST, 1, LIT(99999));
  planner_call(&p, SYS_close, PF_MAY, 1, LIT(99999));
  planner_call(&p, SYS_umask, PF_MUST, 1, LIT(0));
  planner_call(&p, SYS_umask, PF_SKIP_ZERO, 1, LIT(0))->skip = 1;
  planner_call(&p, SYS_close, PF_MUST, 1, LIT(99999));
  planner_call(&p, SYS_kill, PF_MUST, 2, RES(2), LIT(0));
  planner_put(&p, 4);
  play_spawn(5, 4, 0, "a");
  expect_failure(5, 8, 0);

  play_spawn(6, 77, 0, "a"); /* no such plan */
  expect_failure(6, PF_STEP_KEEPER, ENOENT);

  planner_start(&p); /* killed on its way */
  planner_call(&p, SYS_pause, PF_MUST, 0);
  planner_put(&p, 5);
  play_spawn(7, 5, 0, "a");
  play_wait(7, PF_BORN);
  play_signal(7, SIGKILL, PF_ALL);
  expect_failure(7, PF_STEP_KEEPER, ECANCELED);
  play_wait(7, PF_EXIT);
  expect(WTERMSIG(play_child(7)->wait_status) == SIGKILL);
  play_passed(0);
}

static void deadline(void) {
  struct planner p;
  play_hello();
  planner_start(&p);
  planner_call(&p, SYS_setsid, PF_MUST, 0);
  planner_call(&p, SYS_pause, PF_MUST, 0);
  planner_put(&p, 1);
  for (uint32_t n = 1; n <= 2; n++) {
    struct pf_spawn s = play_spawn_of(n, 1, n == 1 ? 0 : PF_WARDEN, "a");
    s.deadline_ms = 30;
    play_send(PF_SPAWN, 1, &s, 1, sizeof s, NULL, 0);
  }
  for (uint32_t n = 1; n <= 2; n++) {
    expect_failure(n, PF_STEP_KEEPER, ETIMEDOUT);
    play_wait(n, PF_EXIT);
    expect(WTERMSIG(play_child(n)->wait_status) == SIGKILL);
  }
  play_passed(0);
}

static void gate(void) {
  play_hello();
  plan_serve(1, "journalled", play_path("run/keeper.%d.journal", getppid()), NULL);
  for (uint32_t n = 0; n < 20; n++) play_spawn(n, 1, n % 2 == 0 ? 0 : PF_WARDEN, "a");
  for (uint32_t n = 0; n < 20; n++) {
    play_wait(n, ENDED);
    expect(play_child(n)->wait_status == 0);
  }
  play_passed(0);
}

static void descriptors(void) {
  struct planner p;
  char *const argv[] = {play_self, (char *)(uintptr_t) "--serve", (char *)(uintptr_t) "accept", NULL};
  struct sockaddr_un at = {.sun_family = AF_UNIX};
  play_hello();
  strcpy(at.sun_path, play_path("socket"));
  int listening = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  expect(bind(listening, (void *)&at, sizeof at) == 0 && listen(listening, 4) == 0);
  struct pf_hold hold = {.key = 7, .name = "front"};
  play_send(PF_HOLD, 1, &hold, 1, sizeof hold, &listening, 1);
  for (uint32_t n = 1; n <= 2; n++) { /* 1: a received one, 2: a held one; both without log */
    planner_start(&p);
    planner_call(&p, SYS_setsid, PF_MUST, 0);
    planner_call(&p, SYS_dup3, PF_MUST, 3, SLOT(PF_SLOT_FIRST), LIT(3), LIT(0));
    planner_call(&p, SYS_close_range, PF_MUST, 3, LIT(4), LIT(~0u), LIT(4));
    planner_exec(&p, argv);
    planner_put(&p, n);
    struct pf_spawn s = play_spawn_of(n, n, PF_NO_LOG | PF_WARDEN, NULL);
    if (n == 1) s.nfds = 1;
    else s.nheld = 1;
    s.held[0] = 7;
    play_send(PF_SPAWN, 1, &s, 1, sizeof s, &listening, s.nfds);
    play_wait(n, PF_EXEC);
    int c = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    char byte = 0;
    expect(connect(c, (void *)&at, sizeof at) == 0 && read(c, &byte, 1) == 1 && byte == '!');
    close(c);
    play_wait(n, ENDED);
    expect(play_child(n)->wait_status == 0 && play_child(n)->out_pipe_ino == 0);
  }
  struct pf_hold held[4];
  int fds[4];
  expect(play_held(held, fds, 4) == 1 && held[0].key == 7 && strcmp(held[0].name, "front") == 0 && fds[0] >= 0);
  play_send(PF_UNHOLD, 1, &hold, 1, sizeof hold, NULL, 0);
  expect(play_held(held, fds, 4) == 0);
  struct pf_spawn s = play_spawn_of(3, 1, PF_NO_LOG, NULL);
  s.nheld = 1;
  s.held[0] = 7;
  play_send(PF_SPAWN, 1, &s, 1, sizeof s, NULL, 0);
  expect_failure(3, PF_STEP_KEEPER, ENOENT);
  plan_serve(9, "linger", NULL);
  play_spawn(4, 9, PF_WARDEN | PF_DISCARD, NULL);
  play_wait(4, PF_EXEC);
  int pidfd = play_pidfd(4);
  expect(pidfd >= 0 && os_pidfd_signal(pidfd, SIGKILL) == 0);
  play_wait(4, ENDED);
  expect(play_pidfd(4) == -1);
  play_passed(0);
}

/* The driver has one called "pinfold-test". */
static void keyring(void) {
  size_t size;
  play_hello();
  plan_serve(1, "keyring", NULL);
  play_spawn(1, 1, PF_WARDEN, "a");
  play_wait(1, ENDED);
  expect(strstr(log_of("a.stdout", &size), "pinfold-test") == NULL && size > 0);
  play_passed(0);
}

static void refusals(void) {
  struct {
    struct pf_header h;
    struct pf_plan_ref refs[2];
  } m = {.h = {.type = PF_PLAN_PUT, .count = 1, .nfds = 1, .seq = 44}};
  struct planner p;
  unsigned n = 0;
  play_hello();
  planner_start(&p);
  planner_call(&p, SYS_getpid, PF_MUST, 0);
  int fd = planner_memfd(&p, false, &m.refs[0].size);
#define REFUSED(error, at) \
  (play_sync(), play_refusals == ++n && play_refused.err == (error) && play_refused.entry == (at))
  play_raw(&m, sizeof m.h + sizeof m.refs[0], &fd, 1); /* not sealed */
  expect(REFUSED(EINVAL, 0));
  play_raw(&m, sizeof m.h + sizeof m.refs[0], NULL, 0); /* no descriptor */
  expect(REFUSED(EMFILE, UINT32_MAX));
  play_raw(&m, sizeof m.h + sizeof m.refs[0] - 1, &fd, 1); /* too short */
  expect(REFUSED(EPROTO, UINT32_MAX));
  play_raw(&m, 5, NULL, 0);
  expect(REFUSED(EPROTO, UINT32_MAX));
  m.h.type = 999;
  play_raw(&m, sizeof m.h, NULL, 0);
  expect(REFUSED(EPROTO, UINT32_MAX));
  static char long_one[PF_MAX_MESSAGE + 100];
  memcpy(long_one, &m.h, sizeof m.h);
  play_raw(long_one, sizeof long_one, NULL, 0);
  expect(REFUSED(EPROTO, UINT32_MAX));
  int fds[2] = {fd, fd};
  struct pf_hold hold = {.key = 1};
  struct pf_header h = {.type = PF_HOLD, .count = 1, .nfds = 1};
  memcpy(long_one, &h, sizeof h);
  memcpy(long_one + sizeof h, &hold, sizeof hold);
  play_raw(long_one, sizeof h + sizeof hold, fds, 2); /* one too many */
  expect(REFUSED(EPROTO, UINT32_MAX));
  hold.key = 0;
  play_send(PF_HOLD, 1, &hold, 1, sizeof hold, &fd, 1);
  expect(REFUSED(EINVAL, 0));
  const char *paths[] = {"", "/etc/x", "a/"};
  for (int i = 0; i < 3; i++) {
    play_spawn(1, 1, 0, paths[i]);
    expect(REFUSED(EINVAL, 0));
  }
  play_spawn(1, 1, 0x100, "a");
  expect(REFUSED(EINVAL, 0));
  struct pf_hello hello = {.protocol = 77};
  play_send(PF_HELLO, 1, &hello, 1, sizeof hello, NULL, 0);
  expect(REFUSED(EPROTONOSUPPORT, 0));
  struct pf_role role = {.role = 9};
  play_send(PF_ROLE, 1, &role, 1, sizeof role, NULL, 0);
  expect(REFUSED(EINVAL, 0));
  role = (struct pf_role){.argc = 1};
  memset(role.command, 'x', sizeof role.command);
  play_send(PF_ROLE, 1, &role, 1, sizeof role, NULL, 0);
  expect(REFUSED(EINVAL, 0));
  plan_serve(5, "say", "out\n", NULL); /* a log that points out of its directory is no log, and no harm to its service */
  play_spawn(8, 5, 0, "../escape");
  play_wait(8, ENDED);
  expect(play_child(8)->wait_status == 0 && access(play_path("escape.stdout"), F_OK) != 0);
  play_sync();
  expect(play_logs_of_kind[PF_LOG_FAILED] == 2);
  play_passed(0);
}

static void few_files(void) {
  enum { TRIED = 120 };
  play_hello();
  plan_serve(1, "linger", NULL);
  unsigned failed = 0, running = 0;
  for (uint32_t n = 0; n < TRIED; n++) {
    play_spawn(n, 1, PF_WARDEN, "a");
    play_sync();
  }
  for (uint32_t n = 0; n < TRIED; n++) {
    uint64_t until = os_monotonic() + BOUND_MS * NS_PER_MS;
    while ((play_child(n)->state & (PF_EXEC | PF_FAIL)) == 0 && os_monotonic() < until) play_take(20);
    if ((play_child(n)->state & PF_EXEC) != 0) {
      running++;
      continue;
    }
    expect(play_child(n)->fail_step == PF_STEP_KEEPER && play_child(n)->fail_errno == EMFILE);
    failed++;
  }
  fprintf(stderr, "%u ran, %u failed\n", running, failed);
  expect(failed > 0 && running > 40);
  for (uint32_t n = 0; n < TRIED; n++) {
    if ((play_child(n)->state & PF_EXEC) == 0) continue;
    play_signal(n, SIGKILL, PF_ALL);
    play_wait(n, ENDED);
  }
  play_spawn(TRIED, 1, PF_WARDEN, "a");
  play_wait(TRIED, PF_EXEC);
  play_signal(TRIED, SIGKILL, PF_ALL);
  play_wait(TRIED, ENDED);
  play_passed(0);
}

/* ---- containment ---- */

static bool leaves(const void *context) {
  const unsigned *count = context;
  size_t size;
  char *text = play_load(play_path("logs/tree.stdout"), &size);
  bool all = text != NULL && size == *count * 5;
  free(text);
  return all;
}

static bool count_child(void *context, pid_t pid) {
  unsigned *count = context;
  (*count)++;
  return os_children(pid, count_child, context) == 0;
}

static unsigned processes_below(pid_t pid) {
  unsigned count = 0;
  os_children(pid, count_child, &count);
  return count;
}

static bool only_me(const void *context) {
  (void)context;
  return processes_below(getppid()) == 1;
}

static void sessions_do_not_escape(void) {
  play_hello();
  plan_serve(1, "tree", "1", NULL);
  plan_serve(2, "tree", "0", NULL);
  play_spawn(1, 1, PF_WARDEN, "tree");
  UNTIL(leaves, &(unsigned){2});
  play_signal(1, SIGTERM, PF_MAIN);
  play_wait(1, PF_EXIT);
  expect(WTERMSIG(play_child(1)->wait_status) == SIGTERM && (play_child(1)->state & PF_EMPTY) == 0);
  play_signal(1, SIGKILL, PF_ALL);
  expect(play_signalled.err == 0 && play_signalled.count >= 5);
  play_wait(1, PF_EMPTY);
  play_spawn(2, 2, PF_WARDEN, "tree"); /* a daemon: the main process is gone at once */
  UNTIL(leaves, &(unsigned){4});
  play_wait(2, PF_EXIT);
  expect((play_child(2)->state & PF_EMPTY) == 0);
  play_signal(2, SIGTERM, PF_ALL); /* some ignore it */
  expect(play_signalled.err == 0);
  play_signal(2, SIGKILL, PF_ALL);
  play_wait(2, PF_EMPTY);
  UNTIL(only_me, NULL);
  play_passed(0);
}

static void bombs_are_killed(void) {
  play_hello();
  plan_serve(1, "bomb", NULL);
  play_spawn(1, 1, PF_WARDEN | PF_DISCARD, NULL);
  play_wait(1, PF_EXEC);
  while (processes_below(getppid()) < 60) play_take(5);
  play_signal(1, SIGKILL, PF_ALL);
  play_wait(1, ENDED);
  UNTIL(only_me, NULL);
  play_passed(0);
}

static void warden_killed(void) {
  play_hello();
  plan_serve(1, "tree", "1", NULL);
  plan_serve(2, "produce", "100", NULL);
  play_spawn(1, 1, PF_WARDEN, "tree");
  play_spawn(2, 2, PF_WARDEN, "steady");
  UNTIL(leaves, &(unsigned){2});
  play_wait(2, PF_EXEC);
  /* Both at once, the later one first: who belongs to whom has still to be known. */
  expect(kill(play_child(2)->warden_pid, SIGKILL) == 0 && kill(play_child(1)->warden_pid, SIGKILL) == 0);
  while (kill(play_child(2)->warden_pid, 0) == 0 || kill(play_child(1)->warden_pid, 0) == 0) play_take(5);
  play_sync();
  play_signal(2, SIGTERM, PF_MAIN); /* its status is still known, its last line is not lost */
  play_wait(2, ENDED);
  expect(WIFEXITED(play_child(2)->wait_status) && WEXITSTATUS(play_child(2)->wait_status) == 7);
  expect((play_child(2)->state & PF_LOST) == 0 && size_of("steady.stderr") == 4);
  expect((play_child(1)->state & ENDED) == 0);
  play_signal(1, SIGKILL, PF_ALL);
  expect(play_signalled.count >= 5);
  play_wait(1, ENDED);
  expect((play_child(1)->state & PF_LOST) == 0 && WTERMSIG(play_child(1)->wait_status) == SIGKILL);
  UNTIL(only_me, NULL);
  play_passed(0);
}

static void cgroups(void) {
  struct planner p;
  char *const argv[] = {play_self, (char *)(uintptr_t) "--serve", (char *)(uintptr_t) "tree", (char *)(uintptr_t) "0", NULL};
  char dir[400];
  play_hello();
  snprintf(dir, sizeof dir, "%s/one", getenv("CGROUP"));
  expect(mkdir(dir, 0700) == 0);
  strcat(dir, "/cgroup.procs");
  planner_start(&p);
  uint32_t path = planner_data(&p, dir, strlen(dir) + 1), zero = planner_data(&p, "0", 2);
  planner_head(&p);
  planner_call(&p, SYS_openat, PF_MUST, 4, LIT(-100), DAT(path), LIT(O_WRONLY | O_CLOEXEC), LIT(0))->store = 1;
  planner_call(&p, SYS_write, PF_MUST, 3, RES(0), DAT(zero), LIT(1));
  planner_exec(&p, argv);
  planner_put(&p, 1);
  struct pf_spawn s = play_spawn_of(1, 1, PF_CGROUP, "tree");
  strcpy(s.cgroup, "one");
  play_send(PF_SPAWN, 1, &s, 1, sizeof s, NULL, 0);
  UNTIL(leaves, &(unsigned){2});
  play_wait(1, PF_EXIT);
  expect(play_child(1)->wait_status == 0 && (play_child(1)->state & PF_EMPTY) == 0);
  play_signal(1, SIGTERM, PF_ALL);
  expect(play_signalled.err == 0 && play_signalled.count >= 4);
  play_signal(1, SIGKILL, PF_ALL);
  expect(play_signalled.err == 0);
  play_wait(1, PF_EMPTY);
  UNTIL(only_me, NULL);
  s = play_spawn_of(2, 1, PF_CGROUP, "tree");
  strcpy(s.cgroup, "absent");
  play_send(PF_SPAWN, 1, &s, 1, sizeof s, NULL, 0);
  expect_failure(2, PF_STEP_KEEPER, ENOENT);
  *strrchr(dir, '/') = '\0';
  expect(rmdir(dir) == 0);
  play_passed(0);
}

static void groups(void) {
  play_hello();
  plan_serve(1, "linger", NULL);
  play_spawn(1, 1, 0, "a");
  play_spawn(2, 1, PF_WARDEN, "a");
  for (uint32_t n = 1; n <= 2; n++) {
    play_wait(n, PF_EXEC);
    play_signal(n, SIGSTOP, PF_GROUP);
    expect(play_signalled.err == 0);
    play_signal(n, SIGCONT, PF_ALL);
    play_signal(n, SIGTERM, PF_GROUP);
    expect(play_signalled.err == 0 && play_signalled.count == 1);
    play_wait(n, ENDED);
    expect(WTERMSIG(play_child(n)->wait_status) == SIGTERM);
  }
  play_passed(0);
}

/* ---- streams ---- */

static void last_words(void) {
  enum { MANY = 30 };
  char name[30];
  play_hello();
  plan_serve(1, "crash", NULL);
  for (uint32_t n = 0; n < MANY; n++) {
    sprintf(name, "crash%u", n);
    play_spawn(n, 1, n % 2 == 0 ? 0 : PF_WARDEN, name);
  }
  for (uint32_t n = 0; n < MANY; n++) {
    play_wait(n, PF_EXIT);
    sprintf(name, "crash%u.stdout", n);
    expect(size_of(name) == 60000);
  }
  play_passed(0);
}

static int by_name(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

/* All segments of a stream in order, each checked with its index, as one text. */
static char *all_segments(const char *name, size_t *total, unsigned *count, size_t max, bool at_line_ends) {
  char command[700], *names[2000], line[300];
  char *all = malloc(64u << 20);
  size_t size;
  *count = 0;
  *total = 0;
  snprintf(command, sizeof command, "%s", play_path("logs"));
  FILE *list = fopen(play_path("names"), "w+");
  expect(list != NULL && all != NULL);
  if (fork() == 0) {
    dup2(fileno(list), 1);
    execlp("ls", "ls", command, (char *)NULL);
    _exit(1);
  }
  wait(NULL);
  rewind(list);
  while (fgets(line, sizeof line, list) != NULL) {
    line[strcspn(line, "\n")] = '\0';
    if (strncmp(line, name, strlen(name)) != 0 || line[strlen(name)] != '.' || strstr(line, ".idx") != NULL) continue;
    names[(*count)++] = strdup(line);
  }
  qsort(names, *count, sizeof names[0], by_name);
  names[(*count)++] = strdup(name);
  for (unsigned i = 0; i < *count; i++) {
    char *text = log_of(names[i], &size);
    snprintf(line, sizeof line, "%s.idx", names[i]);
    index_covers(line, size, 0);
    expect(size > 0 && size <= max);
    if (at_line_ends) expect(text[size - 1] == '\n');
    memcpy(all + *total, text, size);
    *total += size;
    free(text);
  }
  return all;
}

static void rotation(void) {
  size_t size;
  unsigned count;
  play_hello();
  plan_serve(1, "lines", "60000", "90", NULL);
  plan_serve(2, "lines", "40", "30000", NULL);
  for (uint32_t n = 1; n <= 2; n++) {
    struct pf_spawn s = play_spawn_of(n, n, PF_WARDEN, n == 1 ? "short" : "long");
    s.segment_bytes = n == 1 ? 100000 : 10000;
    play_send(PF_SPAWN, 1, &s, 1, sizeof s, NULL, 0);
    play_wait(n, ENDED);
  }
  char *text = all_segments("short.stdout", &size, &count, 100000 + 91, true);
  expect(check_numbered(text, size, 0, 90) == 60000);
  expect(count == size / 100000 + 1);
  expect(play_logs_of_kind[PF_LOG_ROTATED] >= 1);
  free(text);
  text = all_segments("long.stdout", &size, &count, 12500, false); /* lines longer than a segment are cut at 125 % */
  expect(check_numbered(text, size, 0, 30000) == 40);
  free(text);
  plan_serve(3, "say", "first\n", NULL);
  play_spawn(3, 3, 0, "asked");
  play_wait(3, ENDED);
  plan_serve(4, "produce", "1000", NULL);
  play_spawn(4, 4, 0, "asked");
  while (size_of("asked.stdout") < 300) play_take(10);
  struct pf_rotate r = {.log = "asked"};
  play_send(PF_ROTATE, 1, &r, 1, sizeof r, NULL, 0);
  play_sync();
  play_signal(4, SIGTERM, PF_MAIN);
  play_wait(4, ENDED);
  free(all_segments("asked.stdout", &size, &count, 1 << 20, true));
  expect(count == 2);
  strcpy(r.log, "unknown");
  play_send(PF_ROTATE, 1, &r, 1, sizeof r, NULL, 0);
  play_sync();
  expect(play_refused.err == ENOENT);
  play_passed(0);
}

static bool grown(const void *context) { return size_of("steady.stdout") > *(const size_t *)context; }

static void deleted(void) {
  size_t size;
  play_hello();
  plan_serve(1, "produce", "300", NULL);
  play_spawn(1, 1, 0, "steady");
  UNTIL(grown, &(size_t){2000});
  expect(rename(play_path("logs/steady.stdout"), play_path("kept")) == 0 && unlink(play_path("logs/steady.stdout.idx")) == 0);
  int kept = open(play_path("kept"), O_RDONLY);
  char before[200000];
  expect(unlink(play_path("kept")) == 0);
  UNTIL(grown, &(size_t){2000});
  play_signal(1, SIGTERM, PF_MAIN);
  play_wait(1, ENDED);
  ssize_t n = read(kept, before, sizeof before); /* what went into the old file before its deletion was seen */
  char *text = log_of("steady.stdout", &size);
  expect(n > 0 && (size_t)n + size < sizeof before);
  memcpy(before + n, text, size);
  check_produced(before, (size_t)n + size);
  index_covers("steady.stdout.idx", size, 0);
  play_passed(0);
}

static void cut(void) {
  size_t size;
  play_hello();
  plan_serve(1, "produce", "300", NULL);
  play_spawn(1, 1, 0, "steady");
  UNTIL(grown, &(size_t){2000});
  expect(truncate(play_path("logs/steady.stdout"), 0) == 0);
  UNTIL(grown, &(size_t){2000});
  play_signal(1, SIGTERM, PF_MAIN);
  play_wait(1, ENDED);
  char *text = log_of("steady.stdout", &size);
  expect(memchr(text, '\0', size) == NULL); /* no hole */
  index_covers("steady.stdout.idx", size, 0);
  play_passed(0);
}

static void torn_index(void) {
  size_t size;
  static const char old[] = "old line\nold li";
  struct pf_index r = {.time_ns = 5, .offset = 0, .length = 4};
  int fd = open(play_path("logs/a.stdout"), O_WRONLY | O_CREAT, 0600);
  expect(write(fd, old, sizeof old - 1) == sizeof old - 1);
  fd = open(play_path("logs/a.stdout.idx"), O_WRONLY | O_CREAT, 0600);
  expect(write(fd, &r, sizeof r) == sizeof r && write(fd, "torn", 4) == 4);
  play_hello();
  plan_serve(1, "say", "ne\n", NULL);
  play_spawn(1, 1, 0, "a");
  play_wait(1, ENDED);
  char *text = log_of("a.stdout", &size);
  expect(strcmp(text, "old line\nold line\n") == 0);
  expect(index_covers("a.stdout.idx", size, PF_INDEX_RECOVERED) == 1);
  /* A segment whose index was not renamed any more. */
  fd = open(play_path("logs/b.stdout.0000000000000005"), O_WRONLY | O_CREAT, 0600);
  expect(write(fd, "four", 4) == 4);
  fd = open(play_path("logs/b.stdout.idx"), O_WRONLY | O_CREAT, 0600);
  expect(write(fd, &r, sizeof r) == sizeof r);
  play_spawn(2, 1, 0, "b");
  play_wait(2, ENDED);
  index_covers("b.stdout.0000000000000005.idx", 4, 0);
  index_covers("b.stdout.idx", 3, 0);
  play_passed(0);
}

/* What was written before the clock was set back has later names: what comes goes behind it all the same. */
static void clock_set_back(void) {
  size_t size;
  struct pf_rotate r = {.log = "a"};
  int fd = open(play_path("logs/a.stdout.7000000000000000.zst"), O_WRONLY | O_CREAT, 0600);
  expect(fd >= 0 && close(fd) == 0);
  fd = open(play_path("logs/a.stdout.more.7000000000000009"), O_WRONLY | O_CREAT, 0600); /* of no segment */
  expect(fd >= 0 && close(fd) == 0);
  play_hello();
  plan_serve(1, "produce", "1000", NULL);
  play_spawn(1, 1, 0, "a");
  for (int i = 0; i < 2; i++) {
    while (size_of("a.stdout") < 300) play_take(10);
    play_send(PF_ROTATE, 1, &r, 1, sizeof r, NULL, 0);
    play_sync();
  }
  play_signal(1, SIGTERM, PF_MAIN);
  play_wait(1, ENDED);
  for (unsigned i = 1; i <= 2; i++) {
    char name[60];
    snprintf(name, sizeof name, "a.stdout.700000000000000%u", i);
    char *text = log_of(name, &size);
    expect(size >= 300);
    free(text);
    strcat(name, ".idx");
    index_covers(name, size, 0);
  }
  play_passed(0);
}

static bool told_full(const void *context) {
  (void)context;
  return play_logs_of_kind[PF_LOG_FULL] > 0;
}

static bool told_resumed(const void *context) {
  (void)context;
  return play_logs_of_kind[PF_LOG_RESUMED] > 0;
}

static void full_disk(void) {
  size_t size;
  static char filler[200000];
  play_hello();
  int fd = open(play_path("logs/filler"), O_WRONLY | O_CREAT, 0600);
  expect(write(fd, filler, sizeof filler) == sizeof filler);
  plan_serve(1, "produce", "20", NULL);
  play_spawn(1, 1, PF_WARDEN, "a");
  UNTIL(told_full, NULL);
  expect(play_log.err == ENOSPC && (play_child(1)->state & PF_EXIT) == 0);
  expect(unlink(play_path("logs/filler")) == 0 && close(fd) == 0);
  UNTIL(told_resumed, NULL);
  uint64_t dropped = play_log.bytes;
  expect(play_logs_of_kind[PF_LOG_FULL] == 1 && dropped > 0);
  play_signal(1, SIGTERM, PF_MAIN);
  play_wait(1, ENDED);
  expect(WEXITSTATUS(play_child(1)->wait_status) == 7);
  char *text = log_of("a.stdout.idx", &size);
  uint64_t counted = 0;
  for (size_t i = 0; i < size; i += sizeof(struct pf_index)) {
    struct pf_index r;
    memcpy(&r, text + i, sizeof r);
    if ((r.flags & PF_INDEX_DROPPED) != 0) counted += r.length;
  }
  expect(counted == dropped);
  index_covers("a.stdout.idx", size_of("a.stdout"), 0);
  play_passed(0);
}

static void merged(void) {
  size_t size;
  play_hello();
  plan_serve(1, "say", "both\n", NULL);
  play_spawn(1, 1, PF_MERGE, "a");
  play_wait(1, ENDED);
  expect(strcmp(log_of("a.stdout", &size), "both\nboth\n") == 0 && size_of("a.stderr") == 0);
  expect(play_child(1)->err_pipe_ino == 0);
  play_spawn(2, 1, PF_DISCARD | PF_WARDEN, "b");
  play_wait(2, ENDED);
  expect(access(play_path("logs/b.stdout"), F_OK) != 0);
  play_spawn(3, 1, PF_MERGE, "a"); /* the next run of the slot goes on in the same file */
  play_wait(3, ENDED);
  expect(size_of("a.stdout") == 20 && index_covers("a.stdout.idx", 20, PF_INDEX_BIRTH) == 2);
  play_passed(0);
}

/* ---- the supervisor's own life ---- */

enum { PRODUCERS = 20, DEATHS = 30 };

static bool all_grew(const void *context) {
  const size_t *before = context;
  char name[30];
  for (uint32_t n = 0; n < PRODUCERS; n++) {
    sprintf(name, "p%u.stdout", n);
    if (size_of(name) <= before[n]) return false;
  }
  return true;
}

static void supervisor_killed(void) {
  char name[30];
  size_t sizes[PRODUCERS];
  int32_t pids[PRODUCERS];
  struct pf_welcome w = play_hello();
  if (w.generation == 1) {
    plan_serve(1, "produce", "700", NULL);
    for (uint32_t n = 0; n < PRODUCERS; n++) {
      sprintf(name, "p%u", n);
      play_spawn(n, 1, n % 2 == 0 ? 0 : PF_WARDEN, name);
    }
  } else {
    expect(w.children == PRODUCERS && play_read("pids", pids, sizeof pids) == sizeof pids);
  }
  for (uint32_t n = 0; n < PRODUCERS; n++) {
    play_wait(n, PF_EXEC);
    if (w.generation > 1) expect(play_child(n)->pid == pids[n]);
    pids[n] = play_child(n)->pid;
    sprintf(name, "p%u.stdout", n);
    sizes[n] = size_of(name);
  }
  play_note("pids", pids, sizeof pids);
  UNTIL(all_grew, sizes);
  if (w.generation <= DEATHS) {
    play_role(PF_RESTART, "supervisor_killed"); /* naming the command anew spares the back-off */
    kill(getpid(), SIGKILL);
  }
  for (uint32_t n = 0; n < PRODUCERS; n++) play_signal(n, SIGTERM, PF_MAIN);
  for (uint32_t n = 0; n < PRODUCERS; n++) {
    size_t size;
    play_wait(n, ENDED);
    expect(WIFEXITED(play_child(n)->wait_status) && WEXITSTATUS(play_child(n)->wait_status) == 7);
    sprintf(name, "p%u.stdout", n);
    char *text = log_of(name, &size);
    check_produced(text, size);
    strcat(name, ".idx");
    expect(index_covers(name, size, PF_INDEX_RECOVERED) == 0);
    free(text);
  }
  play_passed(0);
}

static void backoff_restart(void) {
  struct pf_welcome w = play_hello();
  uint64_t now = os_monotonic(), before = now;
  if (w.generation > 1) expect(play_read("died", &before, sizeof before) == sizeof before && now - before >= 100 * NS_PER_MS);
  if (w.generation == 2) play_passed(42);
  play_note("died", &now, sizeof now);
  _exit(1);
}

/* The next supervisor cannot start, or starts and cannot live: the one that gave way to it comes back. */
static void upgrade_fails(void) {
  struct pf_welcome w = play_hello();
  if (w.generation == 5) play_passed(0);
  expect(w.generation == 1 || w.generation == 3);
  play_role(PF_RESTART, w.generation == 1 ? "upgrade_fails/at_once" : "upgrade_fails/greeted");
  _exit(0);
}

static void fails_at_once(void) { _exit(1); }

static void fails_greeted(void) {
  expect(play_hello().generation == 4);
  _exit(1);
}

static bool shutdown_told(const void *context) {
  (void)context;
  return play_shutdowns > 0;
}

static void shutdown_is_asked(void) {
  struct pf_welcome w = play_hello();
  if (w.generation == 1) {
    expect((w.flags & 1) == 0);
    kill(getppid(), SIGHUP); /* these it does not hear */
    kill(getppid(), SIGQUIT);
    kill(getppid(), SIGPIPE);
    kill(getppid(), SIGTERM);
    UNTIL(shutdown_told, NULL);
    play_role(PF_STANDBY, "shutdown_is_asked");
    char supervisor[40];
    sprintf(supervisor, "/proc/%d", getpid());
    if (fork() == 0) { /* with nobody there, TERM starts one */
      while (access(supervisor, F_OK) == 0) usleep(1000);
      kill(getppid(), SIGTERM);
      _exit(0);
    }
    _exit(0);
  }
  expect((w.flags & 1) == 1);
  play_passed(0);
}

/* Whose supervisor cannot start is told to end by TERM alone: it does, when nothing is left that one could end. */
static void shutdown_in_vain(void) {
  uint32_t starts = 0;
  int32_t pid;
  char birth[40];
  if (play_read("starts", &starts, sizeof starts) != sizeof starts) {
    play_hello();
    plan_serve(1, "produce", "1", NULL);
    play_spawn(1, 1, 0, "p");
    play_wait(1, PF_EXEC);
    pid = play_child(1)->pid;
    play_note("pid", &pid, sizeof pid);
    play_note("starts", &starts, sizeof starts);
    kill(getppid(), SIGTERM);
    UNTIL(shutdown_told, NULL);
    play_note("result", "ok", 2);
    play_role(PF_RESTART, "shutdown_in_vain");
    _exit(0);
  }
  starts++;
  play_note("starts", &starts, sizeof starts);
  if (starts == 2) {
    expect(play_read("pid", &pid, sizeof pid) == sizeof pid);
    sprintf(birth, "/proc/%d", pid);
    kill(pid, SIGKILL);
    while (access(birth, F_OK) == 0) usleep(1000);
  }
  _exit((int)starts); /* without a greeting */
}

static void listen_for_me(int fd) {
  struct sockaddr_un at = {.sun_family = AF_UNIX};
  char byte, supervisor[40];
  sprintf(supervisor, "/proc/%d", getpid());
  if (fork() != 0) return;
  close(PF_SUPERVISOR_FD);
  strcpy(at.sun_path, play_path("socket"));
  close(fd);
  while (access(supervisor, F_OK) == 0) usleep(1000);
  int c = socket(AF_UNIX, SOCK_STREAM, 0);
  if (connect(c, (void *)&at, sizeof at) != 0 || read(c, &byte, 1) != 1) abort();
  _exit(0);
}

static void last_request_counts(void) {
  struct pf_role role = {.role = PF_END};
  play_hello();
  play_note("result", "ok", 2);
  play_send(PF_ROLE, 0, &role, 1, sizeof role, NULL, 0);
  _exit(9); /* at once: the keeper may hear of this first */
}

/* Whether or not the warden still lives to hear it. */
static void signals_are_answered(void) {
  enum { MANY = 40 };
  play_hello();
  plan_serve(1, "exit", "0", NULL);
  for (uint32_t n = 0; n < MANY; n++) {
    play_spawn(n, 1, PF_WARDEN | PF_DISCARD, NULL);
    play_wait(n, PF_BORN);
    for (int i = 0; i < 10; i++) play_signal(n, 0, PF_ALL);
  }
  for (uint32_t n = 0; n < MANY; n++) play_wait(n, ENDED);
  play_passed(0);
}

static void standby(void) {
  struct pf_welcome w = play_hello();
  if (w.generation == 1) {
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    strcpy(at.sun_path, play_path("socket"));
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    expect(bind(fd, (void *)&at, sizeof at) == 0 && listen(fd, 4) == 0);
    struct pf_hold hold = {.key = 5, .flags = PF_ACTIVATE, .name = "door"};
    play_send(PF_HOLD, 1, &hold, 1, sizeof hold, &fd, 1);
    play_role(PF_STANDBY, NULL);
    listen_for_me(fd);
    _exit(0);
  }
  struct pf_hold held[2];
  int fds[2];
  expect(w.generation == 2 && w.children == 0);
  expect(play_held(held, fds, 2) == 1 && strcmp(held[0].name, "door") == 0);
  int c = accept(fds[0], NULL, NULL);
  expect(c >= 0 && write(c, "!", 1) == 1);
  play_passed(0);
}

static void nothing_happens(void) {
  play_hello();
  plan_serve(1, "linger", NULL);
  plan_serve(2, "say", "word\n", NULL);
  for (uint32_t n = 0; n < 20; n++) play_spawn(n, n == 0 ? 2 : 1, PF_WARDEN, "a");
  for (uint32_t n = 0; n < 20; n++) play_wait(n, n == 0 ? ENDED : PF_EXEC);
  /* After the hold of the streams has passed there is not one wake-up more than for these questions. */
  uint64_t wakeups = 0;
  uint64_t until = os_monotonic() + BOUND_MS * NS_PER_MS;
  for (;;) {
    uint64_t before = play_stats().wakeups;
    poll(NULL, 0, 300);
    wakeups = play_stats().wakeups - before;
    if (wakeups <= 1 || os_monotonic() > until) break;
  }
  expect(wakeups <= 1);
  for (uint32_t n = 1; n < 20; n++) play_signal(n, SIGKILL, PF_ALL);
  play_passed(0);
}

/* ---- the keeper's death ---- */

enum { SURVIVORS = 8 };

static void start_next_keeper(const char *play) {
  char *argv[] = {getenv("KEEPER"),
                  (char *)(uintptr_t)play_path("state"),
                  (char *)(uintptr_t)play_path("run"),
                  (char *)(uintptr_t)play_path("logs"),
                  (char *)(uintptr_t) "-",
                  (char *)(uintptr_t) "daemon",
                  play_self,
                  (char *)(uintptr_t) "--play",
                  (char *)(uintptr_t)play,
                  play_dir,
                  NULL};
  int status = 0;
  pid_t pid = fork();
  if (pid == 0) {
    execv(argv[0], argv);
    _exit(1);
  }
  bool started = waitpid(pid, &status, 0) == pid && status == 0;
  expect(started);
}

static void keeper_killed(void) {
  char name[30];
  play_hello();
  plan_serve(1, "produce", "500", NULL);
  plan_serve(2, "tree", "1", NULL);
  plan_serve(3, "tree", "0", NULL);
  for (uint32_t n = 0; n < SURVIVORS - 2; n++) {
    sprintf(name, "p%u", n);
    play_spawn(n, 1, n % 2 == 0 ? 0 : PF_WARDEN, name);
  }
  play_spawn(SURVIVORS - 2, 2, PF_WARDEN, "tree");
  play_spawn(SURVIVORS - 1, 3, PF_WARDEN, "tree");
  UNTIL(leaves, &(unsigned){4});
  for (uint32_t n = 0; n < SURVIVORS; n++) play_wait(n, PF_EXEC);
  play_wait(SURVIVORS - 1, PF_EXIT);
  play_note("facts", play_child(0), SURVIVORS * sizeof(struct pf_child));
  kill(getppid(), SIGKILL);
  while (!play_keeper_gone()) play_take(20);
  start_next_keeper("keeper_killed/adopt");
  _exit(0);
}

static void adopt(void) {
  static struct pf_child facts[SURVIVORS];
  char name[30];
  size_t size;
  play_hello();
  expect(play_read("facts", facts, sizeof facts) == sizeof facts);
  kill(facts[2].pid, SIGKILL); /* one ends between the two keepers; its pipe may be full, TERM would have to wait */
  while (kill(facts[2].pid, 0) == 0) usleep(1000);
  for (uint32_t n = 0; n < SURVIVORS; n++) {
    struct pf_adopt a = {.pid = facts[n].pid, .warden_pid = facts[n].warden_pid, .start_ticks = facts[n].start_ticks,
                         .warden_start_ticks = facts[n].warden_start_ticks, .flags = facts[n].flags,
                         .run = facts[n].run, .out_pipe_ino = facts[n].out_pipe_ino,
                         .err_pipe_ino = facts[n].err_pipe_ino};
    play_id(a.id, n);
    if (n < SURVIVORS - 2) sprintf(a.log, "p%u", n);
    else strcpy(a.log, "tree");
    if (n == SURVIVORS - 1) a.pid = 0;
    play_send(PF_ADOPT, 1, &a, 1, sizeof a, NULL, 0);
  }
  play_wait(2, PF_EXIT | PF_LOST | PF_EMPTY);
  struct pf_adopt wrong = {.pid = getpid(), .start_ticks = 1, .log = "x"};
  play_id(wrong.id, 77);
  play_send(PF_ADOPT, 1, &wrong, 1, sizeof wrong, NULL, 0);
  play_wait(77, PF_EXIT | PF_LOST | PF_EMPTY);
  play_send(PF_ADOPT, 1, &wrong, 1, sizeof wrong, NULL, 0);
  play_sync();
  expect(play_refusals == 1 && play_refused.err == EEXIST);
  for (uint32_t n = 0; n < SURVIVORS - 2; n++) {
    if (n == 2) continue;
    expect((play_child(n)->state & PF_EXIT) == 0 && play_child(n)->pid == facts[n].pid);
    play_signal(n, SIGTERM, n % 2 == 0 ? PF_MAIN : PF_GROUP);
    expect(play_signalled.err == 0);
    play_wait(n, ENDED);
    fprintf(stderr, "birth %u: state %u status %d\n", n, play_child(n)->state, play_child(n)->wait_status);
    if ((play_child(n)->state & PF_LOST) == 0) expect(WEXITSTATUS(play_child(n)->wait_status) == 7);
    sprintf(name, "p%u.stdout", n);
    char *text = log_of(name, &size);
    check_produced(text, size);
    strcat(name, ".idx");
    expect(index_covers(name, size, PF_INDEX_BIRTH) == 1);
    free(text);
  }
  for (uint32_t n = SURVIVORS - 2; n < SURVIVORS; n++) {
    expect((play_child(n)->state & PF_EMPTY) == 0);
    expect(((play_child(n)->state & PF_EXIT) != 0) == (n == SURVIVORS - 1));
    play_signal(n, SIGKILL, PF_ALL);
    expect(play_signalled.err == 0 && play_signalled.count >= 4);
    play_wait(n, ENDED);
  }
  play_passed(0);
}

/* ---- terminals ---- */

static void plan_terminal(uint64_t plan) {
  struct planner p;
  char *argv[] = {play_self, (char *)(uintptr_t) "--serve", (char *)(uintptr_t) "terminal", NULL};
  planner_start(&p);
  planner_call(&p, SYS_dup3, PF_MUST, 3, SLOT(PF_SLOT_OUT), LIT(0), LIT(0));
  planner_head(&p);
  planner_call(&p, SYS_ioctl, PF_MUST, 3, LIT(0), LIT(TIOCSCTTY), LIT(0));
  planner_exec(&p, argv);
  planner_put(&p, plan);
}

static bool said(const void *context) {
  size_t size;
  char *text = play_load(play_path("logs/t.stdout"), &size);
  bool found = text != NULL && strstr(text, context) != NULL;
  free(text);
  return found;
}

static int end_of(int32_t warden, int number, int flags) {
  char path[60];
  sprintf(path, "/proc/%d/fd/%d", warden, number);
  int fd = open(path, flags | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  expect(fd >= 0);
  return fd;
}

static void terminal(void) {
  play_hello();
  plan_terminal(1);
  play_spawn(1, 1, PF_WARDEN | PF_TTY, "t");
  play_wait(1, PF_EXEC);
  expect(play_child(1)->out_pipe_ino != 0 && play_child(1)->err_pipe_ino == 0);
  UNTIL(said, "terminal 1111\r\nsize 24 80\r\n");
  int keys = end_of(play_child(1)->warden_pid, PF_WARDEN_TYPE, O_WRONLY);
  int screen = end_of(play_child(1)->warden_pid, PF_WARDEN_TTY, O_RDWR);
  expect(write(keys, "hello\n", 6) == 6);
  UNTIL(said, "hello\r\ngot hello\r\n");
  struct winsize size = {.ws_row = 50, .ws_col = 132};
  expect(ioctl(screen, TIOCSWINSZ, &size) == 0);
  UNTIL(said, "size 50 132\r\n");
  play_spawn(2, 1, PF_TTY, "u");
  play_sync();
  expect(play_refusals == 1 && play_refused.err == EINVAL);
  play_note("facts", play_child(1), sizeof(struct pf_child));
  kill(getppid(), SIGKILL);
  while (!play_keeper_gone()) play_take(20);
  start_next_keeper("terminal/adopt");
  _exit(0);
}

static void terminal_adopted(void) {
  struct pf_child was;
  size_t size;
  play_hello();
  expect(play_read("facts", &was, sizeof was) == sizeof was);
  struct pf_adopt a = {.pid = was.pid, .warden_pid = was.warden_pid, .start_ticks = was.start_ticks,
                       .warden_start_ticks = was.warden_start_ticks, .flags = was.flags, .run = was.run,
                       .out_pipe_ino = was.out_pipe_ino, .log = "t"};
  play_id(a.id, 1);
  play_send(PF_ADOPT, 1, &a, 1, sizeof a, NULL, 0);
  play_wait(1, PF_EXEC);
  int keys = end_of(was.warden_pid, PF_WARDEN_TYPE, O_WRONLY);
  expect(write(keys, "still\n", 6) == 6);
  UNTIL(said, "got still\r\n");
  expect(!said("hung up") && (play_child(1)->state & PF_EXIT) == 0);
  expect(write(keys, "bye\n", 4) == 4);
  play_wait(1, ENDED);
  expect(said("got bye\r\n0\r\n1\r\n") && said("\r\n498\r\n499\r\n"));
  index_covers("t.stdout.idx", size_of("t.stdout"), 0);
  plan_terminal(1);
  play_spawn(3, 1, PF_WARDEN | PF_TTY, "t");
  play_wait(3, PF_EXEC);
  keys = end_of(play_child(3)->warden_pid, PF_WARDEN_TYPE, O_WRONLY);
  expect(write(keys, "bye\n", 4) == 4);
  play_wait(3, PF_EXIT);
  expect(WEXITSTATUS(play_child(3)->wait_status) == 7);
  char *text = log_of("t.stdout", &size);
  expect(size > 5 && memcmp(text + size - 5, "499\r\n", 5) == 0); /* last words first */
  play_wait(3, ENDED);
  play_passed(0);
}

static void keeper_killed_alone(void) {
  /* Nobody adopts: a warden whose service ends ends too (the driver sees that no process is left). */
  play_hello();
  plan_serve(1, "produce", "0", NULL); /* fills its pipe and waits there */
  plan_serve(2, "linger", NULL);
  play_spawn(1, 1, PF_WARDEN, "a");
  play_spawn(2, 2, PF_WARDEN, "b");
  play_wait(1, PF_EXEC);
  play_wait(2, PF_EXEC);
  kill(getppid(), SIGKILL);
  while (!play_keeper_gone()) play_take(20);
  expect(kill(play_child(1)->pid, 0) == 0 && kill(play_child(2)->pid, 0) == 0);
  kill(play_child(1)->pid, SIGKILL);
  kill(play_child(2)->pid, SIGKILL);
  play_note("result", "ok", 2);
  _exit(0);
}

static void locked_out(void) {
  int status;
  play_hello();
  pid_t pid = fork();
  if (pid == 0) {
    execl(getenv("KEEPER"), "keeper", play_path("state"), play_path("run"), play_path("logs"), "-", "daemon", play_self,
          (char *)NULL);
    _exit(1);
  }
  expect(waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 75);
  play_passed(0);
}

static void as_pid_one(void) {
  play_hello();
  expect(getppid() == 1);
  plan_serve(1, "tree", "0", NULL);
  play_spawn(1, 1, PF_WARDEN, "tree");
  UNTIL(leaves, &(unsigned){2});
  kill(1, SIGINT);
  UNTIL(shutdown_told, NULL);
  play_signal(1, SIGKILL, PF_ALL);
  play_wait(1, ENDED);
  play_passed(3);
}

const struct test tests[] = {
    {"births", births, 0, 0},
    {"births_with_warden", births_with_warden, 0, 0},
    {"same_id_twice", same_id_twice, 0, 0},
    {"many_while_asleep", many_while_asleep, SLOW, 0},
    {"journal_is_rewritten", journal_is_rewritten, SLOW, 0},
    {"plan_failures", plan_failures, 0, 0},
    {"deadline", deadline, 0, 0},
    {"gate", gate, 0, 0},
    {"descriptors", descriptors, 0, 0},
    {"keyring", keyring, 0, 0},
    {"refusals", refusals, 0, 0},
    {"few_files", few_files, FEW_FILES, 0},
    {"sessions_do_not_escape", sessions_do_not_escape, 0, 0},
    {"bombs_are_killed", bombs_are_killed, SLOW, 0},
    {"warden_killed", warden_killed, 0, 0},
    {"cgroups", cgroups, CGROUP, 0},
    {"groups", groups, 0, 0},
    {"last_words", last_words, 0, 0},
    {"rotation", rotation, SLOW, 0},
    {"deleted", deleted, 0, 0},
    {"cut", cut, 0, 0},
    {"torn_index", torn_index, 0, 0},
    {"clock_set_back", clock_set_back, 0, 0},
    {"full_disk", full_disk, SMALL_LOG, 0},
    {"merged", merged, 0, 0},
    {"supervisor_killed", supervisor_killed, 0, 0},
    {"backoff_restart", backoff_restart, 0, 42},
    {"upgrade_fails", upgrade_fails, 0, 0},
    {"upgrade_fails/at_once", fails_at_once, 0, 0},
    {"upgrade_fails/greeted", fails_greeted, 0, 0},
    {"shutdown_is_asked", shutdown_is_asked, 0, 0},
    {"shutdown_in_vain", shutdown_in_vain, 0, 2},
    {"last_request_counts", last_request_counts, 0, 9},
    {"signals_are_answered", signals_are_answered, 0, 0},
    {"standby", standby, 0, 0},
    {"nothing_happens", nothing_happens, 0, 0},
    {"keeper_killed", keeper_killed, SLOW, 128 + SIGKILL},
    {"keeper_killed/adopt", adopt, 0, 0},
    {"terminal", terminal, 0, 128 + SIGKILL},
    {"terminal/adopt", terminal_adopted, 0, 0},
    {"keeper_killed_alone", keeper_killed_alone, SLOW, 128 + SIGKILL},
    {"locked_out", locked_out, 0, 0},
    {"as_pid_one", as_pid_one, PID_ONE, 3},
    {NULL, NULL, 0, 0},
};
