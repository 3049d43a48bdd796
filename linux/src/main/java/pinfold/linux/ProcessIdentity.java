package pinfold.linux;

import java.util.Objects;

/**
 * One process, for good: a pid alone is reused, together with its start time and the boot it is
 * not.
 *
 * @param bootId text of /proc/sys/kernel/random/boot_id
 * @param pid positive
 * @param startTicks field 22 of /proc/pid/stat (proc_pid_stat(5)): clock ticks after boot
 * @param pidfsInode inode number of its pidfd, unique in this boot; 0 where the kernel (before 6.9)
 *     has none
 */
public record ProcessIdentity(String bootId, int pid, long startTicks, long pidfsInode) {
  public ProcessIdentity {
    Objects.requireNonNull(bootId, "bootId is null");
    if (pid < 1 || startTicks < 0) {
      throw new IllegalArgumentException("no process has pid " + pid + " start " + startTicks);
    }
  }

  /** Whether both name the same process: inodes are compared only where both have one. */
  public boolean same(ProcessIdentity other) {
    return pid == other.pid
        && startTicks == other.startTicks
        && bootId.equals(other.bootId)
        && (pidfsInode == 0 || other.pidfsInode == 0 || pidfsInode == other.pidfsInode);
  }
}
