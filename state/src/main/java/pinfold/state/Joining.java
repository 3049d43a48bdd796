package pinfold.state;

/** The end of a writer's thread. */
final class Joining {
  private Joining() {}

  /** Waits for the thread's end; an interrupt is kept for later. */
  static void uninterruptibly(Thread thread) {
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
