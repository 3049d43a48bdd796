package pinfold.core;

/**
 * Who the main process of a birth is, as the keeper journalled it (struct pf_child). A pid alone
 * proves nothing.
 *
 * @param pid main process; 0 when only its containment is known
 * @param startTicks field 22 of /proc/PID/stat
 * @param pidfsInode 0 where the kernel has none
 * @param wardenPid 0 when the birth is contained by a cgroup
 * @param wardenStartTicks field 22 of the warden
 * @param outPipe inode of the pipe of stdout, 0 = none
 * @param errPipe inode of the pipe of stderr, 0 = none
 */
public record Identity(
    int pid,
    long startTicks,
    long pidfsInode,
    int wardenPid,
    long wardenStartTicks,
    long outPipe,
    long errPipe) {
  public Identity {
    if (pid < 0 || wardenPid < 0) {
      throw new IllegalArgumentException("negative pid");
    }
  }
}
