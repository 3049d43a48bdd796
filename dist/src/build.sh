# Sourced by ./pinfold when there is something to build: $root, $product and stale() are its.
# One progress line, everything else in build.log; a lock, so that two first runs do not meet.

log=$root/build.log

die() {
  printf '%s\n' "$@" >&2
  exit 1
}

prerequisites() { # sets jdk, or names all that is absent at once
  missing='' packages=''
  jdk=$(sh "$root/dist/src/find-jdk") || {
    missing="$missing
  a JDK, release 25 or later   looked in JAVA_HOME, PATH, /usr/lib/jvm, /opt, ~/.sdkman, ~/.jdks
                               package openjdk-25-jdk-headless (Debian 14, Ubuntu 26.04), else temurin-25-jdk of Adoptium"
  }
  lacks() { # COMMANDS WHAT PACKAGE
    for command in $1; do
      command -v "$command" >/dev/null && return
    done
    missing="$missing
  $2"
    packages="$packages $3"
  }
  lacks mvn "Maven                        package maven" maven
  lacks "musl-gcc cc" "a C compiler                 package musl-tools (or gcc and libc6-dev)" musl-tools
  lacks make "make                         package make" make
  [ -z "$missing" ] || die "Pinfold cannot be built here, this is missing:$missing" \
    "${packages:+try: sudo apt-get install$packages}"
}

# The room that Maven is at, from its log: "core (7 of 12)".
stage() {
  sed -n 's/^\[INFO\] Building .*\[\([0-9]*\)\/\([0-9]*\)\]$/\1 of \2/p' "$log" | tail -n 1
}

progress() { # PID: one line that is rewritten until PID ends; a plain line where nobody looks
  if [ ! -t 2 ]; then
    echo "building Pinfold (log: $log) ..." >&2
    return
  fi
  begin=$(date +%s)
  while kill -0 "$1" 2>/dev/null; do
    at=$(stage)
    printf '\r\033[Kbuilding Pinfold: %s, %s s (log: %s)' "room ${at:-1}" "$(($(date +%s) - begin))" "$log" >&2
    sleep 1
  done
  printf '\r\033[K' >&2
}

build() {
  mkdir -p "$root/dist/target" 2>/dev/null && [ -w "$root/dist/target" ] ||
    die "Pinfold is not built or older than its sources ($(stale)), and $root is not yours to build in." \
      "try: run ./pinfold once as its owner"
  command -v flock >/dev/null || die "flock is missing" "try: sudo apt-get install util-linux"
  exec 9>"$root/dist/target/build.lock"
  if ! flock -n 9; then
    echo "waiting for another build of $root ..." >&2
    flock 9
  fi
  [ -n "$(stale)" ] || { exec 9>&-; return 0; }

  prerequisites
  started=$root/dist/target/build.started
  : >"$started"
  # Maven asks the password database for the home, not HOME. Formatting and tests are the developer's (./check);
  # warnings stay errors.
  (
    cd "$root"
    export JAVA_HOME="$jdk" PINFOLD_STAMP="$started" MAVEN_OPTS="-Duser.home=${HOME:-/} -XX:TieredStopAtLevel=1 ${MAVEN_OPTS-}"
    exec mvn -B --no-transfer-progress -Dmaven.test.skip -Dspotless.check.skip -pl dist -am package
  ) >"$log" 2>&1 </dev/null &
  maven=$!
  trap 'kill $maven 2>/dev/null; exit 130' INT TERM HUP
  progress $maven
  if ! wait $maven; then
    grep -E '^\[ERROR\]|error:' "$log" | head -n 20 >&2 || true
    die "Pinfold could not be built: $log has it all"
  fi
  trap - INT TERM HUP
  exec 9>&-
}
