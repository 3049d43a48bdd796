/* SPDX-License-Identifier: Apache-2.0
 * check-keeper [--valgrind] KEEPER [TEST…]: runs each test with a keeper of its own, in a directory of its own; a test
 * passes if its supervisor says so, the keeper ends with the expected code, and no process is left. */
#include "check.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <linux/keyctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define TEST_BOUND (30 * NS_PER_S)
#define CGROUPS "/sys/fs/cgroup"

static bool kill_child(void *context, pid_t pid) {
  (void)context;
  os_children(pid, kill_child, NULL);
  kill(pid, SIGKILL);
  return true;
}

static int remove_tree(const char *path) {
  DIR *dir = opendir(path);
  struct dirent *d;
  char below[700];
  while (dir != NULL && (d = readdir(dir)) != NULL) {
    if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0) continue;
    snprintf(below, sizeof below, "%s/%s", path, d->d_name);
    if (unlink(below) != 0) remove_tree(below);
  }
  if (dir != NULL) closedir(dir);
  return rmdir(path);
}

/* Complaints of sanitizers and valgrind are files here. */
static bool complaints(void) {
  DIR *dir = opendir(play_dir);
  struct dirent *d;
  bool any = false;
  size_t size;
  while (dir != NULL && (d = readdir(dir)) != NULL) {
    if (strncmp(d->d_name, "san.", 4) != 0 && strncmp(d->d_name, "vg.", 3) != 0) continue;
    char *text = play_load(play_path("%s", d->d_name), &size);
    if (text != NULL && size > 0) {
      printf("%.4000s\n", text);
      any = true;
    }
    free(text);
  }
  if (dir != NULL) closedir(dir);
  return any;
}

static const char *cgroup_root(void) {
  static char root[300]; /* found once: forked processes use the same */
  if (root[0] != '\0') return root;
  const char *candidates[] = {CGROUPS, CGROUPS "/unified"};
  for (int i = 0; i < 2; i++) {
    snprintf(root, sizeof root, "%s/cgroup.procs", candidates[i]);
    if (access(root, W_OK) != 0) continue;
    snprintf(root, sizeof root, "%s/pinfold-test-%d", candidates[i], getpid());
    if (mkdir(root, 0700) == 0 || errno == EEXIST) return root;
  }
  root[0] = '\0';
  return NULL;
}

static const char *skip_reason(const struct test *t, bool valgrind) {
  if ((t->needs & (ROOT | SMALL_LOG | PID_ONE)) != 0 && geteuid() != 0) return "needs root";
  if ((t->needs & CGROUP) != 0 && cgroup_root() == NULL) return "no writable cgroup v2";
  if ((t->needs & (SLOW | FEW_FILES)) != 0 && valgrind) return "its load or limit is not for valgrind";
  return NULL;
}

static void start_keeper(const struct test *t, const char *keeper, bool valgrind) {
  char *argv[24], vg_log[300], cgroup[300] = "-";
  int n = 0;
  char *valgrind_words[] = {(char *)(uintptr_t) "valgrind", (char *)(uintptr_t) "-q", vg_log,
                            (char *)(uintptr_t) "--child-silent-after-fork=no"};
  snprintf(vg_log, sizeof vg_log, "--log-file=%s/vg.%%p", play_dir);
  if (valgrind)
    for (int i = 0; i < 4; i++) argv[n++] = valgrind_words[i];
  if ((t->needs & CGROUP) != 0) strcpy(cgroup, cgroup_root());
  char *words[] = {(char *)(uintptr_t)keeper, (char *)(uintptr_t)play_path("state"), (char *)(uintptr_t)play_path("run"),
                   (char *)(uintptr_t)play_path("logs"), cgroup, (char *)(uintptr_t) "foreground", play_self,
                   (char *)(uintptr_t) "--play", (char *)(uintptr_t)t->name, play_dir, NULL};
  for (int i = 0; i < 11; i++) argv[n++] = words[i];
  if ((t->needs & SMALL_LOG) != 0 &&
      (unshare(CLONE_NEWNS) != 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
       mount("tmpfs", play_path("logs"), "tmpfs", 0, "size=256k") != 0)) {
    perror("small log directory");
    _exit(1);
  }
  syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, "pinfold-test"); /* not to be inherited */
  if ((t->needs & FEW_FILES) != 0) setrlimit(RLIMIT_NOFILE, &(struct rlimit){300, 300});
  char san[300];
  snprintf(san, sizeof san, "detect_leaks=0:log_path=%s/san", play_dir);
  setenv("ASAN_OPTIONS", san, 1);
  snprintf(san, sizeof san, "print_stacktrace=1:log_path=%s/san", play_dir);
  setenv("UBSAN_OPTIONS", san, 1);
  setenv("KEEPER", keeper, 1);
  setenv("CGROUP", cgroup, 1);
  execvp(argv[0], argv);
  perror(argv[0]);
  _exit(1);
}

/* The keeper's exit code, or -1; returns when no descendant is left. */
static int wait_for_all(pid_t keeper) {
  int code = -1, status;
  bool late = false;
  uint64_t until = os_monotonic() + TEST_BOUND;
  for (;;) {
    pid_t pid = waitpid(-1, &status, WNOHANG);
    if (pid == keeper) code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    if (pid < 0 && errno == ECHILD) return late ? -2 : code;
    if (pid != 0) continue;
    if (os_monotonic() > until) {
      if (!late) printf("  still there after 30 s: killed\n");
      late = true; /* and again: who was killed leaves its children to us */
      os_children(getpid(), kill_child, NULL);
    }
    usleep(2000);
  }
}

static bool run(const struct test *t, const char *keeper, bool valgrind) {
  char template[] = "/tmp/pinfold-test-XXXXXX", result[700] = "";
  const char *reason = skip_reason(t, valgrind);
  if (reason != NULL) {
    printf("skip %-28s %s\n", t->name, reason);
    return true;
  }
  strcpy(play_dir, mkdtemp(template));
  mkdir(play_path("state"), 0700);
  mkdir(play_path("run"), 0700);
  mkdir(play_path("logs"), 0700);
  uint64_t from = os_monotonic();
  fflush(stdout);
  pid_t pid = fork();
  if (pid == 0) {
    if ((t->needs & PID_ONE) != 0) {
      if (unshare(CLONE_NEWPID) != 0) _exit(1);
      pid_t one = fork();
      int status;
      if (one == 0) {
        unshare(CLONE_NEWNS);
        mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL);
        mount("proc", "/proc", "proc", 0, NULL);
        start_keeper(t, keeper, valgrind);
      }
      waitpid(one, &status, 0);
      _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
    }
    start_keeper(t, keeper, valgrind);
  }
  int code = wait_for_all(pid);
  play_read("result", result, sizeof result - 1);
  bool ok = code == t->code && strcmp(result, "ok") == 0;
  ok &= !complaints();
  printf("%s %-28s %5llu ms\n", ok ? "ok  " : "FAIL", t->name, (unsigned long long)((os_monotonic() - from) / NS_PER_MS));
  if (!ok) {
    size_t size;
    char *said = play_load(play_path("logs/_supervisor/supervisor.stderr"), &size);
    printf("  keeper ended with %d, wanted %d; %s\n%s\n", code, t->code, result[0] == '\0' ? "no result" : result,
           said == NULL ? "" : said);
    free(said);
  }
  if (ok || getenv("KEEP") == NULL) remove_tree(play_dir);
  if ((t->needs & CGROUP) != 0) rmdir(cgroup_root());
  return ok;
}

static int play(const char *name, const char *dir) {
  strcpy(play_dir, dir);
  for (const struct test *t = tests; t->name != NULL; t++)
    if (strcmp(t->name, name) == 0) t->play();
  return 98;
}

/* What the workers share. */
struct work {
  _Atomic unsigned next;
  _Atomic int failed, ran;
};

static bool is_chosen(const struct test *t, char **words) {
  if (*words == NULL) return strchr(t->name, '/') == NULL;
  for (; *words != NULL; words++)
    if (strcmp(*words, t->name) == 0) return true;
  return false;
}

/* A worker buries whatever its plays leave behind and waits for all of it, so plays of different workers do not meet. */
static _Noreturn void do_work(struct work *w, const char *keeper, bool valgrind, char **words) {
  static char buffer[65536]; /* what a play prints comes at once */
  setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
  prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
  for (;;) {
    const struct test *t = tests;
    for (unsigned i = w->next++; t->name != NULL && i > 0; t++) i--;
    if (t->name == NULL) exit(0);
    if (!is_chosen(t, words)) continue;
    w->ran++;
    w->failed += !run(t, keeper, valgrind);
    fflush(stdout);
  }
}

int main(int argc, char **argv) {
  static char self[300];
  ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
  if (n <= 0) return 1;
  play_self = self;
  if (argc >= 3 && strcmp(argv[1], "--serve") == 0) return serve(argc - 2, argv + 2);
  if (argc == 4 && strcmp(argv[1], "--play") == 0) return play(argv[2], argv[3]);
  bool valgrind = argc > 1 && strcmp(argv[1], "--valgrind") == 0;
  argv += valgrind ? 2 : 1;
  if (*argv == NULL) return 2;
  const char *keeper = realpath(*argv++, NULL);
  struct work *w = mmap(NULL, sizeof *w, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (w == MAP_FAILED) return 1;
  /* Most plays wait most of the time. */
  for (long workers = sysconf(_SC_NPROCESSORS_ONLN) * 2; workers > 0; workers--)
    if (fork() == 0) do_work(w, keeper, valgrind, argv);
  bool broken = false;
  int status;
  while (wait(&status) > 0) broken |= status != 0;
  printf("%d of %d failed%s\n", w->failed, w->ran, broken ? ", and a worker" : "");
  return w->failed > 0 || w->ran == 0 || broken;
}
