/* SPDX-License-Identifier: Apache-2.0
 * A supervisor to test with: started by the keeper under test, it speaks the protocol of protocol.h. */
#ifndef PINFOLD_PLAY_H
#define PINFOLD_PLAY_H

#include "../os.h"
#include "../protocol.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BOUND_MS 15000
#define expect(condition) ((condition) ? (void)0 : play_fail(__FILE__, __LINE__, #condition))

extern char play_dir[200];  /* of this test: state, run, logs are below it */
extern char *play_self;     /* this program: also the service that is started */
extern struct pf_signalled play_signalled;
extern struct pf_refused play_refused;
extern struct pf_log play_log;
extern unsigned play_signals, play_refusals, play_logs, play_shutdowns, play_logs_of_kind[8];

_Noreturn void play_fail(const char *file, int line, const char *what);
_Noreturn void play_passed(int code);
void play_note(const char *key, const void *bytes, size_t size);
size_t play_read(const char *name, void *bytes, size_t size);
const char *play_path(const char *format, ...) __attribute__((format(printf, 1, 2)));
char *play_load(const char *path, size_t *size); /* the whole file, NUL-terminated; NULL if absent */

struct pf_welcome play_hello(void);
void play_send(uint16_t type, uint64_t seq, const void *entries, uint16_t count, size_t size, const int *fds, uint32_t nfds);
void play_raw(const void *bytes, size_t size, const int *fds, uint32_t nfds);
/* Takes in what has come; waits up to `ms` for the first message. False when none came or the keeper is gone. */
bool play_take(int ms);
bool play_keeper_gone(void);
void play_until(bool (*met)(const void *), const void *context, const char *file, int line, const char *what);
void play_sync(void); /* everything sent before was handled */
void play_role(enum pf_role_is role, const char *play);

struct pf_child *play_child(uint32_t n); /* newest snapshot of birth n */
void play_wait(uint32_t n, uint32_t state);
void play_ack(uint32_t n);
void play_signal(uint32_t n, int sig, enum pf_scope scope); /* and waits for the answer */
void play_id(uint8_t id[16], uint32_t n);
uint32_t play_held(struct pf_hold *out, int *fds, uint32_t max);
int play_pidfd(uint32_t n);
struct pf_stats play_stats(void);

/* ---- plans ---- */
struct planner {
  struct pf_call calls[64];
  uint32_t ncalls, relocs[64], nrelocs, data_size;
  char data[8192];
};
typedef struct {
  uint8_t kind;
  uint64_t value;
} arg;
#define LIT(v) ((arg){PF_LITERAL, (uint64_t)(v)})
#define DAT(v) ((arg){PF_DATA, (uint64_t)(v)})
#define SLOT(v) ((arg){PF_SLOT, (uint64_t)(v)})
#define RES(v) ((arg){PF_RESULT, (uint64_t)(v)})
void planner_start(struct planner *p);
uint32_t planner_data(struct planner *p, const void *bytes, size_t size);
struct pf_call *planner_call(struct planner *p, long nr, enum pf_mode mode, int count, ...);
void planner_head(struct planner *p); /* session, streams, close-on-exec */
void planner_exec(struct planner *p, char *const argv[]); /* gate, report, execve */
int planner_memfd(const struct planner *p, bool seal, uint64_t *size);
void planner_put(const struct planner *p, uint64_t plan);
/* The usual plan: the service program of this binary with these words. */
void plan_serve(uint64_t plan, ...);

struct pf_spawn play_spawn_of(uint32_t n, uint64_t plan, uint32_t flags, const char *log);
void play_spawn(uint32_t n, uint64_t plan, uint32_t flags, const char *log);
#endif
