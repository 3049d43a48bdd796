/* SPDX-License-Identifier: Apache-2.0
 * The socket to the supervisor. Nothing here waits: requests are read only while there is room for their answers,
 * answers and changes are sent as far as the socket takes them. */
#include "keeper.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ANSWERS (512u << 10)
#define ROOM (256u << 10) /* enough for the answers to any one request */
#define ONE_ANSWER 64u    /* of a warden, queued */
#define REQUESTS_AT_ONCE 16
#define LAST_REQUESTS 1024
#define RETRY (10 * NS_PER_MS)

struct queued {
  uint32_t size; /* of the message that follows, padded to 8 */
  int fd;        /* closed once sent; -1 = none */
};

static int socket_fd = -1;
static bool greeted, paused, blocked;
static char *queue, *message;
static size_t head, tail;
static uint64_t retry_at = FOREVER;

static size_t padded(size_t size) { return (size + 7) & ~(size_t)7; }

void wire_attach(int fd) {
  if (queue == NULL) {
    queue = arena_part(ANSWERS);
    message = arena_part(PF_MAX_MESSAGE + 4096);
  }
  socket_fd = fd;
  greeted = paused = blocked = false;
  watch(fd, EPOLLIN, ON_SUPERVISOR, 0);
}

static struct queued front(void) {
  struct queued q;
  memcpy(&q, queue + head, sizeof q);
  return q;
}

static void pop(void) {
  struct queued q = front();
  close_fd(&q.fd);
  head += sizeof q + padded(q.size);
  if (head == tail) head = tail = 0;
}

void wire_detach(void) {
  if (socket_fd < 0) return;
  unwatch_close(&socket_fd);
  while (head < tail) pop();
  greeted = false;
  contain_forget_orders();
  retry_at = FOREVER;
}

static size_t room(void) {
  size_t used = tail - head + (size_t)contain_orders() * ONE_ANSWER;
  return used < ANSWERS ? ANSWERS - used : 0;
}

bool wire_greeted(void) { return greeted; }

void answer(uint16_t type, uint64_t seq, const void *entry, size_t size, int fd) {
  struct queued q = {.size = (uint32_t)(sizeof(struct pf_header) + size), .fd = fd};
  struct pf_header h = {.type = type, .count = size != 0, .nfds = fd >= 0, .seq = seq};
  size_t need = sizeof q + padded(q.size);
  if (head > 0 && need > ANSWERS - tail) {
    memmove(queue, queue + head, tail - head);
    tail -= head;
    head = 0;
  }
  if (socket_fd < 0 || need > ANSWERS - tail) { /* nobody to answer */
    close_fd(&q.fd);
    return;
  }
  memcpy(queue + tail, &q, sizeof q);
  memcpy(queue + tail + sizeof q, &h, sizeof h);
  if (size != 0) memcpy(queue + tail + sizeof q + sizeof h, entry, size);
  tail += need;
}

void answer_refused(uint64_t seq, int err, uint32_t entry) {
  struct pf_refused refused = {.err = err, .entry = entry};
  answer(PF_REFUSED, seq, &refused, sizeof refused, -1);
}

void answer_signalled(const struct pf_signalled *signalled, uint64_t seq) {
  answer(PF_SIGNALLED, seq, signalled, sizeof *signalled, -1);
}

/* ---- requests ---- */

static int hello(const struct pf_hello *h, uint64_t seq) {
  if (h->protocol != PF_PROTOCOL) return EPROTONOSUPPORT;
  struct pf_welcome w = {.protocol = PF_PROTOCOL,
                         .flags = supervisor_shutdown_asked() ? 1 : 0,
                         .pid = getpid(),
                         .children = births.used,
                         .started_ns = keeper.started_ns,
                         .generation = supervisor_generation()};
  answer(PF_WELCOME, seq, &w, sizeof w, -1);
  greeted = true;
  supervisor_greeted();
  birth_all_dirty();
  slots_full_again();
  return 0;
}

static int pidfd_request(const struct pf_id *id, uint64_t seq) {
  struct birth *b = birth_by_id(id->id);
  int fd = -1;
  if (b != NULL && (b->marks & UNREAPED) != 0 && b->c.pid > 0) {
    struct identity who;
    fd = os_pidfd_open(b->c.pid);
    if (fd == -EMFILE || fd == -ENFILE) return -fd;
    if (fd >= 0 && (os_identity(b->c.pid, &who) != 0 || who.start_ticks != b->c.start_ticks)) close_fd(&fd);
  }
  answer(PF_PIDFD_IS, seq, id, sizeof *id, fd < 0 ? -1 : fd);
  return 0;
}

static int request(uint16_t type, uint64_t seq, const void *entry, const int *fds) {
  switch (type) {
    case PF_HELLO: return hello(entry, seq);
    case PF_PLAN_PUT: return plans_put(entry, fds[0]);
    case PF_PLAN_DROP: plans_drop(((const struct pf_plan_ref *)entry)->plan); return 0;
    case PF_SPAWN: return birth_spawn(entry, fds);
    case PF_SIGNAL: return contain_signal(entry, seq);
    case PF_ACK: return birth_ack(((const struct pf_id *)entry)->id);
    case PF_HOLD: return held_put(entry, fds[0]);
    case PF_UNHOLD: held_drop(((const struct pf_hold *)entry)->key); return 0;
    case PF_FETCH: return held_fetch(((const struct pf_hold *)entry)->key, seq);
    case PF_PIDFD: return pidfd_request(entry, seq);
    case PF_ADOPT: return birth_adopt(entry);
    case PF_ROLE: return supervisor_role(entry);
    case PF_ROTATE: return slot_rotate(entry);
    default:
      keeper.stats.children = births.used;
      keeper.stats.supervisors = supervisor_generation();
      answer(PF_STATS_ARE, seq, &keeper.stats, sizeof keeper.stats, -1);
      return 0;
  }
}

static uint32_t fds_of(uint16_t type, const void *entry) {
  if (type == PF_SPAWN) return ((const struct pf_spawn *)entry)->nfds;
  return type == PF_PLAN_PUT || type == PF_HOLD ? 1 : 0;
}

static void requests(size_t size, int *fds, uint32_t nfds, bool truncated) {
  size_t entry_size = 0;
  struct pf_header h = {0};
  memcpy(&h, message, size < sizeof h ? size : sizeof h);
  int err = parse_message(message, size, nfds, truncated, &entry_size);
  if (err != 0) {
    answer_refused(h.seq, err, NONE);
    return;
  }
  const char *entry = message + sizeof h;
  for (uint32_t i = 0; i < h.count; i++, entry += entry_size) {
    err = request(h.type, h.seq, entry, fds);
    if (err != 0) answer_refused(h.seq, err, i);
    fds += fds_of(h.type, entry);
  }
}

/* One message; false when there is none. */
static bool receive(void) {
  union {
    struct cmsghdr align;
    char space[CMSG_SPACE(253 * sizeof(int))]; /* SCM_MAX_FD */
  } control;
  struct iovec iov = {message, PF_MAX_MESSAGE};
  struct msghdr msg = {.msg_iov = &iov, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
  ssize_t n = recvmsg(socket_fd, &msg, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) return false;
  if (n <= 0) {
    wire_detach();
    return false;
  }
  int fds[253];
  uint32_t nfds = 0;
  const struct cmsghdr *c = CMSG_FIRSTHDR(&msg); /* a unix socket gives no more than one of this kind */
  if (c != NULL && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS) {
    size_t bytes = c->cmsg_len - CMSG_LEN(0);
    if (bytes > sizeof fds) bytes = sizeof fds;
    memcpy(fds, CMSG_DATA(c), bytes);
    nfds = (uint32_t)(bytes / sizeof(int));
  }
  if ((msg.msg_flags & MSG_TRUNC) != 0) n = 0; /* longer than any message may be */
  requests((size_t)n, fds, nfds, (msg.msg_flags & MSG_CTRUNC) != 0);
  for (uint32_t i = 0; i < nfds; i++) close(fds[i]);
  return true;
}

void wire_last_words(void) {
  while (head < tail) pop(); /* nobody reads them any more */
  for (int i = 0; i < LAST_REQUESTS && socket_fd >= 0; i++)
    if (!receive()) break;
  wire_detach();
}

void wire_event(uint32_t events) {
  if (socket_fd < 0) return;
  if ((events & EPOLLHUP) != 0) {
    wire_last_words();
    return;
  }
  if ((events & EPOLLOUT) != 0) blocked = false;
  for (int i = 0; i < REQUESTS_AT_ONCE && socket_fd >= 0 && room() >= ROOM; i++)
    if (!receive()) return;
}

/* ---- what goes out ---- */

/* False when the socket takes no more for now. */
static bool transmit(const void *bytes, size_t size, int fd) {
  union {
    struct cmsghdr header;
    char space[CMSG_SPACE(sizeof(int))];
  } control = {0};
  struct iovec iov = {(void *)(uintptr_t)bytes, size};
  struct msghdr msg = {.msg_iov = &iov, .msg_iovlen = 1};
  if (fd >= 0) {
    control.header =
        (struct cmsghdr){.cmsg_len = CMSG_LEN(sizeof fd), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
    memcpy(CMSG_DATA(&control.header), &fd, sizeof fd);
    msg.msg_control = &control;
    msg.msg_controllen = sizeof control.space;
  }
  if (sendmsg(socket_fd, &msg, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0) return true;
  /* Too many descriptors in flight, or no memory: the socket will not say when that is over. */
  if (errno != EAGAIN && errno != EPIPE && errno != ECONNRESET) retry_at = os_monotonic() + RETRY;
  blocked = true;
  return false;
}

static bool flush_answers(void) {
  while (head < tail) {
    struct queued q = front();
    if (!transmit(queue + head + sizeof q, q.size, q.fd)) return false;
    pop();
  }
  return true;
}

static bool flush_children(void) {
  struct {
    struct pf_header h;
    struct pf_child c[120];
  } *m = (void *)message;
  for (;;) {
    uint32_t n = birth_changes(m->c, 120);
    if (n == 0) return true;
    m->h = (struct pf_header){.type = PF_CHILD, .count = (uint16_t)n};
    if (!transmit(m, sizeof m->h + n * sizeof m->c[0], -1)) return false;
    birth_sent(n);
  }
}

static bool flush_logs(void) {
  struct {
    struct pf_header h;
    struct pf_log l;
  } m = {.h = {.type = PF_LOG, .count = 1}};
  while (slot_log_event(&m.l)) {
    if (!transmit(&m, sizeof m, -1)) return false;
    slot_log_sent();
  }
  return true;
}

void wire_flush(void) {
  if (socket_fd < 0) return;
  if (retry_at != FOREVER && os_monotonic() >= retry_at) {
    retry_at = FOREVER;
    blocked = false;
  }
  bool was_blocked = blocked, was_paused = paused;
  if (!blocked && flush_answers() && greeted && flush_children()) flush_logs();
  paused = room() < ROOM;
  if (blocked == was_blocked && paused == was_paused) return;
  bool want_out = blocked && retry_at == FOREVER;
  rewatch(socket_fd, (paused ? 0 : EPOLLIN) | (want_out ? EPOLLOUT : 0), ON_SUPERVISOR, 0);
}

uint64_t wire_next(void) { return retry_at; }
