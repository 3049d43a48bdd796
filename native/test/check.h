/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PINFOLD_CHECK_H
#define PINFOLD_CHECK_H

#include "play.h"

enum need { ROOT = 1, SMALL_LOG = 2, FEW_FILES = 4, CGROUP = 8, PID_ONE = 16, SLOW = 32 };
struct test {
  const char *name;
  void (*play)(void);
  unsigned needs;
  int code; /* the exit code that the keeper has to end with */
};
extern const struct test tests[];

int serve(int argc, char **argv);
size_t numbered(char *line, unsigned long n, size_t spread);
#endif
