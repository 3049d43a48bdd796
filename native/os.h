/* SPDX-License-Identifier: Apache-2.0
 * What the C library does not have: newer system calls, and /proc read without stdio or allocation.
 * Everything returns -errno on failure. */
#ifndef PINFOLD_OS_H
#define PINFOLD_OS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/types.h>

#define NS_PER_MS 1000000ull
#define NS_PER_S 1000000000ull
#define FOREVER UINT64_MAX

struct identity {
  uint64_t start_ticks; /* field 22 of /proc/<pid>/stat, proc_pid_stat(5) */
  pid_t ppid;
  pid_t pgrp;
  pid_t session;
  char state;
};

uint64_t os_monotonic(void);
uint64_t os_realtime(void);
int os_identity(pid_t pid, struct identity *who);
int os_parse_stat(char *text, struct identity *who);
int os_pidfd_open(pid_t pid);
int os_pidfd_signal(int pidfd, int sig);
/* Inode of the pidfd in pidfs, 0 where the kernel has none. */
uint64_t os_pidfs_ino(int pidfd);
/* 1: `status` is the wait status of an ended and reaped process; 0: not yet; -errno: this kernel does not tell. */
int os_pidfd_status(int pidfd, int *status);
/* Opens `path` below `dir`: no way out of it, no magic links. */
int os_open_beneath(int dir, const char *path, int flags, mode_t mode);
int os_rename_new(int dir, const char *from, const char *to);
int os_close_range(unsigned first, unsigned last);
/* Waits until `until` (monotonic; FOREVER: without end). */
int os_epoll_wait(int ep, struct epoll_event *events, int count, uint64_t until);
/* Calls `each` for every child of `pid`, whichever thread of it is the parent; stops when `each` returns false. */
int os_children(pid_t pid, bool (*each)(void *context, pid_t child), void *context);
/* Opens the pipe with inode `ino` for reading through the descriptors of `pid`. */
int os_open_pipe_of(pid_t pid, uint64_t ino);
/* "<prefix><number>" into `out`, NUL-terminated; returns the end. */
char *os_number(char *out, const char *prefix, uint64_t number);
#endif
