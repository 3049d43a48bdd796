#!/bin/sh
# Records the AOT caches of command line and supervisor: libexec/train HOME LOG, HOME the product's folder, absolute.
# They hold for one place: a product that was copied elsewhere is trained there again.
# A small project runs through the launchers themselves, so that training and use have the same flags, in a state
# folder of its own. Leaves no process behind; fails when a cache could not be made, and the product works without it.
set -u
home=$1
exec >"$2" 2>&1 </dev/null 9>&- # 9: the lock of ./pinfold, which the keeper must not keep
work=$(mktemp -d "${TMPDIR:-/tmp}/pinfold-train-XXXXXX") || exit 1
export PINFOLD_STATE_DIR="$work/state" HOME="$work"
unset JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS _JAVA_OPTIONS XDG_STATE_HOME XDG_CONFIG_HOME
pinfold=$home/bin/pinfold
failed=0

run() { # a command of the product, within a bound
  echo "--- $*"
  timeout 30 "$pinfold" --timeout 10s "$@"
}

record() { # OPTIONS NAME: the launcher that reads the file OPTIONS records from now on
  printf -- '-XX:AOTMode=record\n-XX:AOTConfiguration="%s"\n' "$work/$2.conf" >"$home/aot/$1"
}

create() { # OPTIONS NAME LAUNCHER…: the cache from what was recorded, by the launcher's own flags
  options=$home/aot/$1 name=$2
  shift 2
  if [ -s "$work/$name.conf" ]; then
    printf -- '-XX:AOTMode=create\n-XX:AOTConfiguration="%s"\n-XX:AOTCache="%s"\n' \
      "$work/$name.conf" "$home/aot/$name.aot" >"$options"
    "$@"
  fi
  rm -f "$options"
  [ -s "$home/aot/$name.aot" ] || failed=1
}

train() { # VERB ARGUMENT…
  record options "$1"
  run "$@"
  create options "$1" "$pinfold" "$1"
}

finish() {
  rm -f "$home/aot/options" "$home/aot/supervisor-options"
  run down --supervisor
  rm -rf "$work"
}
trap finish EXIT
trap 'exit 1' INT TERM HUP

mkdir "$work/project" && cd "$work/project" || exit 1
cat >pinfold.yaml <<'YAML'
project: training
defaults: {env: {GREETING: "hello ${HOME}"}}
services:
  once: {command: "echo done", restart_policy: never}
  base:
    command: ["/bin/sh", "-c", "echo ready; exec sleep 600"]
    ready: {log: ready}
    depends_on: [{service: once, condition: completed}]
    limits: {nofile: 256}
  web: {command: "sleep 600", depends_on: [base], restart_policy: always}
YAML

# The supervisor records from its start by the keeper until it ends.
record supervisor-options supervisor
run up
run status
run restart web
run stop web
run down --supervisor
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do # it writes what it recorded while it ends
  grep -qsF "$work/state" /proc/[0-9]*/cmdline || break
  sleep 1
done
create supervisor-options supervisor "$home/bin/pinfold-supervisor"

train up
train status
train logs --tail 10
exit $failed
