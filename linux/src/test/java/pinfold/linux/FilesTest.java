package pinfold.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FilesTest {
  @TempDir(factory = TempNames.class)
  Path directory;

  @Test
  void aFileIsReplacedWholeAndPrivate() throws Exception {
    Path file = directory.resolve("fact");
    Durable.write(file, "one".getBytes(UTF_8));
    Durable.publish(file, "two".getBytes(UTF_8));
    assertThat(file).hasContent("two");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    try (Stream<Path> left = Files.list(directory)) {
      assertThat(left).containsExactly(file);
    }
  }

  @Test
  void aFailedWriteLeavesNothing() throws Exception {
    Path occupied = Files.createDirectory(directory.resolve("occupied"));
    Files.writeString(occupied.resolve("x"), "x");
    assertThatThrownBy(() -> Durable.write(occupied, new byte[1])).isInstanceOf(IOException.class);
    try (Stream<Path> left = Files.list(directory)) {
      assertThat(left).containsExactly(occupied);
    }
  }

  @Test
  void aSealedMemoryFileCannotBeChanged() throws Exception {
    try (Fd fd = Memfd.sealed("pinfold-test", "content".getBytes(UTF_8))) {
      Path path = Path.of("/proc/self/fd/" + fd.number());
      assertThat(Files.readString(path)).isEqualTo("content");
      assertThatThrownBy(
              () -> {
                try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
                  channel.write(ByteBuffer.wrap(new byte[1]));
                }
              })
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void descriptorsAreOwnedOnce() throws Exception {
    OpenFile file;
    try (FdPair pipe = FdPair.pipe()) {
      file = OpenFile.of(pipe.first());
      assertThat(file.descriptors()).isEqualTo(2);
      Fd copy = pipe.first().duplicate();
      Fd moved = copy.move();
      assertThatThrownBy(copy::number).isInstanceOf(IllegalStateException.class);
      copy.close();
      assertThat(moved.number()).isPositive();
      moved.close();
      moved.close();
      assertThat(moved).asString().startsWith("closed descriptor ");
    }
    assertThat(file.descriptors()).isZero();
  }

  @Test
  void aLockIsSeenWithoutTakingIt() throws Exception {
    Path file = Files.createFile(directory.resolve("lock"));
    assertThat(FileLocks.held(file)).isFalse();
    assertThat(FileLocks.held(directory.resolve("absent"))).isFalse();
    Process holder =
        new ProcessBuilder("flock", file.toString(), "sh", "-c", "echo held; exec sleep 1000")
            .start();
    try {
      assertThat(holder.inputReader().readLine()).isEqualTo("held");
      assertThat(FileLocks.held(file)).isTrue();
    } finally {
      holder.descendants().forEach(ProcessHandle::destroyForcibly);
      holder.destroyForcibly().waitFor();
    }
  }

  @Test
  void lockLinesAreReadAsTheKernelWritesThem() {
    String locks =
        """
        1: POSIX  ADVISORY  WRITE 11 fd:01:77 0 EOF
        2: FLOCK  ADVISORY  WRITE 22 fd:01:177 0 EOF
        2: -> FLOCK  ADVISORY  WRITE 33 fd:01:77 0 EOF
        4: FLOCK  ADVISORY  WRITE 44 fd:01:77 0 EOF
        """;
    assertThat(FileLocks.held(locks, ":77")).isTrue();
    assertThat(FileLocks.held(locks, ":7")).isFalse();
    assertThat(FileLocks.held(locks.replace("44 fd:01:77", "44 fd:01:78"), ":77")).isFalse();
  }

  @Test
  void accountsAreFoundByNumber() throws Exception {
    String passwd =
        """
        root:x:0:0:root:/root:/bin/bash
        broken line
        web:x:33:34:::
        """;
    assertThat(User.find(passwd, 0)).contains(new User(0, 0, "root", "/root", "/bin/bash"));
    assertThat(User.find(passwd, 33)).contains(new User(33, 34, "web", "/", "/bin/sh"));
    assertThat(User.find(passwd, 1)).isEmpty();
    assertThat(User.own().uid()).isEqualTo(User.ownUid());
  }

  @Test
  void accountsThatOnlyLibcKnowsAreFoundToo() throws Exception {
    String passwd = Files.readString(Path.of("/etc/passwd"));
    assertThat(User.known("", 0)).isEqualTo(User.find(passwd, 0));
    assertThat(User.known("root:x:0:0::/elsewhere:", 0).orElseThrow().home())
        .isEqualTo("/elsewhere");
    assertThat(User.known(passwd, 3_999_999)).isEmpty();
  }

  @Test
  void theOwnCgroupIsFound() throws Exception {
    String mountinfo =
        """
        30 24 0:26 / /sys/fs/cgroup/memory rw shared:9 - cgroup cgroup rw,memory
        31 24 0:27 / /sys/fs/c\\040group/unified rw shared:10 - cgroup2 cgroup2 rw
        """;
    assertThat(Cgroup.mount(mountinfo)).contains(Path.of("/sys/fs/c group/unified"));
    assertThat(Cgroup.mount("")).isEmpty();
    assertThat(Cgroup.path("4:memory:/x\n0::/user.slice\n")).contains("/user.slice");
    assertThat(Cgroup.path("0::/../x\n")).isEmpty();
    Cgroup cgroup = new Cgroup(Path.of("/sys/fs/cgroup"), "/a/b");
    assertThat(cgroup.directory()).isEqualTo(Path.of("/sys/fs/cgroup/a/b"));
  }

  @Test
  void aCgroupIsMadeAndRemovedWhereItWasDelegated() throws Exception {
    Cgroup own = Cgroup.delegated().orElse(null);
    Assumptions.assumeTrue(
        own != null, "this process may not make cgroups: making one is not tested");
    Cgroup made = own.create("pinfold-test-" + ProcessHandle.current().pid());
    assertThat(made.directory()).exists();
    assertThat(made.remove()).isTrue();
    assertThat(made.directory()).doesNotExist();
    assertThat(made.remove()).isTrue();
  }
}
