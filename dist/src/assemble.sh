#!/bin/sh
# Makes the product out of what Maven has put into target/stage (lib/*.jar, native libraries), the keeper and the
# launchers. Called by dist/pom.xml: assemble.sh JAVA_HOME KEEPER STARTED, STARTED the build's start (touch -d).
#
# A build is a folder of its own, target/pinfold-<time>; the link target/pinfold is switched when it is complete.
# So nobody ever sees half a product, and a supervisor that runs keeps the files it was started from.
set -eu
jdk=$1 keeper=$2 started=$3
sources=$(cd "$(dirname "$0")" && pwd)
target=${sources%/src}/target
stage=$target/stage
build=pinfold-$(date +%Y%m%d%H%M%S)-$$
home=$target/$build

# Loaded by start-up time and memory, so chosen by measurement (bench/README.md): serial collector and C1 are
# the smallest that do the job, the supervisor's wake-ups come from monitor deflation.
# Reflection by native accessors: records are bound by it, and spinning a method handle for each of their components
# took a third of a short command's time. The provider of channels by name: without it every jar is opened to look
# for another one, before the first byte goes to the supervisor.
cli_flags="-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData -Xmx256m -Xss512k \
-Djdk.reflect.useNativeAccessorOnly=true -Djava.nio.channels.spi.SelectorProvider=sun.nio.ch.EPollSelectorProvider"
cli_native=pinfold.linux,org.xerial.sqlitejdbc,com.github.luben.zstd_jni,org.jline.terminal.ffm,org.jline.nativ
supervisor_flags="-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData -Xms4m -Xmx64m -Xss256k \
-XX:MinHeapFreeRatio=10 -XX:MaxHeapFreeRatio=20 -XX:-ShrinkHeapInSteps -XX:ReservedCodeCacheSize=16m -XX:+ExitOnOutOfMemoryError -XX:+UnlockDiagnosticVMOptions \
-XX:-PrintWarnings -XX:ArchiveRelocationMode=0 -XX:AsyncDeflationInterval=0 -XX:GuaranteedAsyncDeflationInterval=0 \
-Djdk.reflect.useNativeAccessorOnly=true"
supervisor_native=pinfold.linux,org.xerial.sqlitejdbc,com.github.luben.zstd_jni

mkdir -p "$home/bin" "$home/lib" "$home/libexec" "$home/aot"
cp -R "$stage/lib/." "$home/lib"
mkdir -p "$home/lib/native"
for library in $(find "$stage/native" -name '*.so'); do
  case ${library##*/} in
    libzstd-jni*) cp "$library" "$home/lib/native/libzstd-jni.so" ;;
    *) cp "$library" "$home/lib/native/" ;;
  esac
done
cp "$keeper" "$home/libexec/pinfold-keeper"
rm -rf "$stage" # the next build begins with an empty one

# A run-time image of the modules in use starts a third faster than the whole JDK and does not change under a running
# supervisor when the JDK is upgraded. A JDK that cannot link is used as it is.
modules=java.base,java.logging,java.net.http,java.sql,java.sql.rowset,jdk.crypto.ec,jdk.net,jdk.unsupported,jdk.zipfs
if ! "$jdk/bin/jlink" --add-modules "$modules" --strip-debug --no-header-files --no-man-pages \
  --output "$home/jre" >"$target/jlink.log" 2>&1; then
  rm -rf "$home/jre"
  ln -s "$jdk" "$home/jre"
else
  # Read from the first line to the last by every process that opens a unix socket; 95 % of it is comment.
  security=$home/jre/conf/security/java.security
  sed -e '/^ *#/d' -e '/^ *$/d' "$security" >"$security.short"
  mv "$security.short" "$security"
fi

for launcher in pinfold pinfold-supervisor; do
  sed -e "s|@BUILD@|$build|" -e "s|@JDK@|$jdk|" \
    -e "s|@CLI_FLAGS@|$cli_flags|" -e "s|@CLI_NATIVE@|$cli_native|" \
    -e "s|@SUPERVISOR_FLAGS@|$supervisor_flags|" -e "s|@SUPERVISOR_NATIVE@|$supervisor_native|" \
    "$sources/bin/$launcher" >"$home/bin/$launcher"
  chmod 755 "$home/bin/$launcher"
done

cp "$sources/train.sh" "$home/libexec/train"
chmod 755 "$home/libexec/train"
"$home/libexec/train" "$home" "$target/train.log" ||
  echo "no AOT cache: training failed, commands start slower ($target/train.log)"

# The stamp is older than every source that was edited while this build ran.
if [ -n "${PINFOLD_STAMP-}" ]; then touch -r "$PINFOLD_STAMP" "$home/stamp"; else touch -d "$started" "$home/stamp"; fi
ln -s "$build" "$target/link-$$"
mv -T "$target/link-$$" "$target/pinfold"

for old in "$target"/pinfold-[0-9]*; do
  [ "$old" = "$home" ] || grep -qsF "$old/" /proc/[0-9]*/cmdline || rm -rf "$old"
done
