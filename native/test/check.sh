#!/bin/sh
# Everything that has to hold of the keeper: as shipped, sanitized, under valgrind, fuzzed; as root and as an ordinary user.
# `check.sh` runs all; the parts that need a tool which is not here say so.
set -eu
cd "$(dirname "$0")/.."
target=$PWD/target
run() { echo "== $*"; "$@"; }

run target/check-keeper target/pinfold-keeper
run target/check-keeper target/keeper-sanitized
if command -v valgrind >/dev/null; then 
  # Two seconds for each keeper's start: those tests that reach most of the code.
  run target/check-keeper --valgrind target/keeper-valgrind births births_with_warden plan_failures descriptors \
    refusals sessions_do_not_escape warden_killed torn_index merged standby
else echo "== valgrind: skipped, it is not installed"; fi
if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
  # The work tree may not be readable for others.
  open=$(mktemp -d /tmp/pinfold-test-bin-XXXXXX)
  trap 'rm -rf "$open"' EXIT
  cp target/check-keeper target/pinfold-keeper "$open"
  chmod -R a+rX "$open"
  run setpriv --reuid 65534 --regid 65534 --clear-groups "$open/check-keeper" "$open/pinfold-keeper"
else echo "== second run as another user: skipped, needs root and setpriv"; fi
if [ -e target/pinfold-keeper-aarch64 ]; then echo "== aarch64: compiled, not run"
else echo "== aarch64: skipped, no aarch64-linux-gnu-gcc"; fi
run target/fuzz
if command -v clang >/dev/null && make -s target/fuzz-guided 2>/dev/null; then
  run target/fuzz-guided -max_total_time=3 -verbosity=0 -print_final_stats=0 -seed=1
else echo "== guided fuzzing: skipped, no clang with libFuzzer"; fi
