package pinfold.linux;

/**
 * Who is at the other end of a unix socket, as the kernel vouches for it (unix(7)).
 *
 * @param pid of the process that connected or sent; it may be gone by now
 */
public record PeerCredentials(int pid, int uid, int gid) {}
