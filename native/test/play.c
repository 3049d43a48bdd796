/* SPDX-License-Identifier: Apache-2.0 */
#include "play.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define CHILDREN 4096

char play_dir[200], *play_self;
struct pf_signalled play_signalled;
struct pf_refused play_refused;
struct pf_log play_log;
unsigned play_signals, play_refusals, play_logs, play_shutdowns, play_logs_of_kind[8];

static struct pf_child children[CHILDREN];
static struct pf_welcome welcome;
static unsigned welcomes, fetched, pidfds, nheld, stats_seen;
static struct pf_hold held[64];
static int held_fds[64], last_pidfd = -1;
static struct pf_stats stats;
static bool gone;

const char *play_path(const char *format, ...) {
  static char paths[8][512];
  static unsigned at;
  char *path = paths[at++ % 8];
  va_list list;
  int n = snprintf(path, 512, "%s/", play_dir);
  va_start(list, format);
  vsnprintf(path + n, 512 - (size_t)n, format, list);
  va_end(list);
  return path;
}

void play_note(const char *name, const void *bytes, size_t size) {
  int fd = open(play_path("%s.new", name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0 || write(fd, bytes, size) != (ssize_t)size) abort();
  close(fd);
  if (rename(play_path("%s.new", name), play_path("%s", name)) != 0) abort();
}

size_t play_read(const char *name, void *bytes, size_t size) {
  int fd = open(play_path("%s", name), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return 0;
  ssize_t n = read(fd, bytes, size);
  close(fd);
  return n < 0 ? 0 : (size_t)n;
}

char *play_load(const char *path, size_t *size) {
  struct stat st;
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0 || fstat(fd, &st) != 0) return NULL;
  char *text = malloc((size_t)st.st_size + 1);
  if (text == NULL) abort();
  ssize_t n = read(fd, text, (size_t)st.st_size);
  close(fd);
  *size = n < 0 ? 0 : (size_t)n;
  text[*size] = '\0';
  return text;
}

static void end(int code) {
  struct pf_role role = {.role = PF_END};
  play_send(PF_ROLE, 0, &role, 1, sizeof role, NULL, 0);
  play_sync();
  _exit(code);
}

_Noreturn void play_fail(const char *file, int line, const char *what) {
  static bool failing;
  char text[600];
  int n = snprintf(text, sizeof text, "%s:%d: %s\n", file, line, what);
  play_note("result", text, (size_t)n);
  if (failing || gone) _exit(1);
  failing = true;
  for (uint32_t i = 0; i < CHILDREN; i++) {
    if ((children[i].state & PF_EMPTY) != 0 || children[i].run == 0) continue;
    struct pf_signal s = {.sig = SIGKILL, .scope = PF_ALL};
    play_id(s.id, i);
    play_send(PF_SIGNAL, 0, &s, 1, sizeof s, NULL, 0);
  }
  end(1);
  abort();
}

_Noreturn void play_passed(int code) {
  play_note("result", "ok", 2);
  end(code);
  abort();
}

void play_id(uint8_t id[16], uint32_t n) {
  memset(id, 0xb1, 16);
  memcpy(id, &n, sizeof n);
}

struct pf_child *play_child(uint32_t n) { return children + n; }

void play_raw(const void *bytes, size_t size, const int *fds, uint32_t nfds) {
  union {
    struct cmsghdr header;
    char space[CMSG_SPACE(253 * sizeof(int))];
  } control = {0};
  struct iovec iov = {(void *)(uintptr_t)bytes, size};
  struct msghdr msg = {.msg_iov = &iov, .msg_iovlen = 1};
  if (nfds > 0) {
    control.header = (struct cmsghdr){
        .cmsg_len = CMSG_LEN(nfds * sizeof(int)), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
    memcpy(CMSG_DATA(&control.header), fds, nfds * sizeof(int));
    msg.msg_control = &control;
    msg.msg_controllen = CMSG_SPACE(nfds * sizeof(int));
  }
  while (sendmsg(PF_SUPERVISOR_FD, &msg, MSG_DONTWAIT | MSG_NOSIGNAL) < 0) {
    if (errno != EAGAIN && errno != ETOOMANYREFS) {
      gone = true;
      return;
    }
    struct pollfd on = {.fd = PF_SUPERVISOR_FD, .events = POLLOUT};
    poll(&on, 1, 100);
  }
}

void play_send(uint16_t type, uint64_t seq, const void *entries, uint16_t count, size_t size, const int *fds,
               uint32_t nfds) {
  static char message[PF_MAX_MESSAGE];
  struct pf_header h = {.type = type, .count = count, .nfds = nfds, .seq = seq};
  memcpy(message, &h, sizeof h);
  memcpy(message + sizeof h, entries, count * size);
  play_raw(message, sizeof h + count * size, fds, nfds);
}

static void take_entry(const struct pf_header *h, const char *entry, int fd) {
  switch (h->type) {
    case PF_WELCOME:
      memcpy(&welcome, entry, sizeof welcome);
      welcomes++;
      break;
    case PF_CHILD: {
      struct pf_child c;
      uint32_t n;
      memcpy(&c, entry, sizeof c);
      memcpy(&n, c.id, sizeof n);
      if (n < CHILDREN) children[n] = c;
      break;
    }
    case PF_SIGNALLED:
      memcpy(&play_signalled, entry, sizeof play_signalled);
      play_signals++;
      break;
    case PF_REFUSED:
      memcpy(&play_refused, entry, sizeof play_refused);
      play_refusals++;
      break;
    case PF_LOG:
      memcpy(&play_log, entry, sizeof play_log);
      play_logs++;
      play_logs_of_kind[play_log.kind % 8]++;
      break;
    case PF_SHUTDOWN: play_shutdowns++; break;
    case PF_HELD:
      if (nheld < 64) {
        memcpy(held + nheld, entry, sizeof held[0]);
        held_fds[nheld++] = fd;
      }
      break;
    case PF_FETCHED: fetched++; break;
    case PF_PIDFD_IS:
      last_pidfd = fd;
      pidfds++;
      break;
    case PF_STATS_ARE:
      memcpy(&stats, entry, sizeof stats);
      stats_seen++;
      break;
    default: break;
  }
}

static size_t entry_size(uint16_t type) {
  switch (type) {
    case PF_WELCOME: return sizeof(struct pf_welcome);
    case PF_CHILD: return sizeof(struct pf_child);
    case PF_SIGNALLED: return sizeof(struct pf_signalled);
    case PF_REFUSED: return sizeof(struct pf_refused);
    case PF_LOG: return sizeof(struct pf_log);
    case PF_SHUTDOWN: return sizeof(struct pf_signal);
    case PF_HELD: return sizeof(struct pf_hold);
    case PF_PIDFD_IS: return sizeof(struct pf_id);
    case PF_STATS_ARE: return sizeof(struct pf_stats);
    default: return 0;
  }
}

bool play_take(int ms) {
  static char message[PF_MAX_MESSAGE];
  union {
    struct cmsghdr header;
    char space[CMSG_SPACE(16 * sizeof(int))];
  } control;
  struct pollfd on = {.fd = PF_SUPERVISOR_FD, .events = POLLIN};
  if (gone || poll(&on, 1, ms) <= 0) return false;
  struct iovec iov = {message, sizeof message};
  struct msghdr msg = {.msg_iov = &iov, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
  ssize_t n = recvmsg(PF_SUPERVISOR_FD, &msg, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
  if (n < 0 && errno == EAGAIN) return true;
  if (n <= 0) {
    gone = true;
    return false;
  }
  struct pf_header h;
  memcpy(&h, message, sizeof h);
  int fd = -1;
  struct cmsghdr *c = CMSG_FIRSTHDR(&msg);
  if (c != NULL) memcpy(&fd, CMSG_DATA(c), sizeof fd);
  expect((size_t)n == sizeof h + h.count * entry_size(h.type));
  expect(h.nfds == (fd >= 0));
  if (h.count == 0) take_entry(&h, message + sizeof h, -1);
  for (uint32_t i = 0; i < h.count; i++) take_entry(&h, message + sizeof h + i * entry_size(h.type), fd);
  return true;
}

bool play_keeper_gone(void) { return gone; }

void play_until(bool (*met)(const void *), const void *context, const char *file, int line, const char *what) {
  uint64_t until = os_monotonic() + BOUND_MS * NS_PER_MS;
  while (!met(context)) {
    if (os_monotonic() > until || gone) play_fail(file, line, what);
    play_take(20);
  }
}

static bool counter_is(const void *context) {
  const unsigned *const *pair = context;
  return *pair[0] >= *pair[1];
}

static void wait_counter(const unsigned *counter, unsigned value, const char *what) {
  const unsigned *pair[2] = {counter, &value};
  play_until(counter_is, pair, __FILE__, __LINE__, what);
}

struct pf_welcome play_hello(void) {
  struct pf_hello hello = {.protocol = PF_PROTOCOL};
  unsigned wanted = welcomes + 1;
  play_send(PF_HELLO, 1, &hello, 1, sizeof hello, NULL, 0);
  wait_counter(&welcomes, wanted, "welcome");
  return welcome;
}

struct pf_stats play_stats(void) {
  struct pf_hello nothing = {0};
  unsigned wanted = stats_seen + 1;
  play_send(PF_STATS, 1, &nothing, 1, sizeof nothing, NULL, 0);
  wait_counter(&stats_seen, wanted, "stats");
  return stats;
}

void play_sync(void) { play_stats(); }

void play_role(enum pf_role_is is, const char *play) {
  struct pf_role role = {.role = is};
  if (play != NULL) {
    const char *words[] = {play_self, "--play", play, play_dir};
    char *at = role.command;
    for (int i = 0; i < 4; i++) at = stpcpy(at, words[i]) + 1;
    role.argc = 4;
  }
  play_send(PF_ROLE, 1, &role, 1, sizeof role, NULL, 0);
  play_sync();
}

struct state_wanted {
  uint32_t n, state;
};

static bool has_state(const void *context) {
  const struct state_wanted *w = context;
  return (children[w->n].state & w->state) == w->state;
}

void play_wait(uint32_t n, uint32_t state) {
  char what[80];
  struct state_wanted w = {n, state};
  uint64_t until = os_monotonic() + BOUND_MS * NS_PER_MS;
  while (!has_state(&w) && os_monotonic() < until && !gone) play_take(20);
  snprintf(what, sizeof what, "birth %u should reach state %u, is in %u", n, state, children[n].state);
  if (!has_state(&w)) play_fail(__FILE__, __LINE__, what);
}

void play_ack(uint32_t n) {
  struct pf_id id;
  play_id(id.id, n);
  play_send(PF_ACK, 1, &id, 1, sizeof id, NULL, 0);
}

void play_signal(uint32_t n, int sig, enum pf_scope scope) {
  struct pf_signal s = {.sig = sig, .scope = scope};
  unsigned wanted = play_signals + 1;
  play_id(s.id, n);
  play_send(PF_SIGNAL, 99, &s, 1, sizeof s, NULL, 0);
  wait_counter(&play_signals, wanted, "signalled");
}

uint32_t play_held(struct pf_hold *out, int *fds, uint32_t max) {
  struct pf_hold all = {0};
  unsigned wanted = fetched + 1;
  nheld = 0;
  play_send(PF_FETCH, 1, &all, 1, sizeof all, NULL, 0);
  wait_counter(&fetched, wanted, "fetched");
  for (uint32_t i = 0; i < nheld && i < max; i++) {
    out[i] = held[i];
    fds[i] = held_fds[i];
  }
  return nheld;
}

int play_pidfd(uint32_t n) {
  struct pf_id id;
  unsigned wanted = pidfds + 1;
  play_id(id.id, n);
  play_send(PF_PIDFD, 1, &id, 1, sizeof id, NULL, 0);
  wait_counter(&pidfds, wanted, "pidfd");
  return last_pidfd;
}

/* ---- plans ---- */

void planner_start(struct planner *p) {
  memset(p, 0, sizeof *p);
  p->data_size = 64; /* 8: id, 48: pid */
}

uint32_t planner_data(struct planner *p, const void *bytes, size_t size) {
  uint32_t at = (p->data_size + 7) & ~7u;
  memcpy(p->data + at, bytes, size);
  p->data_size = at + (uint32_t)size;
  return at;
}

struct pf_call *planner_call(struct planner *p, long nr, enum pf_mode mode, int count, ...) {
  struct pf_call *call = p->calls + p->ncalls++;
  va_list list;
  call->nr = (uint32_t)nr;
  call->mode = (uint8_t)mode;
  va_start(list, count);
  for (int i = 0; i < count; i++) {
    arg a = va_arg(list, arg);
    call->reloc[i] = a.kind;
    call->arg[i] = a.value;
  }
  va_end(list);
  return call;
}

void planner_head(struct planner *p) {
  uint32_t mask = planner_data(p, "\0\0\0\0\0\0\0", 8);
  planner_call(p, SYS_setsid, PF_MUST, 0);
  planner_call(p, SYS_rt_sigprocmask, PF_MUST, 4, LIT(SIG_SETMASK), DAT(mask), LIT(0), LIT(8));
  planner_call(p, SYS_dup3, PF_MAY, 3, SLOT(PF_SLOT_OUT), LIT(1), LIT(0));
  planner_call(p, SYS_dup3, PF_MAY, 3, SLOT(PF_SLOT_ERR), LIT(2), LIT(0));
  planner_call(p, SYS_close_range, PF_MUST, 3, LIT(3), LIT(~0u), LIT(4 /* CLOSE_RANGE_CLOEXEC */));
}

void planner_exec(struct planner *p, char *const argv[]) {
  uint32_t strings[16], n = 0;
  uint64_t vector[17] = {0}, environment[3] = {0};
  for (; argv[n] != NULL; n++) {
    strings[n] = planner_data(p, argv[n], strlen(argv[n]) + 1);
    vector[n] = strings[n];
  }
  uint32_t at = planner_data(p, vector, (n + 1) * 8);
  for (uint32_t i = 0; i < n; i++) p->relocs[p->nrelocs++] = at + i * 8;
  environment[0] = 5; /* "ID=" right before the id at 8 */
  memcpy(p->data + 5, "ID=", 3);
  uint32_t env = planner_data(p, environment, sizeof environment);
  p->relocs[p->nrelocs++] = env;
  struct pf_report exec = {PF_STEP_EXEC, 0};
  uint32_t report = planner_data(p, &exec, sizeof exec), byte = planner_data(p, "", 1);
  planner_call(p, SYS_read, PF_EQUAL, 3, SLOT(PF_SLOT_GATE), DAT(byte), LIT(1))->expected = 1;
  planner_call(p, SYS_write, PF_MUST, 3, SLOT(PF_SLOT_REPORT), DAT(report), LIT(8));
  planner_call(p, SYS_execve, PF_MUST, 3, DAT(strings[0]), DAT(at), DAT(env));
}

int planner_memfd(const struct planner *p, bool seal, uint64_t *size) {
  struct pf_plan h = {.magic = PF_PLAN_MAGIC, .calls = p->ncalls, .relocs = p->nrelocs, .id_offset = 8, .pid_offset = 48};
  h.reloc_offset = (uint32_t)(sizeof h + p->ncalls * sizeof p->calls[0]);
  h.data_offset = (h.reloc_offset + p->nrelocs * 4 + 15) & ~15u;
  h.data_size = p->data_size;
  h.size = h.data_offset + h.data_size;
  int fd = (int)syscall(SYS_memfd_create, "plan", 2 | 1 /* MFD_ALLOW_SEALING | MFD_CLOEXEC */);
  if (fd < 0 || ftruncate(fd, h.size) != 0) abort();
  if (pwrite(fd, &h, sizeof h, 0) < 0 || pwrite(fd, p->calls, p->ncalls * sizeof p->calls[0], sizeof h) < 0 ||
      pwrite(fd, p->relocs, p->nrelocs * 4, h.reloc_offset) < 0 ||
      pwrite(fd, p->data, p->data_size, h.data_offset) < 0)
    abort();
  if (seal && fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0) abort();
  *size = h.size;
  return fd;
}

void planner_put(const struct planner *p, uint64_t plan) {
  struct pf_plan_ref ref = {.plan = plan};
  int fd = planner_memfd(p, true, &ref.size);
  play_send(PF_PLAN_PUT, 1, &ref, 1, sizeof ref, &fd, 1);
  close(fd);
}

void plan_serve(uint64_t plan, ...) {
  struct planner p;
  char *argv[16] = {play_self, (char *)(uintptr_t) "--serve"};
  va_list list;
  va_start(list, plan);
  for (int i = 2; i < 15; i++)
    if ((argv[i] = va_arg(list, char *)) == NULL) break;
  va_end(list);
  planner_start(&p);
  planner_head(&p);
  planner_exec(&p, argv);
  planner_put(&p, plan);
}

struct pf_spawn play_spawn_of(uint32_t n, uint64_t plan, uint32_t flags, const char *log) {
  struct pf_spawn s = {.plan = plan, .flags = flags, .run = n + 1};
  play_id(s.id, n);
  children[n].run = n + 1;
  if (log != NULL) strcpy(s.log, log);
  return s;
}

void play_spawn(uint32_t n, uint64_t plan, uint32_t flags, const char *log) {
  struct pf_spawn s = play_spawn_of(n, plan, flags, log);
  play_send(PF_SPAWN, n, &s, 1, sizeof s, NULL, 0);
}
