/** A JVM that does nothing: what the supervisor's wake-ups are held against. */
final class Idle {
  private Idle() {}

  public static void main(String[] arguments) throws InterruptedException {
    Thread.sleep(Long.MAX_VALUE);
  }
}
