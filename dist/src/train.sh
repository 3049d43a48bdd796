#!/bin/sh
# Records the AOT caches of command line and supervisor: train.sh HOME LOG. A small project runs through the launchers
# themselves, so that training and use have the same flags, in a state folder of its own.
# Leaves no process behind, and no cache when anything goes wrong; the product works without one.
set -eu
home=$1
exec >"$2" 2>&1 </dev/null 9>&- # 9: the lock of ./pinfold, which the keeper must not keep
work=$(mktemp -d "${TMPDIR:-/tmp}/pinfold-train-XXXXXX")
export PINFOLD_STATE_DIR="$work/state" HOME="$work" PINFOLD_JAVA_HOME="$home/jre"
unset JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS _JAVA_OPTIONS XDG_STATE_HOME XDG_CONFIG_HOME
pinfold=$home/bin/pinfold

record() { # NAME: the launcher NAME records from now on
  printf -- '-XX:AOTMode=record\n-XX:AOTConfiguration="%s"\n' "$work/$1.conf" >"$home/aot/$1.options"
}

create() { # NAME: the cache from what was recorded, by the launcher's own options
  [ -s "$work/$1.conf" ] || return 1
  printf -- '-XX:AOTMode=create\n-XX:AOTConfiguration="%s"\n-XX:AOTCache="%s"\n' \
    "$work/$1.conf" "$home/aot/$1.aot" >"$home/aot/$1.options"
  if [ "$1" = cli ]; then "$pinfold" version; else "$home/bin/pinfold-supervisor"; fi
  rm "$home/aot/$1.options"
  [ -s "$home/aot/$1.aot" ]
}

finish() {
  rm -f "$home"/aot/*.options
  timeout 60 "$pinfold" down --supervisor || true
  rm -rf "$work"
}
trap finish EXIT
trap 'exit 1' INT TERM HUP

mkdir "$work/project"
cd "$work/project"
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

echo "--- supervisor"
record supervisor
timeout 60 "$pinfold" up
timeout 60 "$pinfold" status
timeout 60 "$pinfold" restart web
timeout 60 "$pinfold" stop web
timeout 60 "$pinfold" down --supervisor
for _ in 1 2 3 4 5 6 7 8 9 10; do [ -s "$work/supervisor.conf" ] || sleep 1; done
create supervisor

echo "--- command line"
timeout 60 "$pinfold" up
record cli
timeout 60 "$pinfold" status
create cli
